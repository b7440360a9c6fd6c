"""The names of a part's two objects. Changing them orphans every part ever written."""

from __future__ import annotations

import time
from collections.abc import Iterable
from urllib.parse import quote, unquote

__all__ = ["ARROW_SUFFIX", "INDEX_SUFFIX", "index_key", "part_key", "part_keys", "tenant_folder", "tenant_of"]

ARROW_SUFFIX = ".arrow"
INDEX_SUFFIX = ".index"
_MAX_FOLDER_BYTES = 255  # what file systems take
_SAFE = "!*'()"  # legal in Loki's tenant ids and harmless in names


def tenant_folder(tenant: str) -> str:
    """The first step of all keys of a tenant. Raises ValueError for a name that no file system could hold."""
    folder = quote(tenant, safe=_SAFE)
    if not folder.strip("."):
        folder = folder.replace(".", "%2E")
    if not 0 < len(folder) <= _MAX_FOLDER_BYTES:
        raise ValueError(f"tenant {tenant[:40]!r}: a tenant's name must have 1 to {_MAX_FOLDER_BYTES} bytes")
    return folder


def part_key(tenant: str, min_ts: int, max_ts: int, digest: str) -> str:
    """``tenant/day/first-last-digest``: keys sort by tenant, day and time. ``digest`` tells parts apart."""
    day = time.strftime("%Y-%m-%d", time.gmtime(min_ts // 10**9))
    return f"{tenant_folder(tenant)}/{day}/{min_ts:020d}-{max_ts:020d}-{digest}"


def part_keys(objects: Iterable[str]) -> list[str]:
    """The parts of which there is anything among the keys of a store's objects, sorted."""
    keys = tuple(objects)
    return sorted({key.removesuffix(end) for key in keys for end in (ARROW_SUFFIX, INDEX_SUFFIX) if key.endswith(end)})


def index_key(key: str) -> str:
    """The object that makes the part ``key`` exist."""
    return key + INDEX_SUFFIX


def tenant_of(key: str) -> str:
    """The tenant whose object has this key."""
    return unquote(key.split("/", 1)[0])
