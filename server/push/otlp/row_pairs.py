"""Pairs of single records: values that the walk left open become texts, and each pair metadata, a label or nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from server.limits import PushLimits
from server.otlp_rules import Action, OtlpRule, action_of
from server.push.bounds import check_counts
from server.push.entries import MAX_TEXT_BYTES, Pairs, Slices
from server.push.errors import PushError
from server.push.gathering import gathered
from server.push.otlp.messages import parse_value
from server.push.otlp.source import flattened
from server.push.otlp.value import ValueBudget, text_of
from server.push.otlp.wire import MAP, TEXT, spans_of_constants
from storage.text import decode_utf8

__all__ = ["NO_PAIRS", "RowPairs"]

_NO_TEXTS = Slices(np.empty(0, np.uint8), np.empty(0, np.int32), np.empty(0, np.int32))
NO_PAIRS = Pairs(np.empty(0, np.int32), _NO_TEXTS, _NO_TEXTS)

_METADATA, _LABEL, _DROP = range(3)
_CODES = {Action.STRUCTURED_METADATA: _METADATA, Action.INDEX_LABEL: _LABEL, Action.DROP: _DROP}


@dataclass(slots=True)
class RowPairs:
    """What the kernel noted, on its way to columns.

    texts      all that spans point into; grows by the texts of open values
    size       bytes of the request: names that begin behind them are constants
    lines      (2, rows), row (pairs,), spans (4, pairs) as in ``kernels.walk``
    """

    texts: NDArray[np.uint8]
    size: int
    lines: NDArray[np.int32]
    row: NDArray[np.int32]
    spans: NDArray[np.int32]

    def settle(self, open_values: NDArray[np.int32], budget: ValueBudget, limits: PushLimits) -> tuple[Pairs, Pairs]:
        """(metadata, labels). PushError 400 for malformed values, or too many of them."""
        rules = limits.otlp_rules
        actions = self._close(open_values, self._actions(rules.log), budget, limits)
        names, values = (Slices(self.texts, *self.spans[part : part + 2]) for part in (0, 2))
        pairs = Pairs(self.row, names, values)
        if not rules.log and not rules.severity_text_as_label:
            return pairs, NO_PAIRS
        is_label = actions == _LABEL
        if rules.severity_text_as_label:
            is_label |= self.spans[0] == self.size + spans_of_constants()[TEXT][0]
        return _chosen(pairs, actions == _METADATA), _chosen(pairs, is_label)

    def column_of_lines(self) -> pa.Array:
        return gathered(Slices(self.texts, self.lines[0], self.lines[1]))

    def _actions(self, rules: tuple[OtlpRule, ...]) -> NDArray[np.int8]:
        """(pairs,) what becomes of each."""
        if not rules:
            return np.zeros(len(self.row), np.int8)
        names = gathered(Slices(self.texts, self.spans[0], self.spans[1])).view(pa.binary()).dictionary_encode()
        of_name = [_CODES[action_of(decode_utf8(name), rules)] for name in names.dictionary.to_pylist()]
        actions = np.array(of_name, np.int8)[names.indices.to_numpy()]
        return np.where(self.spans[0] < self.size, actions, np.int8(_METADATA))

    def _close(
        self, open_values: NDArray[np.int32], actions: NDArray[np.int8], budget: ValueBudget, limits: PushLimits
    ) -> NDArray[np.int8]:
        """Makes texts of open values; the actions of all pairs that there are then."""
        added = _AddedTexts(len(self.texts))
        repeats = np.ones(len(self.row), np.int64)
        repeats[actions == _DROP] = 0
        maps: dict[int, list[tuple[int, int, int, int]]] = {}
        for kind, target in open_values.T.tolist():
            if target >= 0 and not repeats[target]:
                continue
            span = self.lines[:, -1 - target] if target < 0 else self.spans[2:, target]
            value = parse_value(self.texts[span[0] : span[1]].tobytes(), kind, budget)
            if kind == MAP and target >= 0:
                name = decode_utf8(self.texts[self.spans[0, target] : self.spans[1, target]].tobytes())
                maps[target] = [(*added.put(key), *added.put(text)) for key, text in flattened([(name, value)])]
                repeats[target] = len(maps[target])
            else:
                span[:] = added.put(text_of(value))
        self.texts = added.behind(self.texts)
        if maps or not repeats.all():
            check_counts(self.lines.shape[1], int(repeats.sum()), limits)
            self._repeat(repeats, maps)
            actions = np.repeat(actions, repeats)
        return actions

    def _repeat(self, repeats: NDArray[np.int64], maps: dict[int, list[tuple[int, int, int, int]]]) -> None:
        """Put the pairs of maps in the place of the maps; what is repeated not at all goes."""
        first = np.cumsum(repeats) - repeats
        self.row, self.spans = np.repeat(self.row, repeats), np.repeat(self.spans, repeats, axis=1)
        for target, inner in maps.items():
            for offset, spans in enumerate(inner):
                self.spans[:, first[target] + offset] = spans


class _AddedTexts:
    """Texts that are appended behind others; ``put`` answers the span that each will have."""

    def __init__(self, base: int) -> None:
        self._base = self._end = base
        self._texts: list[bytes] = []

    def put(self, text: str) -> tuple[int, int]:
        start = self._end
        self._texts.append(text.encode())
        self._end += len(self._texts[-1])
        if self._end > MAX_TEXT_BYTES:
            raise PushError(400, "too long maps and arrays in one push: send fewer records at a time")
        return start, self._end

    def behind(self, texts: NDArray[np.uint8]) -> NDArray[np.uint8]:
        added = b"".join(self._texts)
        return np.concatenate([texts, np.frombuffer(added, np.uint8)]) if added else texts


def _chosen(pairs: Pairs, mask: NDArray[np.bool_]) -> Pairs:
    places = np.flatnonzero(mask)
    return Pairs(pairs.row[places], pairs.name.take(places), pairs.value.take(places))
