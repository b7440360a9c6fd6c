"""``detected_level``: how severe a row is, from its metadata, its stream's labels or its line."""

from server.push.levels.detect import DETECTED_LEVEL, detected_levels

__all__ = ["DETECTED_LEVEL", "detected_levels"]
