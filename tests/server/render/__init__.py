"""Tests of ``server.render``."""
