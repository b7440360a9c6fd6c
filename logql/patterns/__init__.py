"""Patterns of lines: kept with merged parts, mined from everything else when somebody asks."""

from logql.patterns.joined import Pattern
from logql.patterns.miner import PatternMiner
from logql.patterns.query import PatternsQuery, find_patterns

__all__ = ["Pattern", "PatternMiner", "PatternsQuery", "find_patterns"]
