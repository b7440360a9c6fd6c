"""The Content-Type of a push: whether it is well-formed, and whether it means JSON.

Malformed ones are refused with the texts that Loki's clients see.
"""

from __future__ import annotations

import re

from server.push.errors import PushError

__all__ = ["is_json"]

_TOKEN = r"[!#$%&'*+\-.^_`|}{~0-9A-Za-z]+"
_TYPE = re.compile(_TOKEN)
_SUBTYPE = re.compile(rf"/({_TOKEN})")
_PARAMETER = re.compile(rf'\s*;\s*({_TOKEN})\s*=\s*({_TOKEN}|"(?:[^"\\\r\n]|\\.)*")')
_END = re.compile(r"\s*;?\s*\Z")


def is_json(content_type: str | None) -> bool:
    """Whether the body is JSON; every other media type means snappy protobuf. PushError 400 when it is none."""
    media_type, semicolon, parameters = (content_type or "").partition(";")
    media_type = media_type.strip().lower()
    _check_media_type(media_type)
    _check_parameters(semicolon + parameters)
    return media_type == "application/json"


def _check_media_type(media_type: str) -> None:
    first = _TYPE.match(media_type)
    if first is None:
        raise _error("no media type")
    rest = media_type[first.end() :]
    if rest and rest[0] != "/":
        raise _error("expected slash after first token")
    second = _SUBTYPE.match(rest)
    if rest and second is None:
        raise _error("expected token after slash")
    if second and second.end() < len(rest):
        raise _error("unexpected content after media subtype")


def _check_parameters(text: str) -> None:
    seen: dict[str, str] = {}
    at = 0
    while not _END.match(text, at):
        found = _PARAMETER.match(text, at)
        if found is None:
            raise _error("invalid media parameter")
        name, value = found[1].lower(), found[2].strip('"')
        if seen.setdefault(name, value) != value:
            raise _error("duplicate parameter name")
        at = found.end()


def _error(told: str) -> PushError:
    return PushError(400, f"mime: {told}")
