"""Time zones: fixed, from the zone database, and the server's own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC as UTC_INFO
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

__all__ = ["LOCAL", "UTC", "FixedZone", "LocalZone", "NamedZone", "Zone", "find_zone", "local_to_unix"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC_INFO)
_FIRST_S, _LAST_S = -62_000_000_000, 253_000_000_000  # what datetime can hold, with room for offsets
_ERA_S = 146_097 * 86_400  # after 400 years dates fall on the same weekdays again, and so do the rules of zones


def _in_calendar(unix_s: int) -> int:
    """A moment with the same rules that datetime can hold."""
    if unix_s > _LAST_S:
        return _LAST_S - _ERA_S + (unix_s - _LAST_S) % _ERA_S
    return max(unix_s, _FIRST_S)


class Zone(Protocol):
    """``at`` gives the offset east of UTC in seconds and the zone's abbreviation at a moment."""

    def at(self, unix_s: int) -> tuple[int, str]: ...


@dataclass(frozen=True, slots=True)
class FixedZone:
    """One offset for all time; the abbreviation may be empty."""

    abbreviation: str
    offset_s: int

    def at(self, unix_s: int) -> tuple[int, str]:
        return self.offset_s, self.abbreviation


@dataclass(frozen=True, slots=True)
class NamedZone:
    """``Europe/Berlin``; its rules repeat beyond the year 9999."""

    info: ZoneInfo

    def at(self, unix_s: int) -> tuple[int, str]:
        moment = _EPOCH + timedelta(seconds=_in_calendar(unix_s))
        local = moment.astimezone(self.info)
        offset = local.utcoffset() or timedelta()
        return offset.days * 86_400 + offset.seconds, local.tzname() or ""


@dataclass(frozen=True, slots=True)
class LocalZone:
    """The zone that the server runs in."""

    def at(self, unix_s: int) -> tuple[int, str]:
        local = time.localtime(_in_calendar(unix_s))
        return local.tm_gmtoff, local.tm_zone


UTC = FixedZone("UTC", 0)
LOCAL = LocalZone()


@lru_cache(maxsize=1024)
def find_zone(name: str) -> Zone:
    """``""`` is UTC, ``Local`` the server's zone. Raises ValueError for what the zone database does not know."""
    if name in ("", "UTC"):
        return UTC
    if name == "Local":
        return LOCAL
    try:
        return NamedZone(ZoneInfo(name))
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"unknown time zone {name}") from error


def local_to_unix(local_s: int, zone: Zone) -> int:
    """Unix seconds of a wall clock's ``local_s`` (seconds since the epoch as if it were UTC); in a gap or an overlap
    of the clock one of the two readings."""
    offset_s, _ = zone.at(local_s)
    return local_s - zone.at(local_s - offset_s)[0] if offset_s else local_s
