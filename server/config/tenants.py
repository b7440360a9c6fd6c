"""The settings of one tenant: those of all, with its overrides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from logql.tenants import SEPARATOR, is_joined
from server.config.errors import ConfigError, Problem
from server.config.overrides import LIMITS, Override
from server.config.runtime_file import Signature, read_overrides_file, signature_of
from server.config.setting import Setting, with_value
from server.config.settings import Settings
from server.config.strictest import strictest
from server.config.table import TABLE

__all__ = ["TenantSettings", "override_problems"]

_LIMITS: Mapping[str, Setting] = {
    setting.name.removeprefix(f"{LIMITS}."): setting for setting in TABLE if setting.name.startswith(f"{LIMITS}.")
}


_NEVER_READ: Signature = (0, 0, 0)


class TenantSettings:
    """``settings`` whose overrides have no problems. Any thread may ask; ``refresh`` is for one at a time."""

    def __init__(self, settings: Settings) -> None:
        """Raises ConfigError when there is a file of overrides that cannot be used."""
        self._all = settings
        self._path = Path(settings.overrides_file.path) if settings.overrides_file.path else None
        self._signature: Signature | None = _NEVER_READ
        self._own = self._of(settings.overrides)
        self.refresh()

    @property
    def of_all(self) -> Settings:
        """Without the overrides of any tenant."""
        return self._all

    def of(self, tenant: str) -> Settings:
        """Of several tenants, joined as ``a|b``, the strictest limits of queries."""
        if is_joined(tenant):
            every = [self.of(name) for name in tenant.split(SEPARATOR)]
            return replace(every[0], query=strictest([each.query for each in every]))
        return self._own.get(tenant, self._all)

    def refresh(self) -> bool:
        """Read the file of overrides again if it has changed, and say so.

        Raises ConfigError once for a file that cannot be used; what was known before stays in force.
        """
        signature = signature_of(self._path) if self._path else None
        if self._path is None or signature == self._signature:
            return False
        self._signature = signature
        overrides, place = read_overrides_file(self._path)
        problems = list(override_problems(overrides, place))
        if problems:
            raise ConfigError(problems)
        self._own = self._of((*self._all.overrides, *overrides))
        return True

    def _of(self, overrides: tuple[Override, ...]) -> Mapping[str, Settings]:
        own: dict[str, Settings] = {}
        for each in overrides:
            known = own.get(each.tenant, self._all)
            own[each.tenant] = with_value(known, _LIMITS[each.limit].target, _value(each))
        return own


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
