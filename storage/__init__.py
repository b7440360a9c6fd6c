"""The log store: write-ahead log, head, parts and the stores that keep them. Knows nothing of HTTP or LogQL."""
