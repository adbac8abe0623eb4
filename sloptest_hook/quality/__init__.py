"""How good tests are: mutants of the code they execute, smells in themselves."""
