"""Sources to one ``Settings`` tree. Later sources win; everything wrong is reported at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

from server.config.bucket import BUCKET_ALIAS, BUCKET_SECTION
from server.config.errors import ConfigError, Problem
from server.config.setting import Setting, with_value
from server.config.settings import Settings
from server.config.sources import Given, from_assignments, from_environment, from_yaml
from server.config.table import TABLE
from server.config.tenants import override_problems

__all__ = ["load_settings"]

_BY_NAME = {setting.name: setting for setting in TABLE}
_ALIASES = {
    BUCKET_ALIAS + name.removeprefix(BUCKET_SECTION): setting
    for name, setting in _BY_NAME.items()
    if name.startswith(BUCKET_SECTION)
}
_NAMES = _BY_NAME | _ALIASES
_BY_VARIABLE = {setting.environment_name: setting for setting in TABLE}
_SECTIONS = frozenset(
    name.rsplit(".", depth)[0] for name in _NAMES for depth in range(1, name.count(".") + 1)
)  # fmt: skip


def load_settings(
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    assignments: Iterable[str] = (),
    flags: Iterable[Given] = (),
) -> Settings:
    """Defaults, the file, the environment, ``NAME=VALUE`` assignments, flags: later ones win. Raises ConfigError."""
    given = from_yaml(file, _SECTIONS) if file else []
    given += from_environment(environment or {})
    given += [*from_assignments(assignments), *flags]
    settings, problems = Settings(), []
    for each in given:
        found = _read(each)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            settings = with_value(settings, found[0].target, found[1])
    problems += [*_doubled(given), *override_problems(settings.overrides, _place_of_overrides(given))]
    if problems:
        raise ConfigError(problems)
    return settings


def _place_of_overrides(given: Iterable[Given]) -> str:
    return next((each.place for each in given if each.name.lower().endswith("overrides")), "")


def _read(given: Given) -> tuple[Setting, object] | Problem:
    is_variable = given.place == "environment"
    setting = (_BY_VARIABLE if is_variable else _NAMES).get(given.name)
    if setting is None:
        return _unknown_name(given, list(_BY_VARIABLE) if is_variable else [*_BY_NAME, *sorted(_SECTIONS)])
    try:
        return setting, setting.kind.read(given.raw)
    except ValueError as error:
        name = f"{given.name} ({setting.name})" if is_variable else given.name
        return Problem(given.place, name, str(error))


def _unknown_name(given: Given, known: list[str]) -> Problem:
    if given.name in _SECTIONS:
        return Problem(given.place, given.name, "is a section: it takes a mapping of settings")
    return Problem(given.place, given.name, "unknown setting" + _suggestion(given.name, known))


def _suggestion(name: str, known: list[str]) -> str:
    """Close by the whole name, or the same last word in another section."""
    last = name.rpartition(".")[2]
    moved = [other for other in known if other.rpartition(".")[2] == last]
    close = moved or difflib.get_close_matches(name, known, 1, 0.6) or _close_by_last_word(last, known)
    return f"; did you mean {close[0]}?" if close else "; docs/reference.md lists them all"


def _close_by_last_word(last: str, known: list[str]) -> list[str]:
    by_last = {other.rpartition(".")[2]: other for other in known}
    return [by_last[word] for word in difflib.get_close_matches(last, by_last, 1, 0.7)]


def _doubled(given: Iterable[Given]) -> list[Problem]:
    """A name given twice in one file: YAML would silently keep one of them."""
    first: dict[tuple[str, str], Given] = {}
    problems = []
    for each in given:
        file = each.place.rpartition(":")[0]
        earlier = first.setdefault((file, each.name), each)
        if file and earlier is not each:
            problems.append(Problem(each.place, each.name, f"is given twice, first at {earlier.place}"))
    return problems
