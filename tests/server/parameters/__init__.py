"""Tests of ``server.parameters``."""
