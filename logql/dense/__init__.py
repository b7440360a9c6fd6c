"""Dense columns of parts: the parsers that define them, and queries that read them in the place of lines."""
