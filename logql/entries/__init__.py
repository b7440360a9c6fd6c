"""Log queries: finding the entries that a limit lets through, and putting them in order."""
