"""Compiles every kernel and leaves the machine code in the caches beside the sources."""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Iterator

from storage.kernels import load_kernels

PACKAGES = ("storage", "logql", "server")


def module_names(package: str) -> Iterator[str]:
    root = importlib.import_module(package)
    return (module.name for module in pkgutil.walk_packages(root.__path__, f"{package}."))


def main() -> None:
    for package in PACKAGES:
        for name in module_names(package):
            importlib.import_module(name)
    started = time.monotonic()
    print(f"{load_kernels()} kernels ready after {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main()
