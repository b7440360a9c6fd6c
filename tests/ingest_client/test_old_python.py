"""What lives in an inference process runs on Python 3.8 (JetPack 5): by syntax, by imports, and by running it."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ingest_client.receiver import receiving
from tests.test_imports import imported

PACKAGE = Path(__file__).parents[2] / "ingest_client"
# The agent and the readers of devices are programs of their own.
NEWER = {"agent", "gpu"}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in NEWER)
# Modules that came after 3.8.
ADDED = {"graphlib", "tomllib", "zoneinfo"}


def test_the_test_looks_at_the_right_files() -> None:
    assert {"process.py", "logger.py", "spool.py"} <= {path.name for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_syntax_is_that_of_3_8(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=(3, 8))
    assert {module.partition(".")[0] for _, module in imported(tree)} & ADDED == set()


def test_nothing_newer_is_called() -> None:
    program = "import sys; from vermin.main import main; sys.argv[0] = 'vermin'; main()"
    options = ["-t=3.8-", "--no-tips", "--violations", "--no-parse-comments"]
    done = subprocess.run(
        [sys.executable, "-c", program, *options, *map(str, MODULES)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "Minimum required versions: 3.8" in done.stdout


@pytest.mark.parametrize(
    "source",
    ["match f:\n    case _: ...", "with (open(a) as b, open(c) as d): ...", "try: ...\nexcept* E: ..."],
)
def test_newer_syntax_would_be_seen(source: str) -> None:
    with pytest.raises(SyntaxError):
        ast.parse(source, feature_version=(3, 8))


def old_python() -> str | None:
    """A real Python 3.8, if this machine has one."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which("python3.8"), *map(str, sorted(versions.glob("3.8*/bin/python")))]
    for python in filter(None, candidates):
        # The first may be a stand-in that only says where the real one is.
        if subprocess.run([python, "-c", "import ssl, ctypes"], capture_output=True, check=False).returncode == 0:
            return python
    return None


PROGRAM = """
import importlib, os, pkgutil, sys
sys.path.insert(0, sys.argv[1])
assert sys.version_info[:2] == (3, 8)
import ingest_client
from ingest_client import ClientSettings, PushClient, SkaldlogHandler
for module in pkgutil.walk_packages(ingest_client.__path__, "ingest_client."):
    if module.name.split(".")[1] not in ("agent", "gpu") and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
settings = ClientSettings(url=sys.argv[2], directory=sys.argv[3], batch_wait_s=60.0)
client = PushClient(settings, {"job": "old"})
for number in range(1000):
    client.push("line %d" % number, {"request": number})
if sys.argv[4] == "crash":
    os.kill(os.getpid(), 9)
if os.fork() == 0:
    client.push("child")
    sys.exit(0)
os.wait()
client.close()
"""


@pytest.mark.skipif(old_python() is None, reason="no Python 3.8 on this machine")
def test_a_real_python_3_8_ships_recovers_forks_and_wraps(tmp_path: Path) -> None:
    python = old_python()
    assert python is not None
    arguments = [python, "-W", "error", "-c", PROGRAM, str(PACKAGE.parent)]
    with receiving() as receiver:
        crashed = subprocess.run([*arguments, receiver.url, str(tmp_path), "crash"], capture_output=True, check=False)
        assert (crashed.returncode, crashed.stderr) == (-9, b"")
        done = subprocess.run([*arguments, receiver.url, str(tmp_path), "end"], capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        assert sorted(receiver.lines) == sorted(
            ["child", *(f"line {number}" for number in range(1000))] + [f"line {number}" for number in range(1000)]
        )
        wrapped = subprocess.run(
            [python, "-m", "ingest_client.wrapper", "--url", receiver.url, "--label", "model=m", "--", "sh", "-c",
             "echo '[TRT] [W] Skipping tactic 8 due to insufficient memory on requested size of 1 detected'; exit 3"],
            cwd=PACKAGE.parent, capture_output=True, check=False, env={**os.environ, "INGEST_CLIENT_DIRECTORY": ""},
        )  # fmt: skip
        assert (wrapped.returncode, wrapped.stderr) == (3, b"")
        assert "workspace" in {value[2].get("event") for value in receiver.values if len(value) > 2}
