"""Which lines of a symbol the tests execute."""
