"""Log queries: the entries that a limit lets through, in their order."""
