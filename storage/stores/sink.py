"""An Arrow sink over a file that is being published: streams, and hides none of its writes from ``Files``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from storage.stores.append_file import AppendFile

__all__ = ["arrow_sink"]

_GATHERED_BYTES = 1 << 20  # Arrow writes paddings and heads of a few bytes each


class _Gathering:
    """A file as ``pa.PythonFile`` wants it; writes of a few bytes are gathered into long ones."""

    def __init__(self, file: AppendFile) -> None:
        self._file = file
        self._gathered: list[bytes] = []
        self._gathered_bytes = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        self._gathered.append(data)
        self._gathered_bytes += len(data)
        if self._gathered_bytes >= _GATHERED_BYTES:
            self.flush()
        return len(data)

    def flush(self) -> None:
        gathered, self._gathered, self._gathered_bytes = self._gathered, [], 0
        if gathered:
            self._file.append(gathered)

    def tell(self) -> int:
        return self._file.size + self._gathered_bytes

    def close(self) -> None:
        self.closed = True


@contextmanager
def arrow_sink(file: AppendFile) -> Iterator[pa.NativeFile]:
    """What is written to the sink is appended to ``file`` when the block ends without an exception."""
    gathering = _Gathering(file)
    with pa.PythonFile(gathering, mode="w") as sink:
        yield sink
        gathering.flush()
