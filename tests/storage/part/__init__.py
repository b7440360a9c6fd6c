"""Tests of parts: files, index, rebuilding."""
