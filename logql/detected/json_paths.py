"""Under which keys of a JSON line the labels lie that ``| json`` makes of it."""

from __future__ import annotations

from collections.abc import Iterator

from logql.parsers.json_rows import join_path
from logql.parsers.json_text import Blocks, JsonDefect, Kind, Value, members, value_text
from logql.parsers.names import join_parts

__all__ = ["Path", "json_paths"]

Path = tuple[str, ...]


def json_paths(line: bytes) -> dict[str, Path]:
    """The keys from the outermost to the value's own, by label name; the first value of a name counts."""
    paths: dict[str, Path] = {}
    try:
        for path, prefix, value in _leaves(line):
            name = join_parts(prefix)
            if name and value_text(line, value) is not None:
                paths.setdefault(name, path)
    except JsonDefect:
        pass
    return paths


def _leaves(line: bytes) -> Iterator[tuple[Path, str, Value]]:
    """The path, the joined parts of the name, and the value of every member that is no object."""
    blocks = Blocks(line)
    opened: list[tuple[Path, str, Iterator[tuple[str, Value]]]] = [((), "", members(line, 0, len(line), blocks))]
    while opened:
        path, prefix, rest = opened[-1]
        member = next(rest, None)
        if member is None:
            opened.pop()
            continue
        key, value = member
        below, joined = (*path, key), join_path(prefix, key)
        if value.kind is Kind.OBJECT:
            opened.append((below, joined, members(line, value.start, value.stop, blocks)))
        else:
            yield below, joined, value
