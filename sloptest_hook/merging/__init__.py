"""Putting candidates into the test file where a person would put them."""
