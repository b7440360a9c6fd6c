"""len, index, slice: of strings (in bytes), lists and maps."""

from __future__ import annotations

from logql.template.function import REFLECTED, Function
from logql.template.values import Byte, LabelMap, is_integer, to_bytes, to_text, type_name

__all__ = ["COLLECTION_FUNCTIONS"]

_REFLECT_NIL = "reflect: call of reflect.Value.Type on zero Value"


def length(value: object) -> int:
    """Raises ValueError for what has no length."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(to_bytes(value))
    if isinstance(value, list | dict):
        return len(value)
    if isinstance(value, LabelMap):
        return len(value.entries)
    raise ValueError(_REFLECT_NIL if value is None else f"len of type {type_name(value)}")


def index(item: object, *indexes: object) -> object:
    """``item[1]["x"]...``. Raises ValueError."""
    if item is None:
        raise ValueError("index of untyped nil")
    for place in indexes:
        item = _member(item, place)
    return item


def _member(item: object, place: object) -> object:
    if isinstance(item, dict):
        return item.get(_key(place))
    if isinstance(item, LabelMap):
        return item.entries.get(_key(place), "")
    if isinstance(item, list):
        position = _position(place, len(item))
        if position == len(item):
            raise ValueError("reflect: slice index out of range")
        return item[position]
    if isinstance(item, str):
        return _byte(to_bytes(item), place)
    raise ValueError("index of nil pointer" if item is None else f"can't index item of type {type_name(item)}")


def _byte(data: bytes, place: object) -> Byte:
    position = _position(place, len(data))
    if position == len(data):
        raise ValueError("reflect: string index out of range")
    return Byte(data[position])


def _key(place: object) -> str:
    if isinstance(place, str):
        return place
    if place is None:
        raise ValueError("value is nil; should be of type string")
    raise ValueError(f"value has type {type_name(place)}; should be string")


def _position(place: object, last: int) -> int:
    """``last`` itself is in range here: a slice may end there."""
    if place is None:
        raise ValueError("cannot index slice/array with nil")
    if not is_integer(place):
        raise ValueError(f"cannot index slice/array with type {type_name(place)}")
    if not 0 <= place <= last:
        raise ValueError(f"index out of range: {int(place)}")
    return int(place)


def slice_of(item: object, *indexes: object) -> object:
    """``item[1:2]``; a list may name its capacity, too. Raises ValueError."""
    if item is None:
        raise ValueError("slice of untyped nil")
    if len(indexes) > 3:
        raise ValueError(f"too many slice indexes: {len(indexes)}")
    if isinstance(item, str):
        if len(indexes) == 3:
            raise ValueError("cannot 3-index slice a string")
        data = to_bytes(item)
        start, end = _bounds(indexes, len(data))
        return to_text(data[start:end])
    if isinstance(item, list):
        start, end = _bounds(indexes, len(item))
        return item[start:end]
    raise ValueError(f"can't slice item of type {type_name(item)}")


def _bounds(indexes: tuple[object, ...], last: int) -> tuple[int, int]:
    places = [_position(place, last) for place in indexes]
    start, end = places[0] if places else 0, places[1] if len(places) > 1 else last
    for lower, higher in ((start, end), (end, places[2] if len(places) > 2 else last)):
        if lower > higher:
            raise ValueError(f"invalid slice index: {lower} > {higher}")
    return start, end


COLLECTION_FUNCTIONS = (
    Function("len", (REFLECTED,), length),
    Function("index", (REFLECTED,), index, rest=REFLECTED),
    Function("slice", (REFLECTED,), slice_of, rest=REFLECTED),
)
