"""Parameters of a request: merged from URL and form, read in the order whose error texts clients know."""
