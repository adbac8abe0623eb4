"""Engines: targets to candidates."""
