"""Tests of logql.range_aggregations."""
