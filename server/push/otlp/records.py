"""Log records as both decoders of OTLP give them, and the entries that they become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from server.limits import PushLimits
from server.push.bounds import check_counts, check_streams
from server.push.entries import Entries, Pairs, Shared
from server.push.metadata import metadata_columns
from server.push.otlp.source import Resource, Scope
from server.push.streams import label_text_of

__all__ = ["Records"]


@dataclass(frozen=True, slots=True)
class Records:
    """Rows in the order of the request.

    resource  (rows,) int32, index into ``resources``; scope (rows,) int32, index into ``scopes``
    ts        (rows,) int64, ns; 0 where none was sent
    line      pa.string() array of rows, not yet known to be UTF-8
    pairs     metadata of single rows; labels: what of it is a label of the row's stream
    """

    resources: Sequence[Resource]
    scopes: Sequence[Scope]
    resource: NDArray[np.int32]
    scope: NDArray[np.int32]
    ts: NDArray[np.int64]
    line: pa.Array
    pairs: Pairs
    labels: Pairs

    def entries(self, limits: PushLimits, now_ns: int) -> Entries:
        """PushError 400 when there are too many streams, or too much metadata."""
        shared = self._shared(limits)
        labels, stream = self._streams()
        texts = [label_text_of(each) for each in labels]
        check_streams(len(texts), sum(map(len, texts)), limits)
        ts = np.where(self.ts == 0, now_ns, self.ts)
        return Entries(texts, stream, ts, self.line, self.pairs, shared)

    def _shared(self, limits: PushLimits) -> Shared:
        """Groups are the pairs of a resource and a scope that occur."""
        both, group = _numbered(self.resource.astype(np.int64) * len(self.scopes) + self.scope)
        sources = [(self.resources[place // len(self.scopes)], self.scopes[place % len(self.scopes)]) for place in both]
        check_streams(len(sources), 0, limits)
        check_counts(len(self.ts), sum(len(one.shared) + len(other.shared) for one, other in sources), limits)
        return Shared([(one.shared, other.shared) for one, other in sources], group)

    def _streams(self) -> tuple[list[dict[str, str]], NDArray[np.int32]]:
        """The labels of each stream, and every row's index into them."""
        if not len(self.labels):
            used, stream = _numbered(self.resource)
            return [dict(self.resources[place].labels) for place in used], stream
        columns = metadata_columns(self.labels, len(self.ts))
        codes = np.stack([self.resource, *(column.codes for column in columns.values())], axis=1)
        distinct, number = np.unique(codes, axis=0, return_inverse=True)
        labels = []
        for place, *values in distinct.tolist():
            own = zip(columns.items(), values, strict=True)
            texts = {name: column.values[code].as_py() for (name, column), code in own if code >= 0}
            labels.append({**self.resources[place].labels, **texts})
        return labels, number.astype(np.int32).reshape(-1)


def _numbered(places: NDArray[np.int32] | NDArray[np.int64]) -> tuple[list[int], NDArray[np.int32]]:
    """The distinct places, and the number of each row's among them."""
    distinct, number = np.unique(places, return_inverse=True)
    return distinct.tolist(), number.astype(np.int32)
