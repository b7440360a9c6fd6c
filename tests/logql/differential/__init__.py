"""The engine against the oracle, on generated data and queries, and against itself where relations must hold."""
