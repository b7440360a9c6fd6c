"""The text of a syntax error: what was unexpected and, where they are few, what the parser would have taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from lark.parsers.lalr_analysis import Reduce, Shift

from logql.syntax.terminals import DISPLAY, ORDER

__all__ = ["describe_unexpected"]

_MAX_EXPECTED = 4
_ParseTable = Mapping[int, Mapping[str, tuple[object, Any]]]


def describe_unexpected(terminal: str, states: _ParseTable, state_stack: Sequence[int]) -> str:
    """``syntax error: unexpected }, expecting IDENTIFIER``."""
    text = f"syntax error: unexpected {DISPLAY[terminal]}"
    expected = _expected(states, list(state_stack))
    if not 1 <= len(expected) <= _MAX_EXPECTED:
        return text
    return f"{text}, expecting {' or '.join(DISPLAY[name] for name in expected)}"


def _expected(states: _ParseTable, stack: list[int]) -> list[str]:
    """Terminals to shift once every reduction that needs no look at the next token is done."""
    while reduction := _default_reduction(states[stack[-1]]):
        if "or_op" in states[stack[-1]]:
            return []  # a whole operand was read: every operator fits, too many to list
        del stack[len(stack) - len(reduction.expansion) :]
        stack.append(states[stack[-1]][reduction.origin.name][1])
    actions = states[stack[-1]]
    names = [name for name, (action, _) in actions.items() if action is Shift and name in ORDER and name != "$END"]
    # Where "or" fits, all ways to go on with a label filter do.
    return [] if "OR" in names else sorted(names, key=ORDER.__getitem__)


def _default_reduction(actions: Mapping[str, tuple[object, Any]]) -> Any:
    rules = Counter(rule for action, rule in actions.values() if action is Reduce)
    return rules.most_common(1)[0][0] if rules else None
