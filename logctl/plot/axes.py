"""What stands around a drawing: values to its left, times below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from logctl.plot.scale import Scale, number_texts
from logctl.plot.style import Style
from logctl.plot.time_axis import moment_text, time_form

__all__ = ["ValueAxis", "time_lines"]

_ROWS_A_LABEL = 4
_LEAST_COLUMNS = 16  # of a drawing that leaves room for an axis
_LABEL_GAP = 3


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """``labels`` by row; ``width`` columns with the line, 0 where there is no room for an axis."""

    labels: dict[int, str]
    width: int

    @classmethod
    def of(cls, low: float, high: float, rows: int, width: int) -> ValueAxis:
        """For a chart of so many rows, ``width`` columns all in all."""
        if low == high or rows < 2:
            labels = {(rows - 1) // 2: number_texts([low])[0]}
        else:
            count = max(2, (rows - 1) // _ROWS_A_LABEL + 1)
            places = [round(number * (rows - 1) / (count - 1)) for number in range(count)]
            scale = Scale(low, high, rows)
            labels = dict(zip(places, number_texts([scale.value(1 - row / (rows - 1)) for row in places]), strict=True))
        needed = max(map(len, labels.values())) + 2
        return cls(labels, needed) if width - needed >= _LEAST_COLUMNS else cls({}, 0)

    def beside(self, drawing: Sequence[str], style: Style) -> list[str]:
        """The drawing with the axis before it."""
        if not self.width:
            return list(drawing)
        plain, labelled, _, _ = style.frame
        lefts = [(self.labels.get(row, ""), labelled if row in self.labels else plain) for row in range(len(drawing))]
        return [f"{label:>{self.width - 2}} {line}{text}" for (label, line), text in zip(lefts, drawing, strict=True)]


def time_lines(axis: ValueAxis, times: Scale, columns: int, style: Style, zone: tzinfo | None) -> list[str]:
    """The line below ``columns`` columns, and the times of some of them; nothing without room for an axis."""
    if not axis.width:
        return []
    _, _, corner, plain = style.frame
    form = time_form(int(times.high - times.low))
    width = len(moment_text(int(times.low), form, zone))
    line, text = [plain] * columns, ""
    for column in range(0, columns - width + 1, width + _LABEL_GAP):
        line[column] = style.tick
        text = text.ljust(column) + moment_text(round(times.value(column / max(columns - 1, 1))), form, zone)
    margin = " " * (axis.width - 1)
    return [f"{margin}{corner}{''.join(line)}", f"{margin} {text}".rstrip()]
