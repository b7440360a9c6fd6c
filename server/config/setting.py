"""One setting: its name in the YAML file, its kind, and where its value lives in the ``Settings`` tree."""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from server.config.kinds import Kind

__all__ = ["ENVIRONMENT_PREFIX", "Setting", "with_value"]

ENVIRONMENT_PREFIX = "SKALDLOG_"


@dataclass(frozen=True, slots=True)
class Setting:
    """``target`` is the path of attributes in the tree; the default is what a fresh tree holds there."""

    name: str
    kind: Kind
    target: str
    help: str

    @property
    def environment_name(self) -> str:
        """``server.http_listen_port`` is ``SKALDLOG_SERVER_HTTP_LISTEN_PORT``."""
        return ENVIRONMENT_PREFIX + self.name.upper().replace(".", "_")

    def value_in(self, tree: Any) -> Any:
        return functools.reduce(getattr, self.target.split("."), tree)

    def shown_in(self, tree: Any) -> Any:
        """The value as YAML should print it."""
        return self.kind.show(self.value_in(tree))


def with_value(tree: Any, target: str, value: Any) -> Any:
    """A copy of a tree of frozen dataclasses with one attribute changed."""
    attribute, _, rest = target.partition(".")
    assert is_dataclass(tree)
    assert attribute in {each.name for each in fields(tree)}, f"{type(tree).__name__} has no {attribute}"
    changed = with_value(getattr(tree, attribute), rest, value) if rest else value
    return replace(tree, **{attribute: changed})  # type: ignore[type-var]
