"""Tests of ``storage.deletes``."""
