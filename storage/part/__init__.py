"""Parts: immutable sorted runs of one tenant's rows, each an Arrow IPC file and an index. See docs/format/part.md."""

from storage.part.catalogue import Catalogue, Remains, load_catalogue, without_replaced
from storage.part.cuts import MAX_CHUNK_ROWS, cuts
from storage.part.index import ChunkEntry, PartIndex
from storage.part.names import index_key, part_key, part_keys, tenant_folder, tenant_of
from storage.part.part import Part
from storage.part.slots import Slot, slot_of
from storage.part.stores import UNFINISHED, Stores, open_stores
from storage.part.writer import PartPlan, write_chunks, write_part, write_parts

__all__ = [
    "MAX_CHUNK_ROWS",
    "UNFINISHED",
    "Catalogue",
    "ChunkEntry",
    "Part",
    "PartIndex",
    "PartPlan",
    "Remains",
    "Slot",
    "Stores",
    "cuts",
    "index_key",
    "load_catalogue",
    "open_stores",
    "part_key",
    "part_keys",
    "slot_of",
    "tenant_folder",
    "tenant_of",
    "without_replaced",
    "write_chunks",
    "write_part",
    "write_parts",
]
