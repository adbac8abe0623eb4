"""What was measured, kept in one SQLite file under the git directory."""
