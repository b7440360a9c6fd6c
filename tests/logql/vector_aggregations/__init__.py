"""Tests of logql.vector_aggregations."""
