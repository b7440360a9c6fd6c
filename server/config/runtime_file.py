"""The file of overrides that can change while the server runs: ``overrides: {TENANT: {LIMIT: VALUE}}``."""

from __future__ import annotations

from pathlib import Path

from server.config.errors import ConfigError, Problem
from server.config.overrides import OVERRIDES, Override
from server.config.sources import from_yaml

__all__ = ["Signature", "read_overrides_file", "signature_of"]

Signature = tuple[int, int, int]

_NAME = "overrides"


def read_overrides_file(path: Path) -> tuple[tuple[Override, ...], str]:
    """The overrides and the place where they begin. Raises ConfigError."""
    overrides, place = tuple[Override, ...](), str(path)
    for given in from_yaml(path, frozenset()):
        if given.name != _NAME:
            remedy = f"unknown here: this file has only `{_NAME}: {{some-tenant: {{max_line_size: 1MB}}}}`"
            raise ConfigError([Problem(given.place, given.name, remedy)])
        place = given.place
        try:
            overrides = OVERRIDES.read(given.raw)
        except ValueError as error:
            raise ConfigError([Problem(place, _NAME, str(error))]) from None
    return overrides, place


def signature_of(path: Path) -> Signature | None:
    """What tells that a file is another one than before; None for no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
