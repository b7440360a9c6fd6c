"""How many rows and bytes a part has by stream, level and minute, kept in its index: what counts need no row for."""

from storage.counts.builder import CountsBuilder
from storage.counts.counts import COUNTS, LEVEL, MINUTE_NS, Counts
from storage.counts.section import PartCounts
from storage.counts.shelf import kept_counts

__all__ = ["COUNTS", "LEVEL", "MINUTE_NS", "Counts", "CountsBuilder", "PartCounts", "kept_counts"]
