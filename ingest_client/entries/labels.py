"""Stream labels as the client sends them: checked once, because one bad name makes the server refuse a whole batch."""

from __future__ import annotations

import re
from typing import Mapping, Tuple

from ingest_client.errors import InvalidLabels

__all__ = ["LabelPairs", "checked_labels"]

LabelPairs = Tuple[Tuple[str, str], ...]

MAX_LABEL_NAMES = 15
MAX_NAME_BYTES = 1024
MAX_VALUE_BYTES = 2048

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def checked_labels(labels: Mapping[str, object]) -> LabelPairs:
    """Return the pairs sorted by name; values that are not strings are written out, empty and None ones left out.

    Raises InvalidLabels naming the label when a server with default limits would refuse the set.
    """
    texts = {name: str(value) for name, value in labels.items() if value is not None}
    pairs = tuple(sorted((name, value) for name, value in texts.items() if value))
    if len(pairs) > MAX_LABEL_NAMES:
        raise InvalidLabels(f"{len(pairs)} labels, at most {MAX_LABEL_NAMES}: send the others as structured metadata")
    for name, value in pairs:
        _check_pair(name, value)
    return pairs


def _check_pair(name: str, value: str) -> None:
    if not _NAME.match(name):
        raise InvalidLabels(f"label name {name!r}: letters, digits and underscores only, no digit first")
    if len(name) > MAX_NAME_BYTES:
        raise InvalidLabels(f"label name {name[:32]!r}... is longer than {MAX_NAME_BYTES} bytes")
    if len(value.encode("utf-8", "replace")) > MAX_VALUE_BYTES:
        raise InvalidLabels(f"value of label {name!r} is longer than {MAX_VALUE_BYTES} bytes")
