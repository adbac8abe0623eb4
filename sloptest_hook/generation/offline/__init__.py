"""The engine that needs no network: characterisation tests by execution."""
