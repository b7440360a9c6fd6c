"""Every setting as tables, made from ``server/config/table.py``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.config.setting import Setting
from server.config.settings import Settings
from server.config.table import TABLE

__all__ = ["settings_section"]


def settings_section() -> Iterator[str]:
    """Lines of Markdown."""
    sections: dict[str, list[Setting]] = {}
    for setting in TABLE:
        sections.setdefault(setting.name.rpartition(".")[0], []).append(setting)
    for name, settings in sections.items():
        yield from _section(name, settings)


def _section(name: str, settings: list[Setting]) -> Iterator[str]:
    yield f"### {f'`{name}`' if name else 'At the top'}"
    yield ""
    yield "| setting | kind | default | meaning |"
    yield "|---|---|---|---|"
    for setting in settings:
        default = _shown(setting.shown_in(Settings()))
        yield f"| `{setting.name}` | {setting.kind.name} | {default} | {setting.help} |"
    yield ""


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list | dict):
        return ", ".join(f"`{item}`" for item in value) or "none"
    return f"`{value}`" if value != "" else "empty"
