"""The sums of node types that fields of other nodes accept."""

from __future__ import annotations

from typing import TypeAlias

from logql.ast.binary_operation import BinaryOperation
from logql.ast.decolorize import Decolorize
from logql.ast.drop import Drop
from logql.ast.json_parser import JsonParser
from logql.ast.keep import Keep
from logql.ast.label_filter import LabelFilterStage
from logql.ast.label_format import LabelFormat
from logql.ast.label_replace import LabelReplace
from logql.ast.line_filter import LineFilter
from logql.ast.line_format import LineFormat
from logql.ast.literal import Literal
from logql.ast.log_query import LogQuery
from logql.ast.logfmt_parser import LogfmtParser
from logql.ast.pattern_parser import PatternParser
from logql.ast.range_aggregation import RangeAggregation
from logql.ast.regexp_parser import RegexpParser
from logql.ast.unpack_parser import UnpackParser
from logql.ast.variants import Variants
from logql.ast.vector_aggregation import VectorAggregation
from logql.ast.vector_function import VectorFunction

__all__ = ["Expr", "MetricExpr", "ParserStage", "Stage"]

ParserStage: TypeAlias = JsonParser | LogfmtParser | RegexpParser | PatternParser | UnpackParser

Stage: TypeAlias = LineFilter | ParserStage | LabelFilterStage | LineFormat | LabelFormat | Decolorize | Drop | Keep

MetricExpr: TypeAlias = RangeAggregation | VectorAggregation | BinaryOperation | Literal | VectorFunction | LabelReplace

Expr: TypeAlias = LogQuery | MetricExpr | Variants
