"""Tests of ``storage.retention``."""
