"""What resources and scopes say about all of their lines: labels of the stream, and metadata that many rows share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from server.limits import PushLimits
from server.otlp_rules import Action, OtlpRule, action_of
from server.push.bounds import check_labels
from server.push.entries import SharedPair, SharedPairs
from server.push.errors import PushError
from server.push.metadata import normalised_name
from server.push.otlp.value import Value, text_of
from server.push.streams import SERVICE_NAME, UNKNOWN_SERVICE

__all__ = ["Attributes", "Resource", "Scope", "flattened"]

Attributes = Sequence[tuple[str, Value]]

_SERVICE_ATTRIBUTE = "service.name"
_FLATTENED_BYTES_MAX = 16 << 20


@dataclass(frozen=True, slots=True)
class Resource:
    """``labels`` by name, ``shared`` in the order in which it was sent."""

    labels: Mapping[str, str]
    shared: SharedPairs

    @classmethod
    def of(cls, attributes: Attributes, limits: PushLimits) -> Resource:
        """PushError 400 for a name of which nothing is left."""
        labels: dict[str, str] = {}
        found: str | None = None
        for pair in _shared(attributes, limits.otlp_rules.resource, Action.INDEX_LABEL):
            labels[pair.name] = pair.value
            if pair.value and found is None and pair.name in limits.discover_service_name:
                found = pair.value
        check_labels(len(labels))
        is_named = any(name == _SERVICE_ATTRIBUTE and text_of(value) for name, value in attributes)
        if limits.discover_service_name and not is_named:
            labels[SERVICE_NAME] = found or UNKNOWN_SERVICE
        return cls(labels, SharedPairs(_shared(attributes, limits.otlp_rules.resource, Action.STRUCTURED_METADATA)))


@dataclass(frozen=True, slots=True)
class Scope:
    """The metadata of an instrumentation scope."""

    shared: SharedPairs

    @classmethod
    def of(cls, name: str, version: str, attributes: Attributes, dropped: int, limits: PushLimits) -> Scope:
        pairs = [*_shared(attributes, limits.otlp_rules.scope, Action.STRUCTURED_METADATA)]
        own = {
            "scope_name": name,
            "scope_version": version,
            "scope_dropped_attributes_count": str(dropped) if dropped else "",
        }
        return cls(SharedPairs([*pairs, *(SharedPair(name, text) for name, text in own.items() if text)]))


def _shared(attributes: Attributes, rules: tuple[OtlpRule, ...], action: Action) -> Iterator[SharedPair]:
    chosen = [each for each in attributes if action_of(each[0], rules) is action]
    for name, text in flattened(chosen):
        yield SharedPair(normalised_name(name.encode()), text)


def flattened(attributes: Iterable[tuple[str, Value]]) -> list[tuple[str, str]]:
    """Names and texts; of a map one for each of its values, their names joined by underscores.

    PushError 400 when the names of nested maps become too long together.
    """
    pairs: list[tuple[str, str]] = []
    size_bytes, open_pairs = 0, list(attributes)[::-1]
    while open_pairs:
        name, value = open_pairs.pop()
        size_bytes += len(name)
        if size_bytes > _FLATTENED_BYTES_MAX:
            raise PushError(
                400, f"too long names of attributes: limit {_FLATTENED_BYTES_MAX} bytes: send less at a time"
            )
        if isinstance(value, dict):
            open_pairs += [(f"{name}_{key}", inner) for key, inner in value.items()][::-1]
        else:
            pairs.append((name, text_of(value)))
    return pairs
