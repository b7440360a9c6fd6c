"""Files through everything that happens to them: each line once, in order, also over restarts."""

from __future__ import annotations

import bz2
import gzip
import itertools
import lzma
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest_client.agent.config.model import ScrapeConfig, StaticTarget
from ingest_client.agent.files.position import FilePosition
from ingest_client.agent.files.watcher import FileWatcher


class World:
    """A folder, a watcher over ``*.log`` of it, a clock, and the positions that survive a restart."""

    def __init__(self, folder: Path, pattern: str = "*.log", read_from: str = "start") -> None:
        self.folder, self.now_s = folder, 0.0
        self.target = StaticTarget({}, str(folder / pattern), read_from=read_from)
        self.positions: dict[str, FilePosition] = {}
        self.troubles: list[str] = []
        self.imported: dict[str, int] = {}
        self.watcher = self._make()

    def _make(self) -> FileWatcher:
        return FileWatcher(
            self.target,
            ScrapeConfig("job", "job"),
            self.positions,
            lambda kind, text: self.troubles.append(text) if text else None,
            self.imported,
            lambda: self.now_s,
        )

    def restart(self) -> None:
        self.watcher.close()
        saved = {key: position.to_json() for key, position in self.positions.items()}
        self.positions = {key: FilePosition.from_json(key, fields) for key, fields in saved.items()}
        self.watcher = self._make()

    def write(self, name: str, *lines: str) -> None:
        with (self.folder / name).open("a") as file:
            file.writelines(f"{line}\n" for line in lines)

    def read_some(self, max_bytes: int) -> list[str]:
        """What one look at the files gives."""
        self.watcher.discover()
        return [line for _, lines in self.watcher.read(max_bytes) for line in lines]

    def read(self) -> list[str]:
        """All lines until nothing comes any more, with the clock running."""
        out: list[str] = []
        quiet = 0
        while quiet < 4:
            self.watcher.discover()
            lines = [line for _, lines in self.watcher.read(1 << 16) for line in lines]
            out += lines
            quiet = 0 if lines else quiet + 1
            self.now_s += 3.0
        return out


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def rename(path: Path, rotated: Path) -> None:
    path.rename(rotated)


def copy_and_cut(path: Path, rotated: Path) -> None:
    shutil.copyfile(path, rotated)
    os.truncate(path, 0)


def packed(suffix: str, compress: Callable[[bytes], bytes]) -> Callable[[Path, Path], None]:
    def rotate(path: Path, rotated: Path) -> None:
        rotated.with_name(rotated.name + suffix).write_bytes(compress(path.read_bytes()))
        os.truncate(path, 0)

    return rotate


ROTATIONS = {
    "rename": rename,
    "copytruncate": copy_and_cut,
    "gz": packed(".gz", gzip.compress),
    "bz2": packed(".bz2", bz2.compress),
    "xz": packed(".xz", lzma.compress),
}


@pytest.mark.parametrize("kind", ROTATIONS)
@pytest.mark.parametrize("is_down", [False, True])
@pytest.mark.parametrize("pattern", ["*.log", "*.log*"])
def test_lines_written_before_and_after_a_rotation_come_once(
    tmp_path: Path, kind: str, is_down: bool, pattern: str
) -> None:
    world = World(tmp_path, pattern)
    world.write("a.log", "one with some text", "two")
    assert world.read() == ["one with some text", "two"]
    world.write("a.log", "three", "four")
    ROTATIONS[kind](tmp_path / "a.log", tmp_path / "a.log.1")
    world.write("a.log", "five with another text")
    if is_down:
        world.restart()
    assert world.read() == ["three", "four", "five with another text"]
    assert world.read() == []
    world.write("a.log", "six")
    world.restart()
    assert world.read() == ["six"]
    assert world.troubles == []


@pytest.mark.parametrize("is_down", [False, True])
def test_generations_that_nobody_saw_are_read_in_their_order(tmp_path: Path, is_down: bool) -> None:
    world = World(tmp_path)
    world.write("a.log", "first generation, line 1")
    assert len(world.read()) == 1
    world.write("a.log", "first generation, line 2")
    (tmp_path / "a.log").rename(tmp_path / "a.log.3")
    os.utime(tmp_path / "a.log.3", (1000, 1000))
    for number, moment in ((2, 2000), (1, 3000)):
        world.write(f"a.log.{number}", f"generation {number} that nobody saw")
        os.utime(tmp_path / f"a.log.{number}", (moment, moment))
    world.write("a.log", "the last generation")
    if is_down:
        world.restart()
    assert world.read() == [
        "first generation, line 2",
        "generation 2 that nobody saw",
        "generation 1 that nobody saw",
        "the last generation",
    ]


def test_rotated_files_from_before_the_first_start_are_not_read(world: World) -> None:
    world.write("a.log.1", "long ago")
    world.write("a.log", "now")
    assert world.read() == ["now"]


def test_a_file_that_is_cut_without_a_copy_is_read_from_its_beginning(world: World) -> None:
    world.write("a.log", "a rather long line to begin with")
    world.read()
    (world.folder / "a.log").write_text("short\n")
    assert world.read() == ["short"]


def test_a_file_that_is_cut_and_grew_beyond_where_it_was_read_is_seen(world: World) -> None:
    world.write("a.log", "old line")
    world.read()
    (world.folder / "a.log").write_text("another line, longer than the old one\n")
    assert world.read() == ["another line, longer than the old one"]


def test_a_deleted_file_is_read_to_its_end(world: World) -> None:
    world.write("a.log", "one")
    world.read()
    world.write("a.log", "two")
    (world.folder / "a.log").unlink()
    assert world.read() == ["two"]
    assert world.watcher.tails == []


def test_a_last_line_without_end_comes_when_the_file_has_ended(world: World) -> None:
    (world.folder / "a.log").write_text("one\ntwo")
    assert world.read() == ["one"]
    (world.folder / "a.log").rename(world.folder / "a.log.1")
    assert world.read() == ["two"]


def test_a_line_that_is_written_in_two_parts_is_one(world: World) -> None:
    (world.folder / "a.log").write_text("begin")
    assert world.read() == []
    world.restart()
    world.write("a.log", " and end")
    assert world.read() == ["begin and end"]


def test_files_that_are_there_can_be_begun_at_their_end(tmp_path: Path) -> None:
    world = World(tmp_path, read_from="end")
    world.write("a.log", "old")
    assert world.read() == []
    world.write("a.log", "new")
    world.write("b.log", "from a new file")
    assert sorted(world.read()) == ["from a new file", "new"]


def test_compressed_files_that_match_are_read_once(tmp_path: Path) -> None:
    world = World(tmp_path, "*")
    (tmp_path / "old.log.gz").write_bytes(gzip.compress(b"one\ntwo\nthree without end"))
    assert world.read() == ["one", "two", "three without end"]
    world.restart()
    assert world.read() == []


def test_a_damaged_compressed_file_gives_what_it_has(tmp_path: Path) -> None:
    world = World(tmp_path, "*")
    data = gzip.compress(b"".join(random.Random(1).randbytes(30).hex().encode() + b"\n" for _ in range(20_000)))
    (tmp_path / "old.gz").write_bytes(data[: len(data) // 2])
    assert len(world.read()) > 1000
    assert "damaged" in world.troubles[0]


def test_where_promtail_was_is_where_reading_begins(world: World) -> None:
    world.write("a.log", "read by promtail", "not yet")
    world.imported[str(world.folder / "a.log")] = len("read by promtail\n")
    assert world.read() == ["not yet"]


def test_a_file_under_two_names_is_read_once(world: World) -> None:
    world.write("a.log", "x")
    (world.folder / "b.log").symlink_to(world.folder / "a.log")
    assert world.read() == ["x"]


def test_logs_that_begin_alike_are_not_taken_for_copies(world: World) -> None:
    world.write("worker.log", "starting worker with a long banner")
    world.write("worker-1.log", "starting worker with a long banner")
    assert len(world.read()) == 2


def test_positions_of_files_that_are_gone_are_forgotten(world: World) -> None:
    world.write("a.log", "x")
    world.read()
    (world.folder / "a.log").unlink()
    world.read()
    world.watcher.forget_gone()
    assert world.positions == {}


@pytest.mark.parametrize("seed", range(12))
def test_random_histories_lose_and_double_nothing(tmp_path: Path, seed: int) -> None:
    chance, world = random.Random(seed), World(tmp_path)
    written: list[str] = []
    seen: list[str] = []
    world.write("a.log", "line 0 of them all")
    written.append("line 0 of them all")
    seen += world.read()
    for step in range(30):
        what = chance.choice(["write", "write", "read", "restart", "rotate"])
        if what == "write":
            lines = [f"line {len(written) + number} of step {step}" for number in range(chance.randint(1, 4))]
            world.write("a.log", *lines)
            written += lines
        elif what == "read":
            seen += world.read()
        elif what == "restart":
            world.restart()
        elif (tmp_path / "a.log").exists():
            kind = chance.choice(list(ROTATIONS))
            # Rotated files of an empty one say nothing of where they come from.
            if (tmp_path / "a.log").stat().st_size:
                ROTATIONS[kind](tmp_path / "a.log", tmp_path / f"a.log.{step}")
                for path in tmp_path.glob(f"a.log.{step}*"):
                    os.utime(path, (1000 + step, 1000 + step))
                world.write("a.log", f"line {len(written)} after rotation {step}")
                written.append(f"line {len(written)} after rotation {step}")
                seen += world.read()
    seen += world.read()
    assert seen == written


@pytest.mark.parametrize("restarts", list(itertools.product([False, True], repeat=3)))
@pytest.mark.parametrize("kinds", list(itertools.product(["rename", "copytruncate", "gz"], repeat=2)))
def test_generations_that_are_half_read_are_read_in_their_order(
    world: World, kinds: tuple[str, str], restarts: tuple[bool, bool, bool]
) -> None:
    written: list[str] = []
    seen: list[str] = []
    for generation, restart in enumerate(restarts):
        lines = [f"line {number} of generation {generation}" for number in range(100)]
        written += lines
        world.write("a.log", *lines)
        seen += world.read_some(700)
        if generation < len(kinds):
            ROTATIONS[kinds[generation]](world.folder / "a.log", world.folder / f"a.log.{generation}")
            for path in world.folder.glob(f"a.log.{generation}*"):
                os.utime(path, (1000 + generation, 1000 + generation))
        if restart:
            world.restart()
    seen += world.read()
    assert seen == written


@pytest.mark.parametrize("seed", range(40))
def test_histories_of_a_reader_that_is_far_behind_lose_and_double_nothing(tmp_path: Path, seed: int) -> None:
    chance, world = random.Random(seed), World(tmp_path)
    written: list[str] = []
    seen: list[str] = []
    unpacked: list[Path] = []
    for step in range(60):
        what = chance.choice(["write", "write", "read", "read", "restart", "rotate", "pack"])
        if what == "write" or not (tmp_path / "a.log").exists():
            lines = [f"line {len(written) + number} of step {step}" for number in range(chance.randint(1, 60))]
            world.write("a.log", *lines)
            written += lines
        elif what == "read":
            seen += world.read_some(chance.choice([40, 200, 1000]))
        elif what == "restart":
            world.restart()
            seen += world.read_some(40)
        elif what == "pack" and unpacked:
            path = unpacked.pop(0)
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
            shutil.copystat(path, path.with_name(path.name + ".gz"))
            path.unlink()
        elif what == "rotate" and seen and (tmp_path / "a.log").stat().st_size:
            kind, rotated = chance.choice(["rename", "copytruncate", "gz"]), tmp_path / f"a.log.{step}"
            # What nobody looked at before it is rotated, of a file that nobody knows, is nobody's.
            seen += world.read_some(40)
            ROTATIONS[kind](tmp_path / "a.log", rotated)
            unpacked += [rotated] if kind != "gz" else []
            for path in tmp_path.glob(f"a.log.{step}*"):
                os.utime(path, (1000 + step, 1000 + step))
    while more := world.read():
        seen += more
    assert seen == written
