"""The version of this program, as installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

__all__ = ["VERSION"]


def _installed() -> str:
    try:
        return version("skaldlog")
    except PackageNotFoundError:
        return "unknown"


VERSION = _installed()
