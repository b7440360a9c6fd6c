"""Parsers: what a stage reads off lines, for whole batches at a time.

Adding one is adding a file and a line in ``make_extractor``.
"""

from __future__ import annotations

from logql.ast import JsonParser, LogfmtParser, PatternParser, RegexpParser
from logql.ast.unions import ParserStage
from logql.parsers.extracted import Defaults, Extracted, Extractor
from logql.parsers.json import JsonExtractor
from logql.parsers.json_paths import JsonPathExtractor
from logql.parsers.keyed_logfmt import KeyedLogfmtExtractor
from logql.parsers.logfmt import LogfmtExtractor
from logql.parsers.pattern import PatternExtractor
from logql.parsers.regexp import RegexpExtractor
from logql.parsers.unpack import UnpackExtractor

__all__ = ["Defaults", "Extracted", "Extractor", "make_extractor"]


def make_extractor(stage: ParserStage) -> Extractor:
    """The extractor of a stage, which has been validated."""
    if isinstance(stage, JsonParser):
        return JsonPathExtractor(stage.extractions) if stage.extractions else JsonExtractor()
    if isinstance(stage, LogfmtParser):
        if stage.extractions:
            return KeyedLogfmtExtractor(stage.extractions, stage.strict)
        return LogfmtExtractor(stage.strict, stage.keep_empty)
    if isinstance(stage, RegexpParser):
        return RegexpExtractor(stage.regex)
    if isinstance(stage, PatternParser):
        return PatternExtractor(stage.pattern)
    return UnpackExtractor()
