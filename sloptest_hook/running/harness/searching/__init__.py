"""The offline search for one symbol: values in, observed cases out; standard library only."""
