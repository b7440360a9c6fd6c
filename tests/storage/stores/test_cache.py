"""The cache on disk: bounded, never wrong, and no worse than none when its disk fails."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import google_crc32c
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.stores.cache import DiskCache
from storage.stores.cache_order import CacheOrder
from storage.stores.files import OPERATING_SYSTEM, OpenFile, OperatingSystemFiles
from storage.stores.pieces import Piece, Span, coalesced


def piece(start: int, data: bytes) -> Piece:
    return Piece((Span(start, start + len(data)),), google_crc32c.value(data))


def test_what_was_put_is_found_also_by_the_next_process(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path / "a" / "cache", 1000)
    contents = {start: bytes([start]) * 50 for start in range(10)}
    for start, data in contents.items():
        assert cache.get("key", piece(start, data)) is None
        cache.put("key", piece(start, data), data)
    for opened in (cache, DiskCache(tmp_path / "a" / "cache", 1000)):
        assert [opened.get("key", piece(start, data)) for start, data in contents.items()] == list(contents.values())
        assert opened.get("other", piece(0, contents[0])) is None
        assert opened.total_bytes == 500


DAMAGE: Mapping[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[:-1],
    "empty": lambda data: b"",
    "longer": lambda data: data + b"x",
    "flipped": lambda data: data[:7] + bytes([data[7] ^ 1]) + data[8:],
    "zeros": lambda data: bytes(len(data)),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_and_half_written_files_are_dropped_and_never_answered(tmp_path: Path, damage: str) -> None:
    data = b"the content of a piece"
    DiskCache(tmp_path, 1000).put("key", piece(0, data), data)
    (file,) = tmp_path.iterdir()
    file.write_bytes(DAMAGE[damage](data))
    cache = DiskCache(tmp_path, 1000)
    assert cache.get("key", piece(0, data)) is None
    assert (list(tmp_path.iterdir()), cache.total_bytes) == ([], 0)
    cache.put("key", piece(0, data), data)
    assert cache.get("key", piece(0, data)) == data


def test_a_file_that_somebody_removed_is_a_miss(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, 1000)
    cache.put("key", piece(0, b"data"), b"data")
    for file in tmp_path.iterdir():
        file.unlink()
    assert cache.get("key", piece(0, b"data")) is None


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    names = ["README", "a-b-c-d.piece", "x.piece", "1-2-3.piece"]
    for name in names:
        (tmp_path / name).write_bytes(b"somebody's")
    assert DiskCache(tmp_path, 1).total_bytes == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def test_a_smaller_limit_is_kept_at_the_next_start(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, 1000)
    for start in range(10):
        cache.put("key", piece(start, bytes(100)), bytes(100))
    assert DiskCache(tmp_path, 300).total_bytes == 300
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 300


def test_a_deleted_object_takes_its_bytes_along(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, 1000)
    for key in ("kept", "gone"):
        for start in range(3):
            cache.put(key, piece(start, bytes(10)), bytes(10))
    DiskCache(tmp_path, 1000).forget("gone")
    assert len(list(tmp_path.iterdir())) == 3


class FullDisk(OperatingSystemFiles):
    """Takes names but no bytes."""

    def create(self, path: Path) -> OpenFile:
        super().create(path).close()
        raise OSError(28, "No space left on device")


def test_a_full_disk_makes_it_a_cache_that_keeps_nothing(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, 1000, FullDisk())
    cache.put("key", piece(0, b"data"), b"data")
    assert cache.get("key", piece(0, b"data")) is None
    assert (list(tmp_path.iterdir()), cache.total_bytes) == ([], 0)


def test_threads_that_read_write_and_drop_never_see_wrong_bytes(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, 2000, OPERATING_SYSTEM)
    wrong: list[int] = []

    def work(seed: int) -> None:
        for number in range(200):
            start = (seed * 7 + number * 13) % 50
            data = bytes([start]) * 100
            found = cache.get("key", piece(start, data))
            if found is None:
                cache.put("key", piece(start, data), data)
            elif found != data:
                wrong.append(start)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert cache.total_bytes <= 2000


def test_a_scan_over_everything_leaves_what_is_asked_for_again_and_again() -> None:
    order = CacheOrder(100)
    for name in ("hot1", "hot2", "hot3"):
        order.add(name, 20)
        order.use(name)
    gone = [name for number in range(50) for name in order.add(f"scan{number}", 20)]
    assert {"hot1", "hot2", "hot3"} <= set(order)
    assert gone == [f"scan{number}" for number in range(48)]


NAMES = st.sampled_from("abcdefgh")
STEPS = st.lists(st.tuples(st.sampled_from(["add", "touch", "remove"]), NAMES, st.integers(0, 60)))


@given(STEPS)
def test_an_order_keeps_its_limit_and_forgets_nothing_silently(
    steps: Sequence[tuple[str, str, int]],
) -> None:
    order, sizes = CacheOrder(100), dict[str, int]()
    for step, name, size in steps:
        if step == "add":
            sizes[name] = size
            for removed in order.add(name, size):
                del sizes[removed]
        elif step == "touch" and name in order:
            order.use(name)
        elif step == "remove":
            order.remove(name)
            sizes.pop(name, None)
        assert set(order) == set(sizes)
        assert len(list(order)) == len(sizes)
        assert order.total_bytes == sum(sizes.values()) <= 100


SPANS = st.lists(st.tuples(st.integers(0, 1 << 22), st.integers(1, 1 << 20)).map(lambda pair: Span(pair[0], sum(pair))))


@given(SPANS)
def test_coalesced_ranges_hold_every_span_and_are_far_apart(spans: list[Span]) -> None:
    asked = coalesced(spans)
    assert all(any(range_.start <= span.start and span.stop <= range_.stop for range_ in asked) for span in spans)
    assert all(after.start - before.stop > 256 << 10 for before, after in pairwise(asked))
    assert {range_.start for range_ in asked} <= {span.start for span in spans}
