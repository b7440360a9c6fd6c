"""Open readers are kept for their thread, and no more than a few of them."""

from __future__ import annotations

import threading
from pathlib import Path

import pyarrow as pa

from storage.part.readers import _MOST, kept_reader


class Opener:
    """Opens a file and counts how often."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: list[pa.NativeFile] = []

    def __call__(self) -> tuple[pa.NativeFile, pa.RecordBatchFileReader]:
        file = pa.OSFile(str(self.path))
        self.files.append(file)
        return file, pa.ipc.open_file(file)


def opener(folder: Path) -> Opener:
    batch = pa.record_batch({"n": [1, 2]})
    with pa.OSFile(str(folder / "a.arrow"), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return Opener(folder / "a.arrow")


def test_a_reader_is_opened_once_for_each_set_of_columns(tmp_path: Path) -> None:
    opens, owner = opener(tmp_path), object()
    readers = [kept_reader(owner, columns, opens) for columns in ("ts", "line", "ts", "line")]
    assert readers[0] is readers[2]
    assert readers[1] is readers[3]
    assert len(opens.files) == 2


def test_each_thread_has_its_own(tmp_path: Path) -> None:
    opens, owner = opener(tmp_path), object()
    threads = [threading.Thread(target=kept_reader, args=(owner, "ts", opens)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opens.files) == 3


def test_the_longest_unused_is_closed(tmp_path: Path) -> None:
    opens, first = opener(tmp_path), object()
    kept_reader(first, "ts", opens)
    others = [object() for _ in range(_MOST)]
    for other in others:
        kept_reader(other, "ts", opens)
    assert opens.files[0].closed
    assert not opens.files[-1].closed
    assert kept_reader(first, "ts", opens).get_batch(0).num_rows == 2
