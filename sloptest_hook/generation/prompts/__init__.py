"""The words of prompts, as texts; a change of them is a new file and a new version."""
