"""Where the state of a program lies that was told no directory."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["default_directory"]


def default_directory() -> str | None:
    """``INGEST_CLIENT_DIRECTORY``, else ``skaldlog`` in the user's state folder; None when that variable is empty.

    A container keeps neither over a new start: mount something there.
    """
    given = os.environ.get("INGEST_CLIENT_DIRECTORY")
    if given is not None:
        return given or None
    state = os.environ.get("XDG_STATE_HOME")
    try:
        return str(Path(state or Path.home() / ".local" / "state") / "skaldlog")
    except RuntimeError:  # a user without a home
        return None
