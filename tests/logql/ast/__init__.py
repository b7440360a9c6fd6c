"""Tests of logql.ast."""
