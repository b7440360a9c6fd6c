"""The syntax tree of a template. Each node prints itself as error texts show it.

``position`` counts characters from the start of the template; it is what error texts point at.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.text import go_quote

__all__ = [
    "Action",
    "Body",
    "Boolean",
    "Branch",
    "Chain",
    "Command",
    "Dot",
    "Field",
    "Identifier",
    "LoopControl",
    "Nil",
    "Node",
    "Number",
    "Operand",
    "Pipeline",
    "Range",
    "Statement",
    "String",
    "TemplateCall",
    "Text",
    "Variable",
]


@dataclass(frozen=True, slots=True)
class Node:
    """Base of all nodes."""

    position: int


@dataclass(frozen=True, slots=True)
class Dot(Node):
    def __str__(self) -> str:
        return "."


@dataclass(frozen=True, slots=True)
class Nil(Node):
    def __str__(self) -> str:
        return "nil"


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    value: bool

    def __str__(self) -> str:
        return "true" if self.value else "false"


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A literal can be several numbers at once: ``3`` is also a float, ``3.0`` also an integer.

    ``constant`` is what it is where no type is asked for; None when it does not fit an int.
    """

    text: str
    integer: int | None
    real: float | None
    constant: int | float | complex | None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class String(Node):
    quoted: str
    text: str

    def __str__(self) -> str:
        return self.quoted


@dataclass(frozen=True, slots=True)
class Field(Node):
    """``.a.b``."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return "".join(f".{name}" for name in self.names)


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """``$x`` or ``$x.a.b``; ``name`` has its ``$``."""

    name: str
    fields: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join((self.name, *self.fields))


@dataclass(frozen=True, slots=True)
class Identifier(Node):
    """A function."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """``(pipeline).a.b`` or ``function.a.b``."""

    start: Operand
    fields: tuple[str, ...]

    def __str__(self) -> str:
        return _operand_text(self.start) + "".join(f".{name}" for name in self.fields)


@dataclass(frozen=True, slots=True)
class Command(Node):
    """Operands with blanks between."""

    operands: tuple[Operand, ...]

    def __str__(self) -> str:
        return " ".join(map(_operand_text, self.operands))


@dataclass(frozen=True, slots=True)
class Pipeline(Node):
    """``$x := command | command``."""

    declared: tuple[Variable, ...]
    is_assignment: bool
    commands: tuple[Command, ...]

    def __str__(self) -> str:
        names = ", ".join(map(str, self.declared))
        sign = " = " if self.is_assignment else " := "
        return (names + sign if names else "") + " | ".join(map(str, self.commands))


Operand = Dot | Nil | Boolean | Number | String | Field | Variable | Identifier | Chain | Pipeline


def _operand_text(operand: Operand) -> str:
    return f"({operand})" if isinstance(operand, Pipeline) else str(operand)


@dataclass(frozen=True, slots=True)
class Text(Node):
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Action(Node):
    """``{{pipeline}}``."""

    pipeline: Pipeline

    def __str__(self) -> str:
        return f"{{{{{self.pipeline}}}}}"


@dataclass(frozen=True, slots=True)
class Branch(Node):
    """``if`` or ``with`` (``keyword``): the first case that holds, else ``otherwise``."""

    keyword: str
    cases: tuple[tuple[Pipeline, Body], ...]
    otherwise: Body

    def __str__(self) -> str:
        return f"{{{{{self.keyword} {self.cases[0][0]}}}}}"


@dataclass(frozen=True, slots=True)
class Range(Node):
    pipeline: Pipeline
    body: Body
    otherwise: Body

    def __str__(self) -> str:
        return f"{{{{range {self.pipeline}}}}}"


@dataclass(frozen=True, slots=True)
class LoopControl(Node):
    """``{{break}}`` or ``{{continue}}``."""

    keyword: str

    def __str__(self) -> str:
        return f"{{{{{self.keyword}}}}}"


@dataclass(frozen=True, slots=True)
class TemplateCall(Node):
    """``{{template "name" pipeline}}``."""

    name: str
    pipeline: Pipeline | None

    def __str__(self) -> str:
        argument = f" {self.pipeline}" if self.pipeline else ""
        return f"{{{{template {go_quote(self.name)}{argument}}}}}"


Statement = Text | Action | Branch | Range | LoopControl | TemplateCall
Body = tuple[Statement, ...]
