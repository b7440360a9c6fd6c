"""Walking over a tree without recursion, so that no query can exhaust the stack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

__all__ = ["children", "walk"]


def children(node: object) -> Iterator[Any]:
    """The nodes directly inside ``node``, in the order of its fields."""
    assert is_dataclass(node)
    for field in fields(node):
        value = getattr(node, field.name)
        members = value if isinstance(value, tuple) else (value,)
        yield from (member for member in members if is_dataclass(member))


def walk(root: object) -> Iterator[tuple[Any, int]]:
    """Every node with its depth, a parent before its children (the root has depth 1)."""
    pending: list[tuple[object, int]] = [(root, 1)]
    while pending:
        node, depth = pending.pop()
        yield node, depth
        pending.extend((child, depth + 1) for child in reversed(list(children(node))))
