"""Which rows are refused, why, and the text that says so. Rows are judged all at once; texts are made per kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.limits import PushLimits
from server.notation.moments import format_moment
from server.push.entries import NO_TIME, Entries
from server.push.errors import PushError, Reason
from server.push.streams import Stream

__all__ = ["Verdict", "judge"]

_NANOS = 1_000_000_000
# Groups of equal texts in one answer: a request of a million odd lines must not be answered by a million texts.
_TEXTS_MAX = 100
_OTHER = ""

_ADMIN = "or contact your Loki administrator to"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``kept`` (rows,) bool; counters of what was refused by reason."""

    kept: NDArray[np.bool_]
    error: PushError | None
    lines: dict[Reason, int]
    bytes: dict[Reason, int]


@dataclass(frozen=True, slots=True)
class _Check:
    """Rows that break one rule; ``key`` (rows,) is what beside the stream the text of a row shows."""

    reason: Reason
    broken: NDArray[np.bool_]
    key: NDArray[np.int64]
    text: Callable[[str, int], str]


def judge(entries: Entries, streams: Sequence[Stream], limits: PushLimits, now_ns: int) -> Verdict:
    """Judge every row by the first rule it breaks; ``streams`` belong to ``entries.labels``."""
    kept = np.ones(len(entries), np.bool_)
    if _is_plainly_good(entries, streams, limits, now_ns):
        return Verdict(kept, None, {}, {})
    texts: Counter[str] = Counter()
    lines: dict[Reason, int] = {}
    sizes: dict[Reason, int] = {}

    def refuse(reason: Reason, rows: NDArray[np.bool_]) -> None:
        kept[rows] = False
        lines[reason] = lines.get(reason, 0) + int(rows.sum())
        sizes[reason] = sizes.get(reason, 0) + int(entries.sizes()[rows].sum())

    for reason, refused in _refused_streams(streams).items():
        texts.update(refusal.text for stream in streams if (refusal := stream.refusal) and refusal.reason == reason)
        refuse(reason, refused[entries.stream])
    for check in _checks(entries, limits, now_ns):
        rows = check.broken & kept
        if rows.any():
            refuse(check.reason, rows)
            texts.update(_texts(check, rows, entries.stream, streams))
    return Verdict(kept, _error(texts), lines, sizes)


def _is_plainly_good(entries: Entries, streams: Sequence[Stream], limits: PushLimits, now_ns: int) -> bool:
    """Whether the extremes already tell that no row breaks a rule, which is so for nearly every request."""
    if not len(entries) or any(stream.refusal for stream in streams):
        return False
    if entries.has_metadata and not _has_good_metadata(entries, limits):
        return False
    oldest_ns, newest_ns = _time_bounds(limits, now_ns)
    if entries.ts.min() < oldest_ns or entries.ts.max() > newest_ns:
        return False
    return not limits.max_line_size or bool(entries.line_sizes().max() <= limits.max_line_size)


def _has_good_metadata(entries: Entries, limits: PushLimits) -> bool:
    count_max, size_max = limits.max_structured_metadata_entries_count, limits.max_structured_metadata_size
    return (
        limits.allow_structured_metadata
        and (not count_max or bool(entries.metadata_counts().max() <= count_max))
        and (not size_max or bool(entries.metadata_sizes().max() <= size_max))
    )


def _refused_streams(streams: Sequence[Stream]) -> dict[Reason, NDArray[np.bool_]]:
    """For each reason for which streams are refused, (streams,) which ones are."""
    reasons = [stream.refusal.reason if stream.refusal else None for stream in streams]
    return {
        reason: np.array([each is reason for each in reasons], np.bool_)
        for reason in dict.fromkeys(reasons)
        if reason is not None
    }


def _texts(
    check: _Check, rows: NDArray[np.bool_], stream: NDArray[np.int32], streams: Sequence[Stream]
) -> Counter[str]:
    """How often each text of the commonest is due; all the rest has the empty one."""
    streams_of, keys = stream[rows], check.key[rows]
    order = np.lexsort((keys, streams_of))
    streams_of, keys = streams_of[order], keys[order]
    is_first = np.append(True, (np.diff(streams_of) != 0) | (np.diff(keys) != 0))
    first = np.flatnonzero(is_first)
    counts = np.diff(np.append(first, len(keys)))
    shown = np.argsort(-counts, kind="stable")[:_TEXTS_MAX]
    texts: Counter[str] = Counter()
    for place in shown.tolist():
        texts[check.text(streams[streams_of[first[place]]].text, int(keys[first[place]]))] += int(counts[place])
    texts[_OTHER] += len(keys) - int(counts[shown].sum())
    return +texts


def _checks(entries: Entries, limits: PushLimits, now_ns: int) -> list[_Check]:
    checks = _time_checks(entries.ts, limits, now_ns)
    sizes = entries.line_sizes()
    if limits.max_line_size:
        checks.append(_line_check(sizes, limits.max_line_size))
    if entries.has_metadata:
        checks += _metadata_checks(entries, limits)
    return checks


def _time_bounds(limits: PushLimits, now_ns: int) -> tuple[int, int]:
    """The oldest and the newest time that are taken."""
    # A row without a time, or with one beyond what int64 holds, is refused whatever the limits are.
    oldest_ns = now_ns - limits.reject_old_samples_max_age_s * _NANOS if limits.reject_old_samples else NO_TIME + 1
    return max(oldest_ns, NO_TIME + 1), now_ns + limits.creation_grace_period_s * _NANOS


def _time_checks(ts: NDArray[np.int64], limits: PushLimits, now_ns: int) -> list[_Check]:
    oldest_ns, newest_ns = _time_bounds(limits, now_ns)
    second = ts // _NANOS

    def too_old(stream: str, second: int) -> str:
        oldest = f"oldest acceptable timestamp is: {_time(oldest_ns // _NANOS)}"
        return f"entry for stream '{stream}' has timestamp too old: {_time(second)}, {oldest}"

    def too_new(stream: str, second: int) -> str:
        return f"entry for stream '{stream}' has timestamp too new: {_time(second)}"

    return [
        _Check(Reason.TOO_OLD, ts < oldest_ns, second, too_old),
        _Check(Reason.TOO_NEW, ts > newest_ns, second, too_new),
    ]


def _line_check(sizes: NDArray[np.int32], size_max: int) -> _Check:
    def too_long(stream: str, size: int) -> str:
        told = f"exceeded for stream '{stream}' while adding an entry with length '{size}' bytes"
        return f"max entry size '{size_max}' bytes {told}"

    return _Check(Reason.LINE_TOO_LONG, sizes > size_max, sizes.astype(np.int64), too_long)


def _metadata_checks(entries: Entries, limits: PushLimits) -> list[_Check]:
    counts = entries.metadata_counts()
    sizes = entries.metadata_sizes()
    count_max, size_max = limits.max_structured_metadata_entries_count, limits.max_structured_metadata_size
    always = np.ones(len(entries), np.bool_)

    def disallowed(stream: str, _: int) -> str:
        told = "includes structured metadata, but this feature is disallowed. Please see"
        return f"stream '{stream}' {told} `limits_config.allow_structured_metadata` {_ADMIN} enable it"

    def too_large(stream: str, size: int) -> str:
        told = f"has structured metadata too large: '{size}' bytes, limit: '{size_max}' bytes. Please see"
        return f"stream '{stream}' {told} `limits_config.max_structured_metadata_size` {_ADMIN} increase it"

    def too_many(stream: str, count: int) -> str:
        told = f"has too many structured metadata labels: '{count}', limit: '{count_max}'. Please see"
        return f"stream '{stream}' {told} `limits_config.max_structured_metadata_entries_count` {_ADMIN} increase it"

    if not limits.allow_structured_metadata:
        return [_Check(Reason.METADATA_DISALLOWED, counts > 0, np.zeros(len(entries), np.int64), disallowed)]
    return [
        _Check(Reason.METADATA_TOO_LARGE, (sizes > size_max) if size_max else ~always, sizes, too_large),
        _Check(Reason.METADATA_TOO_MANY, (counts > count_max) if count_max else ~always, counts, too_many),
    ]


def _error(texts: Counter[str]) -> PushError | None:
    """One refusal is shown bare, several are grouped by their text."""
    if not texts:
        return None
    if texts.total() == 1:
        return PushError(400, next(iter(texts)))
    others = texts.pop(_OTHER, 0)
    groups = texts.most_common()
    shown = [f"{count} errors like: {text}" for text, count in groups[:_TEXTS_MAX]]
    if others := others + sum(count for _, count in groups[_TEXTS_MAX:]):
        shown.append(f"{others} other errors")
    return PushError(400, "; ".join(shown))


def _time(second: int) -> str:
    """A time below what int64 holds in nanoseconds is one that was not sent: year 1, as in Loki."""
    return "0001-01-01T00:00:00Z" if second <= NO_TIME // _NANOS else format_moment(second)
