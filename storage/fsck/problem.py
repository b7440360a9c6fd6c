"""Errors as findings."""

from __future__ import annotations

from collections.abc import Callable

from storage.errors import StorageError

__all__ = ["problem_of"]


def problem_of(check: Callable[[], object]) -> str:
    """What ``check`` complains of, or nothing."""
    try:
        check()
    except (StorageError, OSError) as error:
        return str(error)
    return ""
