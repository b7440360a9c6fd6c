"""All functions by name. and, or, call and those that read the row are compiled apart, and only named here."""

from __future__ import annotations

from logql.template.function import ANY, STRING, Function
from logql.template.functions.collections import COLLECTION_FUNCTIONS
from logql.template.functions.comparisons import COMPARISON_FUNCTIONS
from logql.template.functions.decimals import DECIMAL_FUNCTIONS
from logql.template.functions.encoding import ENCODING_FUNCTIONS
from logql.template.functions.numbers import NUMBER_FUNCTIONS
from logql.template.functions.regex import REGEX_FUNCTIONS
from logql.template.functions.strings import STRING_FUNCTIONS
from logql.template.functions.times import TIME_FUNCTIONS
from logql.template.printf import printf
from logql.template.printing import print_line, print_values

__all__ = ["FUNCTIONS", "FUNCTION_NAMES", "LINE", "TIMESTAMP"]

LINE = "__line__"
TIMESTAMP = "__timestamp__"

_PRINT_FUNCTIONS = (
    Function("print", (), lambda *values: print_values(values), rest=ANY),
    Function("println", (), lambda *values: print_line(values), rest=ANY),
    Function("printf", (STRING,), printf, rest=ANY),
)

FUNCTIONS = {
    function.name: function
    for group in (
        COLLECTION_FUNCTIONS,
        COMPARISON_FUNCTIONS,
        DECIMAL_FUNCTIONS,
        ENCODING_FUNCTIONS,
        NUMBER_FUNCTIONS,
        REGEX_FUNCTIONS,
        STRING_FUNCTIONS,
        TIME_FUNCTIONS,
        _PRINT_FUNCTIONS,
    )
    for function in group
}

FUNCTION_NAMES = frozenset((*FUNCTIONS, "and", "or", "call", LINE, TIMESTAMP))
