"""The command line: serve, query, labels, series, push."""
