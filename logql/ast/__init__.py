"""The LogQL syntax tree: frozen nodes that print their canonical text; parsing that text gives an equal tree."""

from __future__ import annotations

from logql.ast.binary_operation import BinaryOperation, BinaryOperator
from logql.ast.comparison import Comparison
from logql.ast.decolorize import Decolorize
from logql.ast.drop import Drop
from logql.ast.extraction import Extraction
from logql.ast.grouping import Grouping
from logql.ast.json_parser import JsonParser
from logql.ast.keep import Keep
from logql.ast.label_filter import (
    LabelFilter,
    LabelFilterAnd,
    LabelFilterBytes,
    LabelFilterDuration,
    LabelFilterIp,
    LabelFilterMatch,
    LabelFilterNumber,
    LabelFilterOr,
    LabelFilterStage,
)
from logql.ast.label_format import LabelFormat, LabelRename, LabelTemplate
from logql.ast.label_replace import LabelReplace
from logql.ast.line_filter import LineFilter, LineFilterOp, LineIp, LineText
from logql.ast.line_format import LineFormat
from logql.ast.literal import Literal
from logql.ast.log_query import LogQuery
from logql.ast.log_range import LogRange
from logql.ast.logfmt_parser import LogfmtParser
from logql.ast.matcher import Matcher, MatchOp
from logql.ast.narrow import narrowed
from logql.ast.pattern_parser import PatternParser
from logql.ast.range_aggregation import RangeAggregation, RangeFunction
from logql.ast.regexp_parser import RegexpParser
from logql.ast.selector import Selector
from logql.ast.unions import Expr, MetricExpr, ParserStage, Stage
from logql.ast.unpack_parser import UnpackParser
from logql.ast.unwrap import Unwrap, UnwrapConversion
from logql.ast.variants import Variants
from logql.ast.vector_aggregation import VectorAggregation, VectorAggregationFunction
from logql.ast.vector_function import VectorFunction
from logql.ast.vector_matching import GroupSide, VectorMatching
from logql.ast.walk import children, walk

__all__ = [
    "BinaryOperation",
    "BinaryOperator",
    "Comparison",
    "Decolorize",
    "Drop",
    "Expr",
    "Extraction",
    "GroupSide",
    "Grouping",
    "JsonParser",
    "Keep",
    "LabelFilter",
    "LabelFilterAnd",
    "LabelFilterBytes",
    "LabelFilterDuration",
    "LabelFilterIp",
    "LabelFilterMatch",
    "LabelFilterNumber",
    "LabelFilterOr",
    "LabelFilterStage",
    "LabelFormat",
    "LabelRename",
    "LabelReplace",
    "LabelTemplate",
    "LineFilter",
    "LineFilterOp",
    "LineFormat",
    "LineIp",
    "LineText",
    "Literal",
    "LogQuery",
    "LogRange",
    "LogfmtParser",
    "MatchOp",
    "Matcher",
    "MetricExpr",
    "ParserStage",
    "PatternParser",
    "RangeAggregation",
    "RangeFunction",
    "RegexpParser",
    "Selector",
    "Stage",
    "UnpackParser",
    "Unwrap",
    "UnwrapConversion",
    "Variants",
    "VectorAggregation",
    "VectorAggregationFunction",
    "VectorFunction",
    "VectorMatching",
    "children",
    "narrowed",
    "walk",
]
