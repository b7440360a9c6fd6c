"""The labels of all rows of a frame, as the stages so far have left them.

Every row has stream labels (some of them hidden), structured metadata and parsed labels; a name is in one of them at
most. Each change makes a new state that shares what did not change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logql.cancel import check_query
from logql.labels.columns import absent, covered, has_value, only, stream_column, stream_has
from logql.labels.start import ERROR, ERROR_DETAILS, EXTRACTED, seen_metadata
from storage.batch import MetadataColumn
from storage.labels import Labels

__all__ = ["LabelState"]

Columns = Mapping[str, MetadataColumn]
Masks = Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class LabelState:
    """``decided``: rows whose parsed label was set once, so that no later parser sets it; it may be gone since.

    ``errors`` holds the error slots under their label names.
    """

    streams: Sequence[Labels]
    stream: NDArray[np.int32]
    metadata: Columns
    parsed: Columns = field(default_factory=dict)
    hidden: Masks = field(default_factory=dict)
    decided: Masks = field(default_factory=dict)
    errors: Columns = field(default_factory=dict)

    @classmethod
    def start(cls, streams: Sequence[Labels], stream: NDArray[np.int32], stored: Columns) -> LabelState:
        """Before the first stage; ``stored`` is structured metadata as pushed."""
        seen = seen_metadata(stored, streams, stream)
        errors = {name: seen.pop(name) for name in (ERROR, ERROR_DETAILS) if name in seen}
        return cls(streams, stream, seen, errors=errors)

    def __len__(self) -> int:
        return len(self.stream)

    def take(self, picked: NDArray[Any]) -> LabelState:
        """The state of some rows."""
        return replace(
            self,
            stream=self.stream[picked],
            metadata=_take(self.metadata, picked),
            parsed=_take(self.parsed, picked),
            hidden={name: mask[picked] for name, mask in self.hidden.items()},
            decided={name: mask[picked] for name, mask in self.decided.items()},
            errors=_take(self.errors, picked),
        )

    def lookup(self, name: str) -> MetadataColumn:
        """What filters, templates and unwrap see under a name; an empty stream label counts as none."""
        if name == ERROR:
            return self.errors.get(ERROR) or absent(len(self))
        found = self.parsed.get(name)
        if (stored := self.metadata.get(name)) is not None:
            found = covered(stored, found) if found is not None else stored
        if found is not None and has_value(found).all():
            return found
        of_stream = self._visible_stream_column(name)
        return of_stream if found is None else covered(of_stream, found)

    def set(self, name: str, column: MetadataColumn) -> LabelState:
        """Set a parsed label where ``column`` has a value, whatever was there."""
        rows = has_value(column)
        if not rows.any():
            return self
        state = self.delete(name, rows)
        parsed = {**state.parsed, name: covered(state.parsed.get(name), column)}
        return replace(state, parsed=parsed, decided=_marked(state.decided, name, rows))

    def extract(self, name: str, column: MetadataColumn, overwrites: bool = False) -> LabelState:
        """Set what a parser found: as ``NAME_extracted`` where the name is taken, and only where it is the first to."""
        collides = stream_has(self.streams, self.stream, name)
        if name in self.metadata:
            collides = collides | has_value(self.metadata[name])
        state = self
        if collides.any():
            state = state._set_first(name + EXTRACTED, only(column, collides), overwrites)
            column = only(column, ~collides)
        return state._set_first(name, column, overwrites)

    def extract_all(self, columns: Columns, overwrites: bool = False) -> LabelState:
        """``extract`` of each, those at once whose names are new: a line may have thousands."""
        taken = {*self.metadata, *self.parsed, *self.decided}.union(*self.streams)
        fresh = {
            name: column
            for name, column in columns.items()
            if name not in taken and not name.endswith(EXTRACTED) and has_value(column).any()
        }
        decided = {name: has_value(column) for name, column in fresh.items()}
        state = replace(self, parsed={**self.parsed, **fresh}, decided={**self.decided, **decided})
        for name, column in columns.items():
            if name not in fresh:
                check_query()
                state = state.extract(name, column, overwrites)
        return state

    def delete(self, name: str, rows: NDArray[np.bool_]) -> LabelState:
        """Remove a label of any category from ``rows``."""
        metadata, parsed, hidden = self.metadata, self.parsed, self.hidden
        if name in metadata:
            metadata = {**metadata, name: only(metadata[name], ~rows)}
        if name in parsed:
            parsed = {**parsed, name: only(parsed[name], ~rows)}
        if any(name in labels for labels in self.streams):
            hidden = _marked(hidden, name, rows)
        return replace(self, metadata=metadata, parsed=parsed, hidden=hidden)

    def set_error(self, error: MetadataColumn, details: MetadataColumn, overwrites: bool = True) -> LabelState:
        """Fill both slots where ``error`` has a value; an error without details empties that slot."""
        rows = has_value(error)
        if not overwrites and ERROR in self.errors:
            rows = rows & ~has_value(self.errors[ERROR])
        if not rows.any():
            return self
        state = self.clear_error(ERROR_DETAILS, rows)
        before = state.errors
        filled = {
            ERROR: covered(before.get(ERROR), only(error, rows)),
            ERROR_DETAILS: covered(before.get(ERROR_DETAILS), only(details, rows)),
        }
        return replace(state, errors={**before, **filled})

    def clear_error(self, slot: str, rows: NDArray[np.bool_]) -> LabelState:
        """Empty ``__error__`` or ``__error_details__``."""
        if slot not in self.errors:
            return self
        return replace(self, errors={**self.errors, slot: only(self.errors[slot], ~rows)})

    def names(self) -> list[str]:
        """Every name that some row may have, but the error slots."""
        of_streams = (name for number in np.unique(self.stream) for name in self.streams[number])
        return sorted({*of_streams, *self.metadata, *self.parsed})

    def code_columns(
        self, names: Collection[str] | None, without: Collection[str] = ()
    ) -> Iterator[tuple[NDArray[Any], int]]:
        """Codes and how many there can be (-1 not counted), the error slots included.

        Rows of one stream that agree in all of them have the same labels under ``names`` (None means all names) but
        those that ``without`` lists.
        """

        def shows(name: str) -> bool:
            return (names is None or name in names) and name not in without

        for columns in (self.metadata, self.parsed):
            for name, column in columns.items():
                if shows(name):
                    yield column.codes, len(column.values)
        for column in self.errors.values():
            yield column.codes, len(column.values)
        for name, mask in self.hidden.items():
            if shows(name):
                yield mask.astype(np.int32), 2

    def categories(self, row: int) -> tuple[Labels, Labels, Labels]:
        """Stream labels, structured metadata and parsed labels of one row, the error slots among the parsed."""
        stream = self.streams[self.stream[row]]
        if self.hidden:
            stream = Labels((n, v) for n, v in stream.pairs if n not in self.hidden or not self.hidden[n][row])
        return stream, _labels_at(self.metadata, row), _labels_at({**self.parsed, **self._errors_at(row)}, row)

    def labels(self, row: int) -> Labels:
        """All labels of one row."""
        stream, metadata, parsed = self.categories(row)
        return stream.merged(metadata).merged(parsed)

    def _set_first(self, name: str, column: MetadataColumn, overwrites: bool) -> LabelState:
        if not overwrites and name in self.decided:
            column = only(column, ~self.decided[name])
        return self.set(name, column)

    def _visible_stream_column(self, name: str) -> MetadataColumn:
        column = stream_column(self.streams, self.stream, name)
        return only(column, ~self.hidden[name]) if name in self.hidden else column

    def _errors_at(self, row: int) -> Columns:
        """The slots that are not empty: an error label that says nothing is not shown."""
        return {name: column for name, column in self.errors.items() if column.text(row)}


def _take(columns: Columns, picked: NDArray[Any]) -> Columns:
    return {name: column.take(picked) for name, column in columns.items()}


def _marked(masks: Masks, name: str, rows: NDArray[np.bool_]) -> Masks:
    return {**masks, name: masks[name] | rows if name in masks else rows}


def _labels_at(columns: Columns, row: int) -> Labels:
    texts = ((name, column.text(row)) for name, column in columns.items())
    return Labels((name, text) for name, text in texts if text is not None)
