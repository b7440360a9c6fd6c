"""Tests of logql.syntax."""
