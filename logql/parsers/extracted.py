"""What a parser stage finds in a batch of lines: columns of labels, and which lines it could not read.

A parser knows lines only. What its labels do to labels that are already there (``_extracted``, first extraction wins)
is decided by who calls it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import MetadataColumn

__all__ = ["Defaults", "Extracted", "Extractor", "nothing"]


@dataclass(frozen=True, slots=True)
class Defaults:
    """Labels that become "" although nothing was found for them; apply them after ``Extracted.columns``.

    names            the identifiers of the stage
    rows             (rows,) where they apply
    replaces_parsed  False (json): an identifier becomes "" where it is not visible as a label of any category.
                     True (logfmt): it becomes "" where the row's column has no value for it and neither stream nor
                     structured metadata has a label of that name; a label parsed by an earlier stage is replaced.
    """

    names: tuple[str, ...]
    rows: NDArray[np.bool_]
    replaces_parsed: bool


@dataclass(frozen=True, slots=True)
class Extracted:
    """``columns`` by label name, code -1 where the row does not set it; "" is a value like others.

    error      the text for ``__error__`` where ``has_error`` (rows,) is set
    errors     texts for ``__error_details__``, code -1 where there is none; None where no row has one
    lines      the lines from here on, where the stage replaces them
    overwrites a label set here replaces one that an earlier stage parsed
    """

    columns: Mapping[str, MetadataColumn]
    error: str
    has_error: NDArray[np.bool_]
    errors: MetadataColumn | None = None
    lines: pa.Array | None = None
    overwrites: bool = False
    defaults: Defaults | None = None


def nothing(rows: int, error: str) -> Extracted:
    """What a parser finds that is asked for no label: it does not even look for defects."""
    return Extracted({}, error, np.zeros(rows, np.bool_))


class Extractor(Protocol):
    """A parser stage. One instance serves all batches of a query, from several threads at once."""

    def extract(self, lines: pa.Array, needed: frozenset[str] | None) -> Extracted:
        """``lines``: pa.string() without nulls.

        ``needed``: None for all labels; else only these are answered, and reading a line stops as soon as all of them
        were found on it, so that defects beyond go unseen. A name that no line can set (``__error__``) among them
        makes the parser read lines to their ends.
        """
        ...
