"""``NAME=VALUE`` arguments."""

from __future__ import annotations

from collections.abc import Iterable

from logctl.errors import UsageError

__all__ = ["pairs_of"]


def pairs_of(flag: str, texts: Iterable[str]) -> dict[str, str]:
    """The pairs of a repeatable option; values may be quoted. Raises UsageError."""
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise UsageError(f"{flag} {text!r}: write it as name=value")
        pairs[name] = value.strip('"') if value.startswith('"') and value.endswith('"') else value
    return pairs
