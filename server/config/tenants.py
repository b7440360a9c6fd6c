"""The settings of one tenant: those of all, with its overrides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from server.config.errors import Problem
from server.config.overrides import LIMITS, Override
from server.config.setting import Setting, with_value
from server.config.settings import Settings
from server.config.table import TABLE

__all__ = ["TenantSettings", "override_problems"]

_LIMITS: Mapping[str, Setting] = {
    setting.name.removeprefix(f"{LIMITS}."): setting for setting in TABLE if setting.name.startswith(f"{LIMITS}.")
}


class TenantSettings:
    """``settings`` whose overrides have no problems."""

    def __init__(self, settings: Settings) -> None:
        self._all = settings
        self._own: dict[str, Settings] = {}
        for each in settings.overrides:
            own = self._own.get(each.tenant, settings)
            self._own[each.tenant] = with_value(own, _LIMITS[each.limit].target, _value(each))

    def of(self, tenant: str) -> Settings:
        return self._own.get(tenant, self._all)


def override_problems(overrides: tuple[Override, ...], place: str) -> Iterator[Problem]:
    """What is wrong with them."""
    for each in overrides:
        name = f"overrides.{each.tenant}.{each.limit}"
        if each.limit not in _LIMITS:
            yield Problem(place, name, f"unknown limit; those of {LIMITS} can be overridden")
            continue
        try:
            _value(each)
        except ValueError as error:
            yield Problem(place, name, str(error))


def _value(override: Override) -> object:
    return _LIMITS[override.limit].kind.read(override.raw)
