"""From label strings to streams: parsed, given a service name, judged. Done once per distinct string and remembered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from server.limits import PushLimits
from server.push.errors import Reason
from server.push.label_text import parse_label_text
from storage.labels import Labels
from storage.text import go_quote

__all__ = ["Refusal", "Stream", "StreamResolver", "label_text_of", "resolver_of"]

SERVICE_NAME = "service_name"
UNKNOWN_SERVICE = "unknown_service"
# Streams of Loki's own making, which carry no service.
_INTERNAL_LABELS = frozenset({"__aggregated_metric__", "__pattern__"})

_CACHED_STREAMS = 16_384
_CACHED_TEXT_BYTES_MAX = 2048
_CACHED_LIMITS = 64


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why all rows of a stream are refused."""

    reason: Reason
    text: str


@dataclass(frozen=True, slots=True)
class Stream:
    """``text`` is the canonical label string, ``level`` the value of the first label that tells a level."""

    labels: Labels
    text: str
    refusal: Refusal | None
    level: str | None


class StreamResolver:
    """Label strings to streams under one set of limits."""

    def __init__(self, limits: PushLimits) -> None:
        self._limits = limits
        self._remembered = lru_cache(_CACHED_STREAMS)(self._resolve)

    def resolve(self, label_text: bytes) -> Stream:
        """The stream of a label string. PushError 400 when the string is no label set."""
        if len(label_text) > _CACHED_TEXT_BYTES_MAX:
            return self._resolve(label_text)
        return self._remembered(label_text)

    def _resolve(self, label_text: bytes) -> Stream:
        pairs = [(name, value) for name, value in parse_label_text(label_text) if value]
        pairs = sorted(pairs + self._service_name(dict(reversed(pairs))), key=lambda pair: pair[0])
        labels = Labels(pairs)
        text = labels.text if len(labels) == len(pairs) else _canonical(pairs)
        level = next((labels[name] for name in self._limits.log_level_fields if name in labels), None)
        return Stream(labels, text, self._judge(pairs, text), level)

    def _service_name(self, labels: dict[str, str]) -> list[tuple[str, str]]:
        candidates = self._limits.discover_service_name
        if not candidates or SERVICE_NAME in labels or not _INTERNAL_LABELS.isdisjoint(labels):
            return []
        return [(SERVICE_NAME, next((labels[name] for name in candidates if name in labels), UNKNOWN_SERVICE))]

    def _judge(self, pairs: list[tuple[str, str]], text: str) -> Refusal | None:
        limits = self._limits
        if not pairs:
            return Refusal(Reason.MISSING_LABELS, "error at least one label pair is required per stream")
        count = sum(name != SERVICE_NAME for name, _ in pairs)
        if count > limits.max_label_names_per_series:
            told = f"has {count} label names; limit {limits.max_label_names_per_series}"
            return Refusal(Reason.TOO_MANY_LABELS, f"entry for stream '{text}' {told}")
        previous = None
        for name, value in pairs:
            if len(name.encode()) > limits.max_label_name_length:
                return Refusal(Reason.LABEL_NAME_TOO_LONG, f"stream '{text}' has label name too long: '{name}'")
            if len(value.encode()) > limits.max_label_value_length:
                return Refusal(Reason.LABEL_VALUE_TOO_LONG, f"stream '{text}' has label value too long: '{value}'")
            if name == previous:
                return Refusal(Reason.DUPLICATE_LABELS, f"stream '{text}' has duplicate label name: '{name}'")
            previous = name
        return None


def _canonical(pairs: list[tuple[str, str]]) -> str:
    """As ``Labels.text``, for pairs with a name that is there twice."""
    return "{" + ", ".join(Labels([pair]).text[1:-1] for pair in pairs) + "}"


@lru_cache(_CACHED_LIMITS)
def resolver_of(limits: PushLimits) -> StreamResolver:
    """The resolver for these limits; tenants with equal limits share one and its memory."""
    return StreamResolver(limits)


def label_text_of(labels: dict[str, str]) -> bytes:
    """A label object of a JSON push as the label string that it stands for."""
    return ("{" + ", ".join(f"{name}={go_quote(value)}" for name, value in sorted(labels.items())) + "}").encode()
