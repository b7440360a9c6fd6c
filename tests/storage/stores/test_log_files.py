"""Files that only grow: all or nothing of an append, and numbers that are not mixed up."""

from __future__ import annotations

import errno
import os
import resource
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.stores import LogFiles


@pytest.fixture
def files(tmp_path: Path) -> LogFiles:
    return LogFiles(tmp_path / "wal")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.binary(max_size=20), max_size=5), max_size=4))
def test_appends_follow_each_other(files: LogFiles, appends: list[list[bytes]]) -> None:
    file = files.create(1, b"head")
    for buffers in appends:
        file.append_durably(buffers)
    file.close()
    expected = b"head" + b"".join(buffer for buffers in appends for buffer in buffers)
    assert files.read(1) == expected
    assert file.size == len(expected)


@pytest.mark.parametrize("cause", [errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS])
def test_where_the_system_cannot_write_through_the_file_is_synced(
    files: LogFiles, monkeypatch: pytest.MonkeyPatch, cause: int
) -> None:
    write = os.pwritev
    synced: list[int] = []

    def refuse_flags(number: int, buffers: Any, offset: int, *flags: int) -> int:
        if any(flags):
            raise OSError(cause, "as an old kernel says it")
        return write(number, buffers, offset)

    file = files.create(1, b"head")
    monkeypatch.setattr(os, "pwritev", refuse_flags)
    monkeypatch.setattr(os, "fdatasync", synced.append)
    file.append_durably([b"one", b"two"])
    monkeypatch.undo()
    file.close()
    assert (files.read(1), len(synced)) == (b"headonetwo", 1)


def test_a_failed_durable_append_leaves_nothing(files: LogFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> int:
        raise OSError(errno.EIO, "the disk failed")

    file = files.create(1, b"head")
    monkeypatch.setattr(os, "pwritev", fail)
    with pytest.raises(OSError, match="the disk failed"):
        file.append_durably([b"one"])
    monkeypatch.undo()
    file.append_durably([b"two"])
    file.close()
    assert files.read(1) == b"headtwo"


def test_more_buffers_than_one_call_takes_are_written(files: LogFiles) -> None:
    file = files.create(1, b"")
    file.append([b"%05d" % number for number in range(5000)])
    file.close()
    assert files.read(1) == b"".join(b"%05d" % number for number in range(5000))


def test_an_append_that_does_not_fit_is_taken_back_whole(files: LogFiles) -> None:
    file = files.create(1, b"head")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OSError, match="large"):
            file.append([b"x" * 600, b"y" * 600])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    file.append([b"tail"])
    file.close()
    assert files.read(1) == b"headtail"
    assert file.size == 8


def test_a_file_that_cannot_be_begun_leaves_neither_a_name_nor_an_open_file(files: LogFiles) -> None:
    before = len(os.listdir("/proc/self/fd"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2, hard))
    try:
        for _ in range(5):
            with pytest.raises(OSError, match="large"):
                files.create(1, b"header")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files.numbers() == []
    assert len(os.listdir("/proc/self/fd")) == before


def test_numbers_are_sorted_as_numbers_and_other_files_ignored(files: LogFiles) -> None:
    for number in (10**12, 2, 11):
        files.create(number, b"").close()
    for name in ("x.wal", "5.txt", "7.wal.tmp", "-3.wal"):
        (files.root / name).write_bytes(b"")
    assert files.numbers() == [2, 11, 10**12]


def test_a_replaced_file_has_its_new_content_and_a_quarantined_one_stays(files: LogFiles) -> None:
    files.create(1, b"damaged").close()
    copies = [Path(files.quarantine(1)), Path(files.quarantine(1))]
    files.replace(1, b"good")
    files.cut(1, 2)
    assert files.read(1) == b"go"
    assert [copy.read_bytes() for copy in copies] == [b"damaged"] * 2
    assert len(set(copies)) == 2
