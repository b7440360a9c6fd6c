"""The terminals of the grammar: their names in Lark, how error texts show them, and how they are spelled.

The order of ``DISPLAY`` is the order in which error texts list expected terminals.
"""

from __future__ import annotations

__all__ = ["DISPLAY", "FUNCTIONS", "KEYWORDS", "ORDER", "PUNCTUATION"]

_RANGE_FUNCTIONS_FIRST = ("COUNT_OVER_TIME", "RATE", "RATE_COUNTER")
_VECTOR_FUNCTIONS = (
    "SUM",
    "SORT",
    "SORT_DESC",
    "AVG",
    "MAX",
    "MIN",
    "COUNT",
    "STDDEV",
    "STDVAR",
    "BOTTOMK",
    "TOPK",
    "APPROX_TOPK",
)
_RANGE_FUNCTIONS = (
    "AVG_OVER_TIME",
    "SUM_OVER_TIME",
    "MIN_OVER_TIME",
    "MAX_OVER_TIME",
    "STDVAR_OVER_TIME",
    "STDDEV_OVER_TIME",
    "QUANTILE_OVER_TIME",
)
_CONVERSIONS = ("BYTES_CONV", "DURATION_CONV", "DURATION_SECONDS_CONV")
_RANGE_FUNCTIONS_LAST = ("FIRST_OVER_TIME", "LAST_OVER_TIME", "ABSENT_OVER_TIME")


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _keywords(*words: str) -> dict[str, str]:
    return {word.upper(): word for word in words}


def _silent(*words: str) -> dict[str, str]:
    return {f"_{word.upper()}": word for word in words}


# Terminals whose name starts with an underscore carry nothing and are left out of the tree.
DISPLAY = {
    **_same("BYTES", "IDENTIFIER", "STRING", "NUMBER", "FUNCTION_FLAG", "DURATION", "RANGE"),
    **{"EQ": "=", "RE": "=~", "NRE": "!~", "NPA": "!>"},
    **{"_LBRACE": "{", "_RBRACE": "}", "_LBRACKET": "[", "_RBRACKET": "]", "_COMMA": ",", "_DOT": "."},
    **{"PIPE_MATCH": "|~", "PIPE_EXACT": "|=", "PIPE_PATTERN": "|>", "_LPAR": "(", "_RPAR": ")"},
    **_keywords("by", "without"),
    **_same(*_RANGE_FUNCTIONS_FIRST, *_VECTOR_FUNCTIONS, "BYTES_OVER_TIME", "BYTES_RATE"),
    **_keywords("bool"),
    **_silent("json", "regexp", "logfmt"),
    "_PIPE": "|",
    **_silent("line_format", "label_format", "unwrap"),
    **_same(*_RANGE_FUNCTIONS, *_CONVERSIONS, *_RANGE_FUNCTIONS_LAST),
    "_VECTOR": "VECTOR",
    **_silent("label_replace", "unpack", "offset", "pattern", "ip"),
    **_keywords("on", "ignoring", "group_left", "group_right"),
    **_silent("decolorize", "drop", "keep", "variants", "of"),
    **_keywords("or", "and", "unless"),
    **{"CMP_EQ": "==", "NEQ": "!=", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="},
    **{"ADD": "+", "SUB": "-", "MUL": "*", "DIV": "/", "MOD": "%", "POW": "^"},
    "$END": "$end",
}

ORDER = {name: place for place, name in enumerate(DISPLAY)}

# Words that are keywords only before "(" or a grouping.
FUNCTIONS = {
    **{
        name.removesuffix("_CONV").lower(): name
        for name in (
            *_RANGE_FUNCTIONS_FIRST,
            *_VECTOR_FUNCTIONS,
            *("BYTES_OVER_TIME", "BYTES_RATE"),
            *_RANGE_FUNCTIONS,
            *_CONVERSIONS,
            *_RANGE_FUNCTIONS_LAST,
        )
    },
    **{word: f"_{word.upper()}" for word in ("label_replace", "ip", "vector")},
}

# Words that are keywords wherever they stand.
KEYWORDS = {text: name for name, text in DISPLAY.items() if text.islower() and text not in (*FUNCTIONS, "$end")}

# Two characters before one, so that the longest is found first.
PUNCTUATION = {
    text: name
    for length in (2, 1)
    for name, text in DISPLAY.items()
    if len(text) == length and not text[0].isalpha() and name not in ("$END", "_LBRACKET")
}
