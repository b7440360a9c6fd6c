"""Tests of logql.values."""
