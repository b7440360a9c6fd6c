"""Parts: immutable sorted runs of one tenant's rows, each an Arrow IPC file and an index. See docs/format.md."""

from storage.part.catalogue import Catalogue, load_catalogue
from storage.part.index import ChunkEntry, PartIndex
from storage.part.names import part_key, tenant_folder, tenant_of
from storage.part.part import Part
from storage.part.stores import Stores, open_stores
from storage.part.writer import PartPlan, write_chunks, write_part

__all__ = [
    "Catalogue",
    "ChunkEntry",
    "Part",
    "PartIndex",
    "PartPlan",
    "Stores",
    "load_catalogue",
    "open_stores",
    "part_key",
    "tenant_folder",
    "tenant_of",
    "write_chunks",
    "write_part",
]
