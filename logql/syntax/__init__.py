"""The front end of LogQL: text to tree, and the checks of its stages before they run."""

from __future__ import annotations

from logql.syntax.parser import parse, parse_selector
from logql.syntax.validate import validate

__all__ = ["parse", "parse_selector", "validate"]
