"""Tests of ``storage.backup``."""
