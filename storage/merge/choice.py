"""Which parts are merged next: neighbours in the order of their rows, of one slot of time and one store.

A run is worth it when it is ``fan_in`` times as large as the largest part in it: a row is then rewritten about
log(ceiling / size of a flush) to that base times, and few parts of any size are left. When a slot is over and quiet,
whatever is left is merged; a part that is alone and as it was flushed is written anew, or it would lack for ever what
merged parts have: hard compression, skip filters, dense columns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from storage.part import Part, slot_of
from storage.settings import StorageSettings

__all__ = ["Rules", "next_run"]

_TINY_BYTES = 1 << 20  # smaller parts count as much, or they would be merged again and again
_MOST_INPUTS = 32
_OPEN_BYTES = 32 << 20  # lines of the chunks that are read at once, one of each input: four times, as windows are 8 MB


@dataclass(frozen=True, slots=True)
class Rules:
    """is_due   whether a part is so old that its slot is over and had no new part for long
    excluded   keys of parts that cannot be merged
    """

    settings: StorageSettings
    is_due: Callable[[Part], bool]
    excluded: Collection[str] = ()


def next_run(parts: Sequence[Part], rules: Rules) -> tuple[Part, ...] | None:
    """The best run of the oldest slot that has one. ``parts`` are in the order of their rows."""
    for stretch in sorted(_stretches(parts, rules), key=lambda stretch: stretch[0].index.min_ts):
        best = _best(stretch, rules)
        if best is not None:
            return best
    return None


def _stretches(parts: Sequence[Part], rules: Rules) -> Iterator[list[Part]]:
    """Neighbours that may be merged without changing the order of rows of one time."""
    slots = {part.index.key: slot_of(part.index.min_ts, part.index.max_ts) for part in parts}
    groups: dict[object, list[Part]] = {}
    for part in parts:
        if part.index.key in rules.excluded:
            continue
        group = groups.setdefault((slots[part.index.key], id(part.store)), [])
        if group and any(_overlaps(other, group) for other in _between(parts, group[-1], part)):
            yield group[:]
            group.clear()
        group.append(part)
    yield from (group for group in groups.values() if group)


def _between(parts: Sequence[Part], first: Part, last: Part) -> Sequence[Part]:
    return parts[parts.index(first) + 1 : parts.index(last)]


def _overlaps(part: Part, group: Sequence[Part]) -> bool:
    return any(
        part.index.min_ts <= each.index.max_ts and each.index.min_ts <= part.index.max_ts
        for each in group
        if each is not part
    )


def _best(stretch: list[Part], rules: Rules) -> tuple[Part, ...] | None:
    """The run that removes most parts; of those the smallest."""
    best: tuple[int, int] | None = None
    found = None
    for start in range(len(stretch)):
        for run in _growing(stretch[start : start + _MOST_INPUTS], rules.settings.merge_max_bytes):
            if not _is_worth_it(run, rules):
                continue
            rank = -len(run), sum(part.index.line_bytes for part in run)
            if best is None or rank < best:
                best, found = rank, tuple(run)
    return found


def _growing(parts: list[Part], max_bytes: int) -> Iterator[list[Part]]:
    line_bytes = open_bytes = 0
    for stop, part in enumerate(parts, 1):
        line_bytes += part.index.line_bytes
        open_bytes += max(chunk.line_bytes for chunk in part.index.chunks)
        if stop > 1 and (line_bytes > max_bytes or open_bytes > _OPEN_BYTES):
            return
        yield parts[:stop]


def _is_worth_it(run: Sequence[Part], rules: Rules) -> bool:
    if all(map(rules.is_due, run)):
        return len(run) > 1 or not run[0].index.replaces
    if len(run) == 1:
        return False
    sizes = [max(part.index.line_bytes, _TINY_BYTES) for part in run]
    return sum(sizes) >= rules.settings.merge_fan_in * max(sizes)
