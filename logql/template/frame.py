"""What an execution keeps while it runs: the budget of the whole, and the variables and place of each template.

Every error text is made here, since it names the node that was reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn, Protocol

from logql.template.errors import TemplateError
from logql.template.limits import CHARS_PER_STEP, MAX_OUTPUT_CHARS, MAX_STEPS
from logql.template.nodes import Node
from logql.template.values import to_bytes
from storage.text import go_quote

__all__ = ["MISSING", "Expression", "Frame", "Run", "Source", "Step"]


class _Missing:
    """Tells "no value came down the pipeline" from nil."""


MISSING = _Missing()


class Expression(Protocol):
    """A compiled operand, command or pipeline; ``final`` is the value from the command before it."""

    def __call__(self, frame: Frame, dot: object, final: object = MISSING) -> object: ...


class Step(Protocol):
    """A compiled statement; returns "break" or "continue" when the loop around it has to."""

    def __call__(self, frame: Frame, dot: object) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a template; ``name`` is ``line`` or ``label``."""

    name: str
    text: str

    def place(self, position: int) -> str:
        """``line:1:2``: line from 1, byte of the line from 0."""
        before = self.text[:position]
        column = len(to_bytes(before[before.rfind("\n") + 1 :]))
        return f"{self.name}:{before.count(chr(10)) + 1}:{column}"


class Run:
    """One execution: the row, and what is left of its budget."""

    __slots__ = ("chars_left", "levels", "line", "out", "steps_left", "ts_ns")

    def __init__(self, line: str, ts_ns: int) -> None:
        self.line, self.ts_ns = line, ts_ns
        self.out: list[str] = []
        self.steps_left, self.levels = MAX_STEPS, 0
        self.chars_left = MAX_OUTPUT_CHARS + len(line)


class Frame:
    """One template being executed; ``node`` is the one reached, which errors point at."""

    __slots__ = ("name", "node", "run", "source", "variables")

    def __init__(self, run: Run, source: Source, name: str, variables: list[object]) -> None:
        self.run, self.source, self.name, self.variables = run, source, name, variables
        self.node: Node | None = None

    def fail(self, message: str) -> NoReturn:
        """Raises TemplateError with the place reached."""
        position = self.node.position if self.node else 0
        place = self.source.place(position)
        text = f"template: {place}: executing {go_quote(self.name)} at <{self.node}>: {message}"
        raise TemplateError(to_bytes(text).decode("utf-8", "replace"))

    def charge(self, steps: int) -> None:
        self.run.steps_left -= steps
        if self.run.steps_left < 0:
            self.fail(f"takes more than {MAX_STEPS} steps")

    def charge_text(self, chars: int) -> None:
        self.charge(chars // CHARS_PER_STEP)

    def write(self, text: str) -> None:
        run = self.run
        run.chars_left -= len(text)
        if run.chars_left < 0:
            self.fail(f"output exceeds {MAX_OUTPUT_CHARS} characters")
        run.out.append(text)
