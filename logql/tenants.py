"""Several tenants as one, named ``a|b``: their rows side by side, each stream with its tenant as a label.

No tenant has the separator in its name, so a joined name is none's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import MetadataColumn
from storage.counts import Counts
from storage.database import Database
from storage.dense import DenseLines
from storage.filters import PartFilters
from storage.labels import Labels
from storage.patterns import PatternCounts
from storage.source import Source

__all__ = ["SEPARATOR", "TENANT_LABEL", "TenantSource", "is_joined", "reading_all"]

SEPARATOR = "|"
TENANT_LABEL = "__tenant_id__"
_ORIGINAL = f"original_{TENANT_LABEL}"  # what a label of that name becomes that was pushed


def is_joined(tenant: str) -> bool:
    return SEPARATOR in tenant


@contextmanager
def reading_all(database: Database, tenant: str) -> Iterator[Sequence[Source]]:
    """``Database.reading`` of one tenant, or of all whose names ``tenant`` joins."""
    with ExitStack() as stack:
        if not is_joined(tenant):
            yield stack.enter_context(database.reading(tenant))
            return
        yield [
            TenantSource(source, label)
            for name in tenant.split(SEPARATOR)
            for label in (_Labeller(name),)
            for source in stack.enter_context(database.reading(name))
        ]


class _Labeller:
    """Labels streams with a tenant, each table and each label set once."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._labelled: dict[Labels, Labels] = {}
        self._tables: dict[int, tuple[Sequence[Labels], tuple[Labels, ...]]] = {}

    def table(self, streams: Sequence[Labels]) -> tuple[Labels, ...]:
        """The same object for the same ``streams``, as other rooms tell tables apart by identity."""
        known = self._tables.get(id(streams))
        if known is None:
            known = self._tables.setdefault(id(streams), (streams, tuple(map(self._label, streams))))
        return known[1]

    def _label(self, labels: Labels) -> Labels:
        known = self._labelled.get(labels)
        if known is None:
            pairs = {_ORIGINAL if name == TENANT_LABEL else name: value for name, value in labels.pairs}
            known = self._labelled[labels] = Labels({**pairs, TENANT_LABEL: self._tenant})
        return known


class TenantSource:
    """``source`` with another table of streams; everything else is its own."""

    def __init__(self, source: Source, labeller: _Labeller) -> None:
        self._source, self._labeller = source, labeller

    @cached_property
    def streams(self) -> Sequence[Labels]:
        return self._labeller.table(self._source.streams)

    @property
    def present(self) -> NDArray[np.int32]:
        return self._source.present

    @property
    def min_ts(self) -> int:
        return self._source.min_ts

    @property
    def max_ts(self) -> int:
        return self._source.max_ts

    @property
    def line_bytes(self) -> int:
        return self._source.line_bytes

    @property
    def is_stored(self) -> bool:
        return self._source.is_stored

    @property
    def stored_bytes(self) -> int:
        return self._source.stored_bytes

    @property
    def filters(self) -> PartFilters | None:
        return self._source.filters

    @property
    def number(self) -> int:
        return self._source.number

    def __len__(self) -> int:
        return len(self._source)

    def stream(self) -> NDArray[np.int32]:
        return self._source.stream()

    def ts(self) -> NDArray[np.int64]:
        return self._source.ts()

    def line(self) -> pa.Array:
        return self._source.line()

    def stream_bytes(self) -> NDArray[np.int64]:
        return self._source.stream_bytes()

    def metadata(self, names: Collection[str] | None = None) -> Mapping[str, MetadataColumn]:
        return self._source.metadata(names)

    def dense(self, name: str) -> DenseLines | None:
        return self._source.dense(name)

    def counts(self) -> Counts | None:
        counts = self._source.counts()
        return None if counts is None else replace(counts, cells=TenantSource(counts.cells, self._labeller))

    def patterns(self) -> PatternCounts | None:
        return self._source.patterns()
