"""Tests of logql.samples."""
