"""Tests of ``server.config``."""
