"""``| logfmt a="key"`` over batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.ast.extraction import Extraction
from logql.parsers.columns import target_columns
from logql.parsers.extracted import Defaults, Extracted
from logql.parsers.kernels.keys import ODD, Keys, State
from logql.parsers.kernels.logfmt_scan import LAST, scan_logfmt
from logql.parsers.kernels.values import LOGFMT_WHOLE
from logql.parsers.key_table import KeyTable, Meaning
from logql.parsers.logfmt import LOGFMT_ERROR, logfmt_errors
from logql.parsers.logfmt_rows import keyed_row
from logql.parsers.names import sanitised
from logql.parsers.rows import read_rows
from logql.parsers.walk import walk
from logql.syntax.logfmt_expression import parse_logfmt_expression

__all__ = ["KeyedLogfmtExtractor", "targets_of"]


class KeyedLogfmtExtractor:
    """Each identifier takes the last value of its key, or of a key that is called like itself.

    Lines are read to their ends whatever labels are needed, since a later pair may win.
    """

    def __init__(self, extractions: Sequence[Extraction], strict: bool) -> None:
        self._targets = targets_of(extractions)
        self._names = tuple(dict.fromkeys(extraction.name for extraction in extractions))
        self._strict = strict
        sources = frozenset(self._targets)
        self._table = KeyTable(self._meaning, sources)

    def extract(self, lines: pa.Array, needed: frozenset[str] | None) -> Extracted:
        strict = self._strict

        def scan(offsets: NDArray[np.int32], data: NDArray[np.uint8], keys: Keys, state: State) -> int:
            return scan_logfmt(offsets, data, keys, state, strict, True, LAST)

        names = [name for name in self._names if needed is None or name in needed]
        feeds = {name: [key for key, targets in self._targets.items() if name in targets] for name in names}
        walked = walk(lines, self._table, scan)
        odd = read_rows(lines, walked.codes == ODD, lambda line: keyed_row(line, strict, self._targets))
        columns = target_columns(lines, walked, LOGFMT_WHOLE, odd, feeds)
        defaults = Defaults(tuple(names), np.ones(len(lines), np.bool_), replaces_parsed=True)
        has_error, errors = logfmt_errors(walked, odd)
        return Extracted(columns, LOGFMT_ERROR, has_error, errors, overwrites=True, defaults=defaults)

    def _meaning(self, _prefix: str, key: str) -> Meaning:
        name = sanitised(key)
        return Meaning("", name if name in self._targets else None)


def targets_of(extractions: Sequence[Extraction]) -> Mapping[str, Sequence[str]]:
    """Identifiers by the (sanitised) key that sets them; a key that is asked for does not set its namesake."""
    targets: dict[str, list[str]] = {}
    for extraction in extractions:
        targets.setdefault(parse_logfmt_expression(extraction.expression), []).append(extraction.name)
    for extraction in extractions:
        targets.setdefault(extraction.name, [extraction.name])
    return targets
