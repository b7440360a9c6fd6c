"""Parts of a line that a container runtime has cut, joined again: by stream, up to the last part."""

from __future__ import annotations

from typing import Any

from ingest_client.agent.row import Row
from ingest_client.agent.stages.stage import Stage

__all__ = ["JoiningStage", "Partials"]


class Partials:
    """What waits for its last part. ``max_parts`` of one line, and the line goes on as it is."""

    def __init__(self, max_parts: int = 100, max_chars: int = 0) -> None:
        self._max_parts, self._max_chars = max_parts, max_chars
        self._open: dict[tuple[Any, ...], list[Row]] = {}

    def add(self, row: Row, is_last: bool) -> Row | None:
        """The whole line when this was its last part, with the time and the labels of that one."""
        key = (row.source, *row.labels.values())
        parts = self._open.get(key)
        if is_last and parts is None:
            return row
        parts = self._open.setdefault(key, [])
        parts.append(row)
        if not is_last and len(parts) < self._max_parts:
            return None
        del self._open[key]
        row.line = "".join(part.line for part in parts)
        if self._max_chars:
            row.line = row.line[: self._max_chars]
        return row

    def finish(self) -> list[Row]:
        """What will never be whole."""
        rows = []
        for parts in self._open.values():
            parts[-1].line = "".join(part.line for part in parts)
            rows.append(parts[-1])
        self._open.clear()
        return rows

    def state(self) -> Any:
        """The parts as JSON has them."""
        return [[row.to_json() for row in parts] for parts in self._open.values()] or None

    def restore(self, state: Any) -> None:
        """The inverse."""
        for parts in state:
            for fields in parts:
                self.add(Row.from_json(fields), is_last=False)


class JoiningStage(Stage):
    """A stage over such lines: ``_unwrapped`` takes a row apart, and adds it to the parts."""

    def __init__(self, partials: Partials) -> None:
        self._partials = partials

    def process(self, rows: list[Row]) -> list[Row]:
        return [whole for row in rows if (whole := self._unwrapped(row)) is not None]

    def finish(self) -> list[Row]:
        return self._partials.finish()

    def state(self) -> Any:
        return self._partials.state()

    def restore(self, state: Any) -> None:
        self._partials.restore(state)

    def _unwrapped(self, row: Row) -> Row | None:
        """The row as it goes on; None while parts of it are missing."""
        raise NotImplementedError
