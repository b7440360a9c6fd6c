"""Tests of ``storage.keeping``."""
