"""The client installs by itself: into an environment that has nothing else, and brings nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.ingest_client.receiver import receiving

PACKAGE = Path(__file__).parents[2] / "ingest_client"


# Programs of their own, for newer Pythons and with packages of others: they come with skaldlog.
PROGRAMS = {"agent", "gpu"}


def test_every_package_of_the_client_is_named() -> None:
    settings = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["tool"]["setuptools"]
    folders = [path.parent.relative_to(PACKAGE.parent).parts for path in PACKAGE.rglob("__init__.py")]
    assert set(settings["packages"]) == {".".join(parts) for parts in folders if not PROGRAMS & set(parts)}


@pytest.mark.slow
def test_it_installs_alone_and_ships(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "source", ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(tmp_path / "source")]
    subprocess.run(install, check=True, cwd=tmp_path, timeout=120)
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
    )
    names = {line.partition("==")[0].replace("_", "-") for line in listed.stdout.splitlines()}
    assert names - {"pip", "setuptools", "wheel"} == {"skaldlog-client"}
    program = """
import sys
from ingest_client import ClientSettings, PushClient
with PushClient(ClientSettings(url=sys.argv[1]), {"job": "alone"}) as client:
    client.push("hello")
"""
    with receiving() as receiver:
        subprocess.run([python, "-I", "-c", program, receiver.url], check=True, cwd=tmp_path)
        assert receiver.lines == ["hello"]
