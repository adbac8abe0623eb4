"""The repository: asking git, reading its answers, the snapshot, staging."""
