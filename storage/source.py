"""What queries read: a run of rows, in memory or in a part, whose columns are fetched one by one when asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import Batch, MetadataColumn, string_bytes
from storage.dense import DenseLines
from storage.filters import PartFilters
from storage.labels import Labels
from storage.line_sizes import bytes_by_stream

if TYPE_CHECKING:
    from storage.counts import Counts
    from storage.patterns import PatternCounts

__all__ = ["BatchSource", "Source"]


class Source(Protocol):
    """Rows of one tenant. Columns are as in ``Batch``; each call may read from the store, so ask once.

    streams          the table that ``stream`` indexes
    present          indexes of the streams that have rows here, distinct
    min_ts, max_ts   bounds of ``ts``, both inclusive
    line_bytes       UTF-8 bytes of all lines; costs no read
    stream_bytes()   (present,) those of each stream; may have to read the lines
    is_stored        whether reading costs ``stored_bytes`` from a store
    filters          those of the part that it is chunk ``number`` of; they may have to be read
    metadata(names)  the columns of these names that the source has; None means all
    dense(name)      the keys of this format of lines that are columns; None where only lines tell
    counts()         all of its rows counted; None where that is not known, as when some of its rows are hidden
    patterns()       what its part has kept of its lines' patterns; None where only lines tell, as when some are hidden
    """

    @property
    def streams(self) -> Sequence[Labels]: ...
    @property
    def present(self) -> NDArray[np.int32]: ...
    @property
    def min_ts(self) -> int: ...
    @property
    def max_ts(self) -> int: ...
    @property
    def line_bytes(self) -> int: ...
    @property
    def is_stored(self) -> bool: ...
    @property
    def stored_bytes(self) -> int: ...
    @property
    def filters(self) -> PartFilters | None: ...
    @property
    def number(self) -> int: ...
    def __len__(self) -> int: ...
    def stream(self) -> NDArray[np.int32]: ...
    def ts(self) -> NDArray[np.int64]: ...
    def line(self) -> pa.Array: ...
    def stream_bytes(self) -> NDArray[np.int64]: ...
    def metadata(self, names: Collection[str] | None = None) -> Mapping[str, MetadataColumn]: ...
    def dense(self, name: str) -> DenseLines | None: ...
    def counts(self) -> Counts | None: ...
    def patterns(self) -> PatternCounts | None: ...


class BatchSource:
    """The rows of a batch in memory."""

    is_stored = False
    stored_bytes = 0
    filters: PartFilters | None = None
    number = 0

    def __init__(self, batch: Batch) -> None:
        assert len(batch), "a source has rows"
        self.batch = batch
        self.streams: Sequence[Labels] = batch.streams

    # What follows is found when somebody asks: most batches become a part before.

    @cached_property
    def present(self) -> NDArray[np.int32]:
        return np.unique(self.batch.stream)

    @cached_property
    def min_ts(self) -> int:
        return int(self.batch.ts.min())

    @cached_property
    def max_ts(self) -> int:
        return int(self.batch.ts.max())

    @property
    def line_bytes(self) -> int:
        return string_bytes(self.batch.line)

    def __len__(self) -> int:
        return len(self.batch)

    def stream(self) -> NDArray[np.int32]:
        return self.batch.stream

    def ts(self) -> NDArray[np.int64]:
        return self.batch.ts

    def line(self) -> pa.Array:
        return self.batch.line

    def stream_bytes(self) -> NDArray[np.int64]:
        return bytes_by_stream(self.batch.stream, self.batch.line, self.present)

    def metadata(self, names: Collection[str] | None = None) -> Mapping[str, MetadataColumn]:
        if names is None:
            return self.batch.metadata
        return {name: column for name, column in self.batch.metadata.items() if name in names}

    def dense(self, name: str) -> DenseLines | None:
        return None

    def counts(self) -> Counts | None:
        return None

    def patterns(self) -> PatternCounts | None:
        return None
