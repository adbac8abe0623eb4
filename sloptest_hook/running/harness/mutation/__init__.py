"""Mutants in the project's interpreter: swapped into a warm process, or imported anew."""
