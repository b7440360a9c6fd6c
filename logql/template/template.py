"""A template of line_format or label_format, ready to run on rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from logql.template.compiled.statements import CompiledTemplate, compile_template
from logql.template.errors import TemplateError
from logql.template.frame import Frame, Run, Source
from logql.template.functions.registry import FUNCTION_NAMES
from logql.template.limits import MAX_FAST_FIELDS, MAX_OUTPUT_CHARS
from logql.template.needs import needs_of
from logql.template.nodes import Action, Body, Field, Text
from logql.template.parser import parse_bodies
from logql.template.values import LabelMap, to_bytes
from storage.text import decode_utf8

__all__ = ["Template"]

_Piece = tuple[str, str | None]
"""Text, then the label that follows it; None at the end."""

# As in Loki: a line that would be nothing but the error is empty; beside other text the error is written.
_ERRORS_ALONE = tuple((("", name), ("", None)) for name in ("__error__", "__error_details__"))


class Template:
    """Immutable once parsed; any number of threads may execute it at once.

    ``fields``: the labels it reads, None when it may read any.
    ``reads_line`` and ``reads_time``: whether it reads the line, the entry's timestamp.
    """

    def __init__(self, source: Source, bodies: dict[str, Body]) -> None:
        self._source = source
        self._templates: dict[str, CompiledTemplate] = {}
        for name, body in bodies.items():
            self._templates[name] = compile_template(name, body, self._templates)
        self._main = self._templates[source.name]
        self._pieces = _plain_pieces(bodies[source.name])
        if source.name == "line" and self._pieces in _ERRORS_ALONE:
            self._pieces = (("", None),)
        needs = needs_of(bodies, source.name)
        self.fields = None if needs.reads_all_labels else frozenset(needs.labels)
        self.reads_line, self.reads_time = needs.reads_line, needs.reads_time

    @classmethod
    def parse(cls, text: str, name: str) -> Template:
        """``name`` is ``line`` or ``label``. Raises TemplateSyntaxError: ``template: line:1: unclosed action``."""
        return _parsed(text, name)

    def execute(self, labels: Mapping[str, str], line: str, ts_ns: int) -> str:
        """The output for one row. Raises TemplateError."""
        if self._pieces is not None:
            parts: list[str] = []
            for text, name in self._pieces:
                parts.append(text)
                if name is not None:
                    parts.append(labels.get(name, ""))
            output = "".join(parts)
            if len(output) <= MAX_OUTPUT_CHARS:
                return output
        return self._execute(LabelMap(labels), line, ts_ns)

    def _execute(self, dot: LabelMap, line: str, ts_ns: int) -> str:
        run = Run(line, ts_ns)
        frame = Frame(run, self._source, self._main.name, self._main.variables(dot))
        run.levels = self._main.levels
        try:
            self._main.run(frame, dot)
        except RecursionError:  # the caller's own stack is deep: the limits of nesting leave room for ordinary ones
            raise TemplateError(f"template: {self._source.name}: nests too deeply") from None
        output = "".join(run.out)
        return output if output.isascii() else _clean(output)


def _clean(text: str) -> str:
    """Bytes that are no UTF-8, left by cutting, become replacement characters."""
    return decode_utf8(to_bytes(text))


def _label_of(statement: object) -> str | None:
    """The label when the statement is ``{{.label}}``."""
    match statement:
        case Action(pipeline=pipeline) if not pipeline.declared and len(pipeline.commands) == 1:
            match pipeline.commands[0].operands:
                case (Field(names=(name,)),):
                    return name
    return None


def _plain_pieces(body: Body) -> tuple[_Piece, ...] | None:
    """The fast path: texts and labels, nothing else."""
    pieces: list[_Piece] = []
    text = ""
    for statement in body:
        name = _label_of(statement)
        if isinstance(statement, Text):
            text += statement.text
        elif name is None:
            return None
        else:
            pieces.append((text, name))
            text = ""
    return (*pieces, (text, None)) if len(pieces) <= MAX_FAST_FIELDS else None


# Checking, planning and running a query each ask for the same template; one of 128 KB takes a second to parse.
@lru_cache(maxsize=64)
def _parsed(text: str, name: str) -> Template:
    return Template(Source(name, text), parse_bodies(text, name, FUNCTION_NAMES))
