"""Tests of logql.template."""
