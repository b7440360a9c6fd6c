"""Bytes to lines, and patterns of paths."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest_client.agent.files.globs import matches, paths_of
from ingest_client.agent.files.lines import LineSplitter


@given(st.lists(st.text(st.characters(exclude_characters="\n\r\ufeff", codec="utf-8"))), st.data())
def test_lines_come_out_however_the_bytes_are_cut(lines: list[str], data: st.DataObject) -> None:
    text = "".join(line + "\n" for line in lines).encode()
    splitter, out, place = LineSplitter(), list[str](), 0
    while place < len(text):
        size = data.draw(st.integers(1, 12))
        out += splitter.split(text[place : place + size])
        place += size
        assert splitter.consumed + splitter.pending_bytes == min(place, len(text))
    assert out == lines


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "latin-1", "utf-8"])
def test_encodings(encoding: str) -> None:
    data = "grün\nĊ ok\n".encode(encoding) if encoding != "latin-1" else "grün\nx ok\n".encode(encoding)
    splitter = LineSplitter(encoding)
    lines = [line for number in range(len(data)) for line in splitter.split(data[number : number + 1])]
    assert lines == ["grün", "Ċ ok" if encoding != "latin-1" else "x ok"]
    assert splitter.consumed == len(data)


def test_ends_of_lines_and_of_files() -> None:
    splitter = LineSplitter()
    assert splitter.split(b"a\r\nb\n\nrest\xff") == ["a", "b", ""]
    assert splitter.finish() == ["rest\ufffd"]
    assert splitter.finish() == []


def test_a_line_without_end_is_given_out_in_pieces() -> None:
    splitter = LineSplitter()
    assert [len(line) for line in splitter.split(b"x" * (3 << 19))] == [3 << 19]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("a.log", "b.txt", "x/a.log", "x/y/c.log", "x/y/debug-d.log", ".hidden.log"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "dir.log").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "exclude", "names"),
    [
        ("*.log", "", [".hidden.log", "a.log"]),
        ("**/*.log", "", [".hidden.log", "a.log", "x/a.log", "x/y/c.log", "x/y/debug-d.log"]),
        ("**/*.log", "**/debug-*.log", [".hidden.log", "a.log", "x/a.log", "x/y/c.log"]),
        ("**/*.log", "x/**", [".hidden.log", "a.log"]),
        ("{a,b}.{log,txt}", "", ["a.log", "b.txt"]),
        ("[ab].*", "[!b].*", ["b.txt"]),
        ("x/?.log", "", ["x/a.log"]),
        ("none/*.log", "", []),
    ],
)
def test_patterns(tree: Path, pattern: str, exclude: str, names: list[str]) -> None:
    found = paths_of(f"{tree}/{pattern}", f"{tree}/{exclude}" if exclude else "")
    assert [path.removeprefix(f"{tree}/") for path in found] == names
    assert all(matches(path, f"{tree}/{pattern}") for path in found)
