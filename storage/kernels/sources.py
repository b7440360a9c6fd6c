"""The source files that machine code follows from: those of kernels, and what these import from the project.

A constant of another module is baked into the machine code as the kernel's own are, however many modules it came
through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources.abc import Traversable

__all__ = ["kernel_sources"]

_IMPORT = re.compile(r"^(?:from ([\w.]+) import (\([^)]*\)|.*)|import ([\w.]+))", re.MULTILINE)
_COMMENT = re.compile("#.*")


def kernel_sources(packages: Sequence[str], files: Callable[[str], Traversable]) -> list[Traversable]:
    """In an order that the sources decide. ``files`` answers the folder of a package."""
    found = list(_modules_of_kernels(files(package) for package in packages))
    known = set(map(str, found))
    for source in found:  # which grows meanwhile
        for module in _imported(source.read_text(), packages, files):
            if str(module) not in known:
                known.add(str(module))
                found.append(module)
    return found


def _modules_of_kernels(folders: Iterable[Traversable], inside: bool = False) -> Iterator[Traversable]:
    """Modules called ``kernels`` and all modules in packages of that name, in the order of their names."""
    for folder in folders:
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if entry.is_dir():
                yield from _modules_of_kernels([entry], inside or entry.name == "kernels")
            elif entry.name.endswith(".py") and (inside or entry.name == "kernels.py"):
                yield entry


def _imported(text: str, packages: Sequence[str], files: Callable[[str], Traversable]) -> Iterator[Traversable]:
    """The project's modules that a module with this text imports at its top."""
    for origin, names, module in _IMPORT.findall(text):
        package, *path = (origin or module).split(".")
        if package not in packages:
            continue
        for name in _names(names) or [""]:
            found = _module(files(package), [*path, name]) or _module(files(package), path)
            if found is not None:
                yield found


def _names(text: str) -> list[str]:
    """``(a as b, c)`` to a and c."""
    return [name.split()[0] for name in _COMMENT.sub("", text).strip("()").split(",") if name.strip()]


def _module(folder: Traversable, path: Sequence[str]) -> Traversable | None:
    """The file of a module or package; None where the path names something inside of one."""
    parent = folder.joinpath(*path[:-1])
    candidates = [parent.joinpath(f"{path[-1]}.py")] if path and path[-1] else []
    candidates.append(folder.joinpath(*path, "__init__.py"))
    return next((each for each in candidates if each.is_file()), None)
