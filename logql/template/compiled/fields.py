"""``.a.b``: members of maps and methods of times, step by step along the names."""

from __future__ import annotations

from collections.abc import Callable

from logql.template.compiled.arguments import Call
from logql.template.frame import MISSING, Frame
from logql.template.values import LabelMap, type_name

__all__ = ["FieldWalk", "compile_walk"]

FieldWalk = Callable[[Frame, object, object, object], object]
"""``(frame, dot, receiver, final) -> value``"""

_ANY_TYPE = "interface {}"


def compile_walk(names: tuple[str, ...], has_operands: bool, calls: tuple[dict[type, Call], ...]) -> FieldWalk:
    """``calls``: how to call each name where the value is of a type with such a method; operands go to the last one."""
    last = len(names) - 1

    def walk(frame: Frame, dot: object, receiver: object, final: object) -> object:
        is_typed = True
        for place, name in enumerate(names):
            final_here = final if place == last else MISSING
            call = calls[place].get(type(receiver))
            if call is not None:
                receiver, is_typed = call(frame, dot, final_here, receiver), True
                continue
            type_text = type_name(receiver) if is_typed else _ANY_TYPE
            is_typed = not isinstance(receiver, dict)
            receiver = _member(frame, receiver, name, type_text)
            if place == last and (has_operands or final is not MISSING):
                frame.fail(f"{name} is not a method but has arguments")
        return receiver

    return walk


def _member(frame: Frame, receiver: object, name: str, type_text: str) -> object:
    """``type_text``: the declared type of ``receiver``; members of JSON can be anything."""
    if isinstance(receiver, LabelMap):
        return receiver.entries.get(name, "")
    if isinstance(receiver, dict):
        return receiver.get(name)
    if receiver is not None:
        frame.fail(f"can't evaluate field {name} in type {type_text}")
    if type_text == _ANY_TYPE:
        frame.fail(f"nil pointer evaluating {type_text}.{name}")
    return None
