"""``printf``: a format with verbs, flags, widths, ``*`` and explicit indexes, and Go's words for what does not fit.

A mismatch is printed (``%!d(string=x)``), never raised; only output that gets too long raises ValueError.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from logql.template.limits import check_length
from logql.template.printf_verbs import Spec, format_verb
from logql.template.printing import show
from logql.template.values import is_integer, type_name

__all__ = ["printf"]

_MAX_WIDTH = 1_000_000
_FLAGS = re.compile(r"[-+# 0]*")
_INDEX = re.compile(r"\[([0-9]+)\]")
_DIGITS = re.compile(r"[0-9]+")


def printf(template: str, *arguments: object) -> str:
    """Raises ValueError when the output gets too long."""
    return _Printer(template, arguments).run()


class _Printer:
    def __init__(self, template: str, arguments: Sequence[object]) -> None:
        self.template, self.arguments = template, arguments
        self.position = self.place = self.length = 0
        self.is_reordered = self.is_index_good = False
        self.has_index = False
        self.parts: list[str] = []

    def run(self) -> str:
        while (start := self.template.find("%", self.position)) >= 0:
            self._write(self.template[self.position : start])
            self.position = start + 1
            self._read_verb()
        self._write(self.template[self.position :])
        if not self.is_reordered and self.place < len(self.arguments):
            self._write_extra()
        return "".join(self.parts)

    def _write(self, text: str) -> None:
        self.length += len(text)
        check_length(self.length)
        self.parts.append(text)

    def _write_extra(self) -> None:
        extra = (self._described(value) for value in self.arguments[self.place :])
        self._write(f"%!(EXTRA {', '.join(extra)})")

    @staticmethod
    def _described(value: object) -> str:
        return "<nil>" if value is None else f"{type_name(value)}={show(value)}"

    def _read_verb(self) -> None:
        self.is_index_good, self.has_index = True, False
        spec = Spec(self._match(_FLAGS))
        self._read_index()
        self._read_width(spec)
        self._read_precision(spec)
        if not self.has_index:
            self._read_index()
        if self.position >= len(self.template):
            self._write("%!(NOVERB)")
            return
        verb = self.template[self.position]
        self.position += 1
        self._write_verb(spec, verb)

    def _write_verb(self, spec: Spec, verb: str) -> None:
        if verb == "%":
            self._write("%")
        elif not self.is_index_good:
            self._write(f"%!{verb}(BADINDEX)")
        elif self.place >= len(self.arguments):
            self._write(f"%!{verb}(MISSING)")
        else:
            self.place += 1
            self._write(format_verb(spec, verb, self.arguments[self.place - 1]))

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.template, self.position)
        if match is None:
            return ""
        self.position = match.end()
        return match.group()

    def _read_index(self) -> None:
        """``[2]``: the next argument is the second."""
        if not self.template.startswith("[", self.position):
            return
        self.is_reordered = self.has_index = True
        match = _INDEX.match(self.template, self.position)
        end = self.template.find("]", self.position)
        self.position = end + 1 if end >= 0 else self.position + 1
        index = int(match[1][:9]) if match else 0
        if 1 <= index <= len(self.arguments):
            self.place = index - 1
        else:
            self.is_index_good = False

    def _read_width(self, spec: Spec) -> None:
        if self.template.startswith("*", self.position):
            self.position += 1
            spec.width = self._star("%!(BADWIDTH)")
            if spec.width is not None and spec.width < 0:
                spec.width, spec.is_left, spec.has_zeros = -spec.width, True, False
            self.has_index = False
            return
        spec.width = self._number()
        if self.has_index and spec.width is not None:
            self.is_index_good = False

    def _read_precision(self, spec: Spec) -> None:
        if not self.template.startswith(".", self.position):
            return
        self.position += 1
        if self.has_index:
            self.is_index_good = False
        self._read_index()
        if not self.template.startswith("*", self.position):
            spec.precision = self._number() or 0
            return
        self.position += 1
        spec.precision = self._star("%!(BADPREC)")
        if spec.precision is not None and spec.precision < 0:
            spec.precision = None
            self._write("%!(BADPREC)")
        self.has_index = False

    def _number(self) -> int | None:
        digits = self._match(_DIGITS)
        number = int(digits[:9]) if digits else None
        return None if number is None or number > _MAX_WIDTH else number

    def _star(self, complaint: str) -> int | None:
        """The next argument as a number."""
        value = self.arguments[self.place] if self.place < len(self.arguments) else None
        self.place += self.place < len(self.arguments)
        if is_integer(value) and abs(value) <= _MAX_WIDTH:
            return int(value)
        self._write(complaint)
        return None
