"""What to go on with after a restart: positions, rows that wait in stages, the last timestamp of each stream.

Commits carry what changed since the one before; the file has everything up to one commit, and is written now and then.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import yaml

__all__ = ["Checkpoint", "imported_positions"]

_VERSION = 1


class Checkpoint:
    """``positions`` by scope and key, ``states`` of pipelines by job, ``newest`` timestamps by stream."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.number = 0
        self.positions: dict[str, dict[str, Any]] = {}
        self.states: dict[str, Any] = {}
        self.newest: dict[str, int] = {}
        self.damage = ""
        self._load()

    def apply(self, number: int, changes: dict[str, Any]) -> None:
        """Take over the changes of a commit; those of an older one are known already."""
        if number <= self.number:
            return
        self.number = number
        for scope, changed in changes["positions"].items():
            known = self.positions.setdefault(scope, {})
            for key, fields in changed.items():
                if fields is None:
                    known.pop(key, None)
                else:
                    known[key] = fields
        self.states = changes["states"]
        self.newest.update(changes["newest"])

    def save(self) -> None:
        """Write it aside, sync, rename. Raises OSError."""
        document = {
            "version": _VERSION,
            "commit": self.number,
            "positions": self.positions,
            "states": self.states,
            "newest": self.newest,
        }
        aside = self.path.with_name(self.path.name + ".new")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            json.dump(document, file, ensure_ascii=False, separators=(",", ":"))
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, self.path)

    def _load(self) -> None:
        try:
            document = json.loads(self.path.read_text("utf-8"))
            if document["version"] != _VERSION:
                raise ValueError(f"version {document['version']} is not known")
            self.number = int(document["commit"])
            self.positions = dict(document["positions"])
            self.states, self.newest = dict(document["states"]), dict(document["newest"])
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError) as error:
            aside = self.path.with_name(self.path.name + ".damaged")
            os.replace(self.path, aside)
            self.damage = f"{self.path} cannot be read ({error}) and was kept as {aside.name}: files are read anew"


def imported_positions(path: Path) -> dict[str, int]:
    """How far promtail was, from its own file; nothing where there is none."""
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
        positions = document["positions"].items()
    except (OSError, yaml.YAMLError, UnicodeDecodeError, TypeError, KeyError, AttributeError):
        return {}
    return {str(name): int(offset) for name, offset in positions if str(offset).isdigit()}
