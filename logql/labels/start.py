"""The labels with which an entry enters the pipeline: its stream's, and its structured metadata beside them.

A metadata key that the stream has as a label is seen as ``KEY_extracted``; metadata named like the error labels fills
the error slots, as if the pipeline had set them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from logql.labels.columns import covered, has_value, only, stream_has
from storage.batch import MetadataColumn
from storage.labels import Labels

__all__ = ["ERROR", "ERROR_DETAILS", "EXTRACTED", "metadata_behind", "seen_metadata"]

ERROR, ERROR_DETAILS = "__error__", "__error_details__"
EXTRACTED = "_extracted"


def metadata_behind(names: Collection[str] | None) -> frozenset[str] | None:
    """The stored keys that can show under ``names`` or in the error slots; None means all."""
    if names is None:
        return None
    return frozenset({*names, *(name.removesuffix(EXTRACTED) for name in names), ERROR, ERROR_DETAILS})


def seen_metadata(
    stored: Mapping[str, MetadataColumn], streams: Sequence[Labels], stream: NDArray[np.int32]
) -> dict[str, MetadataColumn]:
    """Stored metadata under the names by which a query sees it, the error labels among them."""
    seen: dict[str, MetadataColumn] = {}
    for name, column in sorted(stored.items()):  # the key that is named KEY_extracted itself wins
        collides = stream_has(streams, stream, name) & has_value(column)
        if not collides.any():
            seen[name] = covered(seen.get(name), column)
            continue
        seen[name + EXTRACTED] = covered(seen.get(name + EXTRACTED), only(column, collides))
        if not collides.all():
            seen[name] = covered(seen.get(name), only(column, ~collides))
    return seen
