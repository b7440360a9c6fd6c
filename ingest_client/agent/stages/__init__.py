"""The stages of promtail's pipelines and our own, one a file; ``registry.py`` has the table."""
