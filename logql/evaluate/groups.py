"""Which series have the same key."""

from __future__ import annotations

from collections.abc import Iterable

from logql.samples.label_key import LabelKey
from storage.labels import Labels

__all__ = ["numbers_by_key"]


def numbers_by_key(labels: Iterable[Labels], key: LabelKey) -> dict[Labels, list[int]]:
    """The numbers of the series of each key, in the order of their first series."""
    members: dict[Labels, list[int]] = {}
    for number, each in enumerate(labels):
        members.setdefault(key.project(each), []).append(number)
    return members
