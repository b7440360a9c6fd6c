"""Every kernel in the tree is found, wherever it lies."""

from __future__ import annotations

import sys
from pathlib import Path

from server.warm import import_kernels

ROOT = Path(__file__).parents[2]


def test_all_modules_called_kernels_are_imported() -> None:
    import_kernels()
    files = [file for package in ("storage", "logql", "server") for file in (ROOT / package).rglob("*.py")]
    found = [file.relative_to(ROOT).with_suffix("") for file in files if "kernels" in file.with_suffix("").parts]
    names = {".".join(path.parts).removesuffix(".__init__") for path in found}
    assert "storage.kernels.kernel" in names
    assert names <= set(sys.modules)
