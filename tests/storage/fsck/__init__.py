"""Tests of ``storage.fsck``."""
