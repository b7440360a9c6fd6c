"""What lines of a part look like: patterns with counts by stream, level and time, kept in its index when it is merged.

What a pattern is, is said from above (``LineMiner``): here it is a text.
"""

from storage.patterns.builder import PatternsBuilder
from storage.patterns.counts import PATTERNS, PatternCells, PatternCounts
from storage.patterns.miner import LineMiner
from storage.patterns.section import PartPatterns
from storage.patterns.shelf import kept_patterns

__all__ = [
    "PATTERNS",
    "LineMiner",
    "PartPatterns",
    "PatternCells",
    "PatternCounts",
    "PatternsBuilder",
    "kept_patterns",
]
