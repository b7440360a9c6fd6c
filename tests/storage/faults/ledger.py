"""The list-of-rows model: which rows must be answered, and which may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.storage.entries import Entry

__all__ = ["Ledger"]


class Ledger:
    """Between asking for something and its answer nobody knows: rows may be there and need not be."""

    def __init__(self) -> None:
        self.required: dict[str, set[Entry]] = {}
        self.allowed: dict[str, set[Entry]] = {}

    @property
    def tenants(self) -> list[str]:
        return list(self.allowed)

    def asks_to_keep(self, tenant: str, rows: Iterable[Entry]) -> None:
        self.allowed.setdefault(tenant, set()).update(rows)

    def has_kept(self, tenant: str, rows: Iterable[Entry]) -> None:
        self.required.setdefault(tenant, set()).update(rows)

    def asks_to_drop(self, tenant: str, rows: Iterable[Entry]) -> None:
        self.required.setdefault(tenant, set()).difference_update(rows)

    def has_dropped(self, tenant: str, rows: Iterable[Entry]) -> None:
        self.allowed.setdefault(tenant, set()).difference_update(rows)

    def check(self, tenant: str, found: Iterable[Entry], may_miss: bool = False) -> None:
        counts = Counter(found)
        twice = [entry for entry, times in counts.items() if times > 1]
        assert not twice, f"{len(twice)} rows twice, such as {twice[0]}"
        lost = self.required.get(tenant, set()) - set(counts)
        assert may_miss or not lost, (
            f"{len(lost)} acknowledged rows lost, such as {min(lost, key=lambda entry: entry.ts)}"
        )
        foreign = set(counts) - self.allowed.get(tenant, set())
        assert not foreign, f"{len(foreign)} rows that nobody sent or that were deleted, such as {foreign.pop()}"
