"""Tests of ``server.routes``: the API over the real engine and the real store."""
