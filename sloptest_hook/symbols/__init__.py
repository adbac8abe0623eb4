"""Functions and methods of a source text."""
