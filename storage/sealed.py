"""Small JSON documents that people may read, with a checksum in a second line: another letter is damage."""

from __future__ import annotations

import google_crc32c

from storage.errors import CorruptData

__all__ = ["seal", "unseal"]


def seal(document: bytes) -> bytes:
    """``document`` (one line) and its checksum."""
    return b"%s\n%08x\n" % (document, google_crc32c.value(document))


def unseal(data: bytes, path: str) -> bytes:
    """The document that was sealed. Raises CorruptData, naming ``path``."""
    document = data.partition(b"\n")[0]
    if data != seal(document):
        raise CorruptData(path, 0, "it is not what was written: its checksum is wrong")
    return document
