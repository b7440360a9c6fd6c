"""Databases that tests open, crash and open again."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.database import Database
from storage.policies import Policies
from storage.settings import StorageSettings
from tests.storage.entries import Entry, entries_of_sources

__all__ = ["NEVER_FLUSHES", "assert_holds", "crashed_copy", "opened", "stored"]

NEVER_FLUSHES = StorageSettings(head_age_s=1e9)


@contextmanager
def opened(
    root: Path, settings: StorageSettings = NEVER_FLUSHES, policies: Policies | None = None
) -> Iterator[Database]:
    database = Database(root, settings, policies=policies)
    database.start()
    try:
        yield database
    finally:
        database.stop()


def crashed_copy(root: Path, target: Path) -> Path:
    """What a SIGKILL at this moment would leave on disk."""
    shutil.copytree(root, target)
    return target


def stored(database: Database, tenant: str) -> list[Entry]:
    return entries_of_sources(database.sources(tenant))


def assert_holds(database: Database, tenant: str, expected: set[Entry]) -> None:
    """Exactly these entries, each once."""
    found = Counter(stored(database, tenant))
    twice = [entry for entry, times in found.items() if times > 1]
    assert not twice, f"stored twice: {twice[:3]}"
    missing, foreign = expected - set(found), set(found) - expected
    assert not missing, f"{len(missing)} lost, such as {next(iter(missing))}"
    assert not foreign, f"{len(foreign)} of unknown origin, such as {next(iter(foreign))}"
