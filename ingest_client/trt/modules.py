"""Which of the three TensorRT Python packages this process uses."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from ingest_client.errors import InvalidSettings, TensorRTMissing

__all__ = ["NAMES", "find_module"]

NAMES = ("tensorrt", "tensorrt_lean", "tensorrt_dispatch")


def find_module(wanted: str | ModuleType | None = None) -> ModuleType:
    """Return the named package, else the one already imported, else the first that can be imported.

    A logger class made from one package is not accepted by another, so several imported ones need a choice.
    Raises TensorRTMissing or InvalidSettings.
    """
    if isinstance(wanted, ModuleType):
        return wanted
    if wanted is not None:
        if wanted not in NAMES:
            raise InvalidSettings(f"module {wanted!r}: one of {', '.join(NAMES)}")
        return _first_importable((wanted,))
    imported = [name for name in NAMES if name in sys.modules]
    if len(imported) > 1:
        raise InvalidSettings(f"{' and '.join(imported)} are both imported: say which one with module=")
    return _first_importable(tuple(imported) or NAMES)


def _first_importable(names: tuple[str, ...]) -> ModuleType:
    causes = []
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError as error:
            absent = isinstance(error, ModuleNotFoundError) and error.name == name
            causes.append(f"{name}: {'not installed' if absent else error}")
    raise TensorRTMissing(
        f"no TensorRT package can be imported ({'; '.join(causes)}); "
        "install one: pip install tensorrt, tensorrt-lean or tensorrt-dispatch"
    )
