"""Commits and the checkpoint: durable before anything is sent, whole or not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest_client.agent.checkpoint import Checkpoint, imported_positions
from ingest_client.agent.commits import Commits, Lines

LINES: Lines = {"": ([{"job": "j"}], [(0, 5, "line ü \ud800", {"a": "b"})])}


def test_a_commit_is_there_in_the_next_process(tmp_path: Path) -> None:
    commits = Commits(tmp_path)
    first = commits.add({"positions": {}}, LINES)
    after = Commits(tmp_path)
    found = after.load(first.number)
    assert found is not None
    assert (found.checkpoint, found.lines[""][0]) == ({"positions": {}}, [{"job": "j"}])
    assert list(map(list, found.lines[""][1])) == [[0, 5, "line ü ?", {"a": "b"}]]
    assert after.add({}, {}).number == first.number + 1


def test_commits_go_in_order_and_only_behind_a_saved_checkpoint(tmp_path: Path) -> None:
    commits = Commits(tmp_path)
    numbers = [commits.add({}, LINES).number for _ in range(3)]
    commits.delivered(numbers[1])
    assert commits.sweep(numbers[2]) == 0
    commits.delivered(numbers[0])
    assert commits.sweep(numbers[0]) == 1
    assert commits.sweep(numbers[2]) == 1
    assert commits.numbers == [numbers[2]]
    assert commits.size_bytes == sum(path.stat().st_size for path in tmp_path.glob("*.commit"))


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_a_damaged_commit_is_set_aside_and_counted(tmp_path: Path, place: int) -> None:
    commits = Commits(tmp_path)
    number = commits.add({}, LINES).number
    (path,) = tmp_path.glob("*.commit")
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    assert commits.load(number) is None
    assert (commits.damaged, commits.numbers) == (1, [])
    assert len(list(tmp_path.glob("*.damaged"))) == 1


def test_a_commit_that_was_not_finished_is_none(tmp_path: Path) -> None:
    Commits(tmp_path).add({}, LINES)
    (tmp_path / "000000000002.new").write_bytes(b"SKC1torn")
    assert Commits(tmp_path).numbers == [1]


def test_a_folder_that_cannot_be_written_commits_nothing(tmp_path: Path) -> None:
    commits = Commits(tmp_path / "folder")
    (tmp_path / "folder").rmdir()
    with pytest.raises(OSError, match="No such file"):
        commits.add({}, LINES)
    (tmp_path / "folder").mkdir()
    assert commits.add({}, LINES).number == 1


def changes(positions: dict[str, object], newest: dict[str, int]) -> dict[str, object]:
    return {"positions": positions, "states": {"job": newest}, "newest": newest}


def test_a_checkpoint_is_what_was_saved_and_the_commits_after_it(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "positions.json")
    checkpoint.apply(1, changes({"s": {"a": [1], "b": [2]}}, {"x": 1}))
    checkpoint.save()
    after = Checkpoint(tmp_path / "positions.json")
    after.apply(1, changes({"s": {"a": [9]}}, {"x": 9}))
    after.apply(2, changes({"s": {"b": None}, "t": {"c": [3]}}, {"y": 2}))
    assert after.positions == {"s": {"a": [1]}, "t": {"c": [3]}}
    assert (after.newest, after.states, after.number) == ({"x": 1, "y": 2}, {"job": {"y": 2}}, 2)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 9}', '{"version": 1, "commit": "x"}'])
def test_a_damaged_checkpoint_is_kept_aside(tmp_path: Path, text: str) -> None:
    path = tmp_path / "positions.json"
    path.write_text(text)
    checkpoint = Checkpoint(path)
    assert "was kept as positions.json.damaged" in checkpoint.damage
    assert (checkpoint.number, checkpoint.positions) == (0, {})
    assert (tmp_path / "positions.json.damaged").read_text() == text


def test_promtails_positions_are_read(tmp_path: Path) -> None:
    path = tmp_path / "positions.yaml"
    path.write_text('positions:\n  /var/log/a.log: "123"\n  cursor-journal: s=abc;i=1\n')
    assert imported_positions(path) == {"/var/log/a.log": 123}
    for text in ("", "[]", "positions: 5", "{"):
        path.write_text(text)
        assert imported_positions(path) == {}
    assert imported_positions(tmp_path / "none") == {}


def test_what_is_saved_is_json(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "positions.json")
    checkpoint.save()
    assert json.loads((tmp_path / "positions.json").read_text())["commit"] == 0
