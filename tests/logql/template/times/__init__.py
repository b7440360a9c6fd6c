"""Tests of logql.template.times."""
