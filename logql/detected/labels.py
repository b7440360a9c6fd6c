"""Stream labels that are worth browsing: all but those whose values are mere ids."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from logql.values import parse_float
from storage.labels import Labels

__all__ = ["DetectedLabel", "detected_labels"]

_ALWAYS = frozenset(("cluster", "namespace", "instance", "pod"))
_TRUTHS = frozenset(("0", "1"))
_HEX = "[0-9a-fA-F]"
_UUID = f"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
_ANY_UUID = re.compile(rf"(?i:urn:uuid:){_UUID}|\{{{_UUID}\}}|{_UUID}|{_HEX}{{32}}")


@dataclass(frozen=True, slots=True)
class DetectedLabel:
    """``cardinality``: how many values there are."""

    name: str
    cardinality: int


def detected_labels(streams: Iterable[Labels]) -> list[DetectedLabel]:
    """The labels of ``streams`` by name."""
    values: dict[str, set[str]] = {}
    for labels in streams:
        for name, value in labels.pairs:
            values.setdefault(name, set()).add(value)
    return [DetectedLabel(name, len(found)) for name, found in sorted(values.items()) if _is_worth_it(name, found)]


def _is_worth_it(name: str, values: Collection[str]) -> bool:
    return name in _ALWAYS or _TRUTHS.issuperset(values) or not all(map(_looks_like_id, values))


def _looks_like_id(value: str) -> bool:
    if _ANY_UUID.fullmatch(value):
        return True
    try:
        parse_float(value)
    except ValueError:
        return False
    return True
