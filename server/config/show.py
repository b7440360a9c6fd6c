"""Settings as text: the YAML of ``/config`` and ``--print-config``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml

from server.config.setting import Setting
from server.config.settings import Settings
from server.config.table import TABLE

__all__ = ["changed_text", "defaults_text", "limits_of", "settings_text"]

_LIMITS = "limits_config."


def settings_text(settings: Settings) -> str:
    """YAML that ``--config`` would read back to the same settings."""
    return _text(settings, TABLE)


def changed_text(settings: Settings) -> str:
    """The same of the settings that differ from their defaults."""
    usual = Settings()
    return _text(settings, [setting for setting in TABLE if setting.value_in(settings) != setting.value_in(usual)])


def _text(settings: Settings, table: Iterable[Setting]) -> str:
    tree: dict[str, Any] = {}
    for setting in table:
        *sections, last = setting.name.split(".")
        node = tree
        for section in sections:
            node = node.setdefault(section, {})
        node[last] = setting.shown_in(settings)
    return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)


def defaults_text() -> str:
    return settings_text(Settings())


def limits_of(settings: Settings) -> dict[str, Any]:
    """Every limit by its name, as YAML prints it."""
    limits = (setting for setting in TABLE if setting.name.startswith(_LIMITS))
    return {setting.name.removeprefix(_LIMITS): setting.shown_in(settings) for setting in limits}
