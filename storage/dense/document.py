"""What a chunk says of its dense columns: which it has, and which labels its lines have at all. JSON in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import pyarrow as pa

__all__ = ["FACTS", "ColumnFacts", "DenseFacts", "KeyTexts", "facts_column", "facts_of"]

FACTS = "dense"  # the Arrow column of a chunk's facts, JSON in its first row


@dataclass(frozen=True, slots=True)
class KeyTexts:
    """Each text that holds ``least`` and is part of ``most`` is in exactly the lines that have a certain label."""

    least: str
    most: str

    def decide(self, text: str) -> bool:
        """Whether the lines that contain ``text`` are those that have the label."""
        return self.least in text and text in self.most


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column of one chunk.

    scale, suffix  numbers only: digits behind the point, and what follows them
    texts          None where no text tells which lines have the label
    """

    scale: int = 0
    suffix: str = ""
    texts: KeyTexts | None = None


@dataclass(frozen=True, slots=True)
class DenseFacts:
    """One format in one chunk.

    columns  by label
    always   texts of labels that all rows have which are FOUND, columns or not
    labels   all labels that such rows may have; None where they are too many to be listed
    """

    columns: Mapping[str, ColumnFacts]
    always: tuple[KeyTexts, ...]
    labels: frozenset[str] | None


def facts_column(facts: Mapping[str, DenseFacts], rows: int) -> pa.Array:
    """The column of a chunk of so many rows (at least one); ``facts`` by name of the format."""
    text = orjson.dumps({name: _to_json(each) for name, each in facts.items()}).decode()
    return pa.array([text] + [""] * (rows - 1), pa.string())


def facts_of(column: pa.Array) -> dict[str, DenseFacts]:
    """What ``facts_column`` was given."""
    return {name: _from_json(each) for name, each in orjson.loads(column[0].as_py()).items()}


def _to_json(facts: DenseFacts) -> dict[str, Any]:
    columns = {
        name: {"scale": each.scale, "suffix": each.suffix, "texts": each.texts and [each.texts.least, each.texts.most]}
        for name, each in facts.columns.items()
    }
    always = [[each.least, each.most] for each in facts.always]
    return {"columns": columns, "always": always, "labels": None if facts.labels is None else sorted(facts.labels)}


def _from_json(fields: dict[str, Any]) -> DenseFacts:
    columns = {
        name: ColumnFacts(each["scale"], each["suffix"], each["texts"] and KeyTexts(*each["texts"]))
        for name, each in fields["columns"].items()
    }
    always = tuple(KeyTexts(*each) for each in fields["always"])
    return DenseFacts(columns, always, None if fields["labels"] is None else frozenset(fields["labels"]))
