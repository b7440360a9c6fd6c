"""Parsers: what a stage reads off lines, for whole batches at a time.

Adding one is adding a file and a line in ``make_extractor``.
"""

from __future__ import annotations

from logql.ast import JsonParser, LogfmtParser
from logql.ast.unions import ParserStage
from logql.errors import NotBuilt
from logql.parsers.extracted import Defaults, Extracted, Extractor
from logql.parsers.json import JsonExtractor
from logql.parsers.logfmt import LogfmtExtractor

__all__ = ["Defaults", "Extracted", "Extractor", "make_extractor"]


def make_extractor(stage: ParserStage) -> Extractor:
    """The extractor of a stage. Raises NotBuilt."""
    if isinstance(stage, JsonParser) and not stage.extractions:
        return JsonExtractor()
    if isinstance(stage, LogfmtParser) and not stage.extractions:
        return LogfmtExtractor(stage.strict, stage.keep_empty)
    raise NotBuilt(f"the stage '{stage}'")
