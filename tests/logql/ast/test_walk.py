"""Walking over trees."""

from __future__ import annotations

from logql.ast import Matcher, children, walk
from logql.syntax import parse


def test_parents_come_before_children_and_siblings_in_order() -> None:
    expr = parse('sum(rate({a="b", c="d"} | e="f" [1m])) / vector(1)')
    nodes = list(walk(expr))
    assert nodes[0] == (expr, 1)
    assert [node.name for node, _ in nodes if isinstance(node, Matcher)] == ["a", "c", "e"]
    assert all(child in [inner for inner, _ in nodes] for node, _ in nodes for child in children(node))
