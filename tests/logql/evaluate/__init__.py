"""Tests of logql.evaluate."""
