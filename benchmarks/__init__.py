"""Pushes generated inference logs to a Loki-compatible URL and times questions about them: ``python -m benchmarks``."""
