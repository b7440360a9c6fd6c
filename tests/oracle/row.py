"""Section 4: an entry on its way through a pipeline: its line, and its labels by category."""

from __future__ import annotations

from storage.labels import Labels
from tests.oracle.names import EXTRACTED
from tests.oracle.needed import Needed
from tests.storage.entries import Entry

__all__ = ["Row"]

_SLOTS = ("__error__", "__error_details__")


class Row:
    """Mutable. ``visible`` are the stream labels that nothing has hidden yet."""

    def __init__(self, entry: Entry, needed: Needed) -> None:
        self.origin, self.ts, self.line, self.needed = entry.labels, entry.ts, entry.line, needed
        self.visible = dict(entry.labels)
        self.metadata: dict[str, str] = {}
        self.parsed: dict[str, str] = {}
        self.found: set[str] = set()  # names ever set as parsed labels: the first extraction wins
        self.error = self.error_details = ""
        self.is_parser_error = False
        for name, value in sorted(entry.metadata):
            self._load_metadata(name, value)

    def _load_metadata(self, name: str, value: str) -> None:
        """Section 4.1."""
        if name == "__error__":
            self.error = value
        elif name == "__error_details__":
            self.error_details = value
        else:
            self.metadata[name + EXTRACTED if name in self.origin else name] = value

    def get(self, name: str) -> str | None:
        """Section 4.4; an empty stream label counts as absent."""
        for category in (self.parsed, self.metadata):
            if name in category:
                return category[name]
        return self.visible.get(name) or None

    def text_of(self, name: str) -> str:
        """What string filters compare: section 7."""
        if name in _SLOTS:
            return self.error if name == "__error__" else ""
        return self.get(name) or ""

    def put(self, name: str, value: str) -> None:
        """Set a parsed label, whatever was there."""
        self.delete(name)
        self.parsed[name] = value
        self.found.add(name)

    def target(self, name: str) -> str:
        """Section 4.2: stream labels collide even when they are hidden, metadata while it is there."""
        return name + EXTRACTED if name in self.origin or name in self.metadata else name

    def extract(self, name: str, value: str) -> None:
        """What a parser found: section 4.3."""
        target = self.target(name)
        if target not in self.found and self.needed.wants(target):
            self.put(target, value)

    def delete(self, name: str) -> None:
        for category in (self.parsed, self.metadata, self.visible):
            category.pop(name, None)

    def fail(self, error: str, details: str, is_parser: bool = False) -> None:
        """Only the details are kept when a parser has none to tell."""
        self.error, self.is_parser_error = error, is_parser
        self.error_details = details or self.error_details

    @property
    def slots(self) -> dict[str, str]:
        return {name: text for name, text in zip(_SLOTS, (self.error, self.error_details), strict=True) if text}

    def labels(self) -> dict[str, str]:
        """Everything that templates and results see."""
        return {**self.visible, **self.metadata, **self.parsed, **self.slots}

    @property
    def fails_metrics(self) -> bool:
        """Section 13: whether a sample of this row makes a metric query fail."""
        return bool(self.error) and not (self.is_parser_error and self.needed.keeps_parser_errors)

    def categories(self) -> tuple[Labels, Labels, Labels]:
        """Stream, metadata and parsed labels, the error labels among the last."""
        return Labels(self.visible), Labels(self.metadata), Labels({**self.parsed, **self.slots})
