"""Which labels tell series apart: all of them, those ``by`` names, or all but those ``without`` names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from logql.ast import Grouping, VectorMatching
from storage.labels import Labels

__all__ = ["LabelKey"]


@dataclass(frozen=True, slots=True)
class LabelKey:
    """``by`` is None for all labels but ``without``.

    A parser may set a label to "". ``by`` and series by themselves tell that from a label that is not there;
    ``without``, matching and whatever else makes new labels of old ones do not (``drops_empty``).
    """

    by: tuple[str, ...] | None = None
    without: frozenset[str] = frozenset()
    drops_empty: bool = False

    @classmethod
    def of(cls, grouping: Grouping | None) -> LabelKey:
        """The key of a vector aggregation, where no grouping means one group of all."""
        if grouping is None:
            return cls(by=())
        if grouping.without:
            return cls(without=frozenset(grouping.names), drops_empty=True)
        return cls(by=tuple(grouping.names))

    @classmethod
    def of_range(cls, grouping: Grouping | None) -> LabelKey:
        """The key of a range aggregation, where no grouping and ``without ()`` leave series as they are."""
        return cls() if grouping is None or (grouping.without and not grouping.names) else cls.of(grouping)

    @classmethod
    def matching(cls, matching: VectorMatching | None) -> LabelKey:
        """The key by which a binary operation matches; all labels unless it says otherwise."""
        if matching is None:
            return cls(drops_empty=True)
        if matching.on:
            return cls(by=matching.names, drops_empty=True)
        return cls(without=frozenset(matching.names), drops_empty=True)

    def hiding(self, name: str) -> LabelKey:
        """The key without a label, unless ``by`` asks for it."""
        return self if self.by is not None else replace(self, without=self.without | {name})

    def dropping_empty(self) -> LabelKey:
        """The key without empty labels, unless ``by`` asks for them."""
        return self if self.by is not None else replace(self, drops_empty=True)

    @property
    def names(self) -> Collection[str] | None:
        """The labels that can show in the key; None means any."""
        return self.by

    def project(self, labels: Labels) -> Labels:
        if self.by is not None:
            pairs = ((name, labels[name]) for name in self.by if name in labels)
        elif self.without or self.drops_empty:
            pairs = (pair for pair in labels.pairs if pair[0] not in self.without)
        else:
            return labels
        return Labels((name, text) for name, text in pairs if text) if self.drops_empty else Labels(pairs)
