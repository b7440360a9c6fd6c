"""Where machine code is kept: it changes with every kernel source, and with nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.kernels import cache

ROOT = Path(__file__).parents[3]
KERNELS = ["pkg/a/kernels.py", "pkg/kernels/__init__.py", "pkg/kernels/deep/more.py"]
OTHERS = ["pkg/__init__.py", "pkg/a/rows.py", "pkg/kernels/notes.txt", "pkg/kernels_too.py", "pkg/a/kernels.md"]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one package, whose digest is asked for."""
    for name in [*KERNELS, *OTHERS]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n")
    monkeypatch.setattr(cache, "_PACKAGES", ("pkg",))
    monkeypatch.setattr(cache, "files", tmp_path.joinpath)
    return tmp_path


@pytest.mark.parametrize("name", KERNELS)
def test_an_edited_kernel_source_has_another_folder(tree: Path, name: str) -> None:
    before = cache._digest()
    (tree / name).write_text("edited\n")
    assert cache._digest() != before


def test_an_edited_constant_that_a_kernel_takes_from_elsewhere_has_another_folder(tree: Path) -> None:
    (tree / "pkg/a/kernels.py").write_text("from pkg.a.rows import WIDTH\n")
    (tree / "pkg/a/rows.py").write_text("WIDTH = 4\n")
    before = cache._digest()
    (tree / "pkg/a/rows.py").write_text("WIDTH = 8\n")
    assert cache._digest() != before


@pytest.mark.parametrize("name", OTHERS)
def test_other_files_do_not_matter(tree: Path, name: str) -> None:
    before = cache._digest()
    (tree / name).write_text("edited\n")
    assert cache._digest() == before


def test_a_touched_or_copied_tree_keeps_its_folder(tree: Path) -> None:
    before = cache._digest()
    for name in KERNELS:
        os.utime(tree / name, (1, 1))
    assert cache._digest() == before


def cache_folder(**environment: str) -> str:
    """What a fresh process takes."""
    code = "import storage.kernels, numba; print(numba.config.CACHE_DIR)"
    surroundings = {name: text for name, text in os.environ.items() if name != "NUMBA_CACHE_DIR"} | environment
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=surroundings, capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_a_folder_that_the_user_gave_is_left_alone(tmp_path: Path) -> None:
    assert cache_folder(NUMBA_CACHE_DIR=str(tmp_path)) == str(tmp_path)


def test_the_folder_is_named_by_the_sources() -> None:
    assert Path(cache_folder()).name == f"kernels-{cache._digest()}"


@pytest.mark.parametrize("has_xdg", [True, False])
def test_where_the_code_may_not_write_beside_itself_the_users_cache_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, has_xdg: bool
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if has_xdg:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache._base() == tmp_path / ("xdg" if has_xdg else ".cache") / "skaldlog"
