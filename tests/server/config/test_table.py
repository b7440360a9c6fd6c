"""The table: it fits the tree, its names are unambiguous."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from server.config import Settings
from server.config.table import TABLE


def leaves(tree: Any, prefix: str = "") -> set[str]:
    if not is_dataclass(tree):
        return {prefix.rstrip(".")}
    return {leaf for each in fields(tree) for leaf in leaves(getattr(tree, each.name), f"{prefix}{each.name}.")}


def test_every_value_of_the_tree_can_be_set_and_only_once() -> None:
    targets = [setting.target for setting in TABLE]
    assert sorted(targets) == sorted(leaves(Settings()))


def test_every_default_reads_back_from_its_print() -> None:
    for setting in TABLE:
        default = setting.value_in(Settings())
        assert setting.kind.read(setting.shown_in(Settings())) == default, setting.name


def test_names_and_variables_are_unique() -> None:
    assert len({setting.name for setting in TABLE}) == len(TABLE)
    assert len({setting.environment_name for setting in TABLE}) == len(TABLE)
