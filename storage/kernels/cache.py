"""Where machine code is kept between runs: a folder for each state of the kernels' sources.

numba only looks at the file that a kernel is in, so a kernel would keep the old code of a helper, and the old value of
a constant, in another file. A folder named by a digest of all sources that kernels follow from cannot be stale, whoever
edits, upgrades or copies them.
"""

from __future__ import annotations

import hashlib
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

from numba import config as numba_config

from storage.kernels.sources import kernel_sources

__all__ = ["use_own_cache_folder"]

_config: Any = numba_config
_PACKAGES = ("storage", "logql", "server")


def use_own_cache_folder() -> None:
    """Before the first kernel is declared. A folder that the user gave to numba (NUMBA_CACHE_DIR) is left alone."""
    if not _config.CACHE_DIR:
        _config.CACHE_DIR = str(_base() / f"kernels-{_digest()}")


def _base() -> Path:
    beside = Path(__file__).parent
    if os.access(beside, os.W_OK):
        return beside / "__pycache__"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "skaldlog"


def _digest() -> str:
    digest = hashlib.blake2b(digest_size=8)
    for source in kernel_sources(_PACKAGES, files):
        digest.update(source.read_bytes())
    return digest.hexdigest()
