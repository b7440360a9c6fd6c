"""Parts: immutable sorted runs of one tenant's rows, each an Arrow IPC file and an index. See docs/format.md."""

from storage.part.index import ChunkEntry, PartIndex
from storage.part.part import Part
from storage.part.writer import write_part

__all__ = ["ChunkEntry", "Part", "PartIndex", "write_part"]
