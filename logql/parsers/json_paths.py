"""``| json a="o.k[0]"`` over batches: the kernel reads objects, lines whose arrays matter are read by rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.ast.extraction import Extraction
from logql.parsers.columns import error_column, target_columns
from logql.parsers.extracted import Defaults, Extracted, nothing
from logql.parsers.json import JSON_ERROR
from logql.parsers.json_path_rows import Path, path_row
from logql.parsers.kernels.json_scan import FIRST_BYTE, PATHS, scan_json
from logql.parsers.kernels.keys import FINE, ODD, Keys, State
from logql.parsers.kernels.values import JSON
from logql.parsers.key_table import KeyTable, Meaning
from logql.parsers.rows import read_rows
from logql.parsers.walk import Walked, walk
from logql.syntax.json_expression import parse_json_expression

__all__ = ["JsonPathExtractor"]


class JsonPathExtractor:
    """Each identifier takes the first value at its path, of any type. ``needed`` leaves other paths out."""

    def __init__(self, extractions: Sequence[Extraction]) -> None:
        self._paths = {each.name: parse_json_expression(each.expression) for each in extractions}
        self._tables: dict[tuple[str, ...], KeyTable | None] = {}

    def extract(self, lines: pa.Array, needed: frozenset[str] | None) -> Extracted:
        sees_all = needed is None or "__error__" in needed
        names = tuple(name for name in self._paths if sees_all or name in (needed or ()))
        if not names:
            return nothing(len(lines), JSON_ERROR)
        paths = {name: self._paths[name] for name in names}
        walked = self._walk(lines, names)
        odd = read_rows(lines, walked.codes == ODD, lambda line: path_row(line, paths))
        has_error, errors = error_column(np.full(len(lines), -1, np.int32), [], odd)
        has_error |= walked.codes == FIRST_BYTE
        incomplete = _lacks_labels(walked, len(set(paths.values())))
        incomplete[[row for row, read in odd.items() if not read.is_complete]] = True
        asked = [name for name in names if needed is None or name in needed]
        feeds = {name: [_text_of(paths[name])] for name in asked}
        columns = target_columns(lines, walked, JSON, odd, feeds)
        defaults = Defaults(tuple(asked), incomplete, replaces_parsed=False)
        return Extracted(columns, JSON_ERROR, has_error, errors, overwrites=True, defaults=defaults)

    def _walk(self, lines: pa.Array, names: tuple[str, ...]) -> Walked:
        paths = {self._paths[name] for name in names}
        if names not in self._tables:
            self._tables[names] = _table(paths)
        table = self._tables[names]

        def scan(offsets: NDArray[np.int32], data: NDArray[np.uint8], keys: Keys, state: State) -> int:
            return scan_json(offsets, data, keys, state, PATHS, len(paths))

        return walk(lines, table, scan) if table is not None else _all_odd(len(lines))


def _lacks_labels(walked: Walked, paths: int) -> NDArray[np.bool_]:
    """(rows,) the lines that the kernel has read and where some path leads nowhere."""
    found = np.bincount(walked.spans[:, 0], minlength=len(walked.codes))
    lacks: NDArray[np.bool_] = (walked.codes == FINE) & (found < paths)
    return lacks


def _all_odd(rows: int) -> Walked:
    codes = np.full(rows, ODD, np.uint8)
    return Walked(codes, np.zeros(rows, np.int32), np.empty((0, 4), np.int32), [])


def _table(paths: Iterable[Path]) -> KeyTable | None:
    """All keys of the paths, or None where they are too many."""
    texts = {_text_of(path): path for path in paths}
    steps = [(_text_of(path[:size]), path[size]) for path in paths for size in range(1, len(path))]
    opening, indexed = {text for text, _ in steps}, {text for text, part in steps if isinstance(part, int)}

    def resolve(prefix: str, key: str) -> Meaning:
        text = f"{prefix}/{key!r}"
        return Meaning(text, text if text in texts else None, 2 if text in indexed else int(text in opening))

    table = KeyTable(resolve)
    for path in paths:
        parent = 0
        for part in takewhile(lambda part: isinstance(part, str), path):
            entry = table.entry(parent, str(part).encode())
            if entry is None:
                return None
            parent = entry
    return table


def _text_of(path: Path) -> str:
    return "".join(f"/{part!r}" for part in path)
