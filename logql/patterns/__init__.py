"""Patterns of lines: mined from a sample, counted over everything."""

from logql.patterns.query import Pattern, PatternsQuery, find_patterns

__all__ = ["Pattern", "PatternsQuery", "find_patterns"]
