"""A folder has one user, and is free again however that one ended."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from storage.database import Database
from storage.stores import FolderLock
from tests.storage.databases import opened

HOLD = """
import pathlib, sys
from storage.stores import FolderLock
lock = FolderLock(pathlib.Path(sys.argv[1]))
print("held", flush=True)
input()
"""


def test_a_second_user_is_refused_until_the_first_is_done(tmp_path: Path) -> None:
    first = FolderLock(tmp_path)
    with pytest.raises(OSError, match="another process is using it"):
        FolderLock(tmp_path)
    first.release()
    first.release()
    FolderLock(tmp_path).release()


def test_a_killed_process_leaves_its_folder_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(OSError, match="another process"):
            FolderLock(tmp_path)
        process.kill()
    FolderLock(tmp_path).release()


def test_a_second_database_cannot_touch_the_files_of_a_running_one(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(OSError, match="another process is using it"):
        Database(tmp_path)
    with opened(tmp_path):
        pass
