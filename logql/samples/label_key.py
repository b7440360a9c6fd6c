"""Which labels tell series apart: all of them, those ``by`` names, or all but those ``without`` names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from logql.ast import Grouping, VectorMatching
from storage.labels import Labels

__all__ = ["LabelKey"]


@dataclass(frozen=True, slots=True)
class LabelKey:
    """``by`` is None for all labels but ``without``."""

    by: tuple[str, ...] | None = None
    without: frozenset[str] = frozenset()

    @classmethod
    def all(cls) -> LabelKey:
        return cls()

    @classmethod
    def of(cls, grouping: Grouping | None) -> LabelKey:
        """The key of a vector aggregation, where no grouping means one group of all."""
        if grouping is None:
            return cls(by=())
        return cls(without=frozenset(grouping.names)) if grouping.without else cls(by=tuple(grouping.names))

    @classmethod
    def matching(cls, matching: VectorMatching | None) -> LabelKey:
        """The key by which a binary operation matches; all labels unless it says otherwise."""
        if matching is None:
            return cls()
        return cls(by=matching.names) if matching.on else cls(without=frozenset(matching.names))

    def hiding(self, name: str) -> LabelKey:
        """The key without a label, unless ``by`` asks for it."""
        return self if self.by is not None else LabelKey(without=self.without | {name})

    @property
    def names(self) -> Collection[str] | None:
        """The labels that can show in the key; None means any."""
        return self.by

    def project(self, labels: Labels) -> Labels:
        if self.by is not None:
            return Labels((name, labels[name]) for name in self.by if name in labels)
        if not self.without:
            return labels
        return Labels((name, value) for name, value in labels.pairs if name not in self.without)
