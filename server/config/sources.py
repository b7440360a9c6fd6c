"""Where raw values come from: a YAML file with its line numbers, the environment, ``--set NAME=VALUE``.

A source answers ``Given`` values under the names they were written with; nothing is judged here but the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from server.config.errors import ConfigError, Problem
from server.config.setting import ENVIRONMENT_PREFIX

__all__ = ["Given", "from_assignments", "from_environment", "from_yaml"]


@dataclass(frozen=True, slots=True)
class Given:
    """A value somebody gave: ``name`` is a dotted path, or a variable's name when it came from the environment."""

    place: str
    name: str
    raw: Any


def from_yaml(path: Path, sections: frozenset[str]) -> list[Given]:
    """The leaves of a YAML file; ``sections`` are the dotted names whose mappings are descended into."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([Problem(str(path), "", f"cannot be read: {error}")]) from None
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ConfigError([Problem(_place_of(path, error), "", f"is not YAML: {_cause(error)}")]) from None
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        remedy = "must be a mapping of settings, like `server: {http_listen_port: 3100}`"
        raise ConfigError([Problem(str(path), "", remedy)])
    return list(_leaves(path, root, "", sections))


def _leaves(path: Path, mapping: yaml.MappingNode, prefix: str, sections: frozenset[str]) -> Iterator[Given]:
    for key, node in mapping.value:
        name = f"{prefix}{key.value}"
        if name in sections and isinstance(node, yaml.MappingNode):
            yield from _leaves(path, node, f"{name}.", sections)
        elif name in sections and node.tag.endswith(":null"):
            continue
        else:
            yield Given(f"{path}:{key.start_mark.line + 1}", name, _construct(node))


def _construct(node: yaml.Node) -> Any:
    # Scalars stay the text that was written: YAML would read 1:30 as ninety and 010 as eight.
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag.endswith(":null") else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_construct(item) for item in node.value]
    return {key.value: _construct(value) for key, value in node.value}


def _place_of(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{path}:{mark.line + 1}" if mark else str(path)


def _cause(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or error).replace("\n", " ")


def from_environment(environment: Mapping[str, str]) -> list[Given]:
    """Every variable of ours; which of them are settings is for the reader to say."""
    names = sorted(name for name in environment if name.startswith(ENVIRONMENT_PREFIX))
    return [Given("environment", name, environment[name]) for name in names]


def from_assignments(assignments: Iterable[str]) -> list[Given]:
    """``NAME=VALUE`` as given to ``--set``."""
    return [_assignment(text) for text in assignments]


def _assignment(text: str) -> Given:
    name, equals, value = text.partition("=")
    if not equals:
        raise ConfigError([Problem("--set", text, "needs a value: NAME=VALUE")])
    return Given("--set", name.strip(), value.strip())
