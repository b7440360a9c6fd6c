"""How a function of templates is declared: Go's parameter types, and the Python function that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["ANY", "DURATION", "FLOAT", "INT", "REFLECTED", "STRING", "TIME", "Costly", "Function"]

STRING = "string"
INT = "int"
FLOAT = "float64"
ANY = "interface {}"
REFLECTED = "reflect.Value"  # any value, as the comparisons and index take it
TIME = "time.Time"
DURATION = "time.Duration"


@dataclass(frozen=True, slots=True)
class Costly:
    """A result whose price was known only afterwards."""

    value: object
    steps: int


@dataclass(frozen=True, slots=True)
class Function:
    """``call`` takes the checked arguments and raises ValueError with the text of the error it "returns".

    ``rest``: the type of any number of further arguments. ``steps``: the price of a call; ``weight``: how much dearer
    than elsewhere a character of its arguments is.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., object]
    rest: str | None = None
    weight: int = 1
    steps: int = 1

    def parameter(self, place: int) -> str:
        """The type of the argument at ``place``."""
        if place < len(self.parameters):
            return self.parameters[place]
        assert self.rest is not None
        return self.rest

    def misfit(self, operands: int, arguments: int) -> str | None:
        """What is wrong with so many arguments, of which ``operands`` are written behind the name."""
        wanted = len(self.parameters)
        if self.rest is not None:
            if arguments < wanted:
                return f"wrong number of args for {self.name}: want at least {wanted} got {operands}"
        elif arguments != wanted:
            return f"wrong number of args for {self.name}: want {wanted} got {arguments}"
        return None
