"""Structured metadata: names made fit for queries, pairs turned into one column a name."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from server.push.entries import Pairs
from server.push.errors import PushError
from server.push.gathering import gathered
from storage.batch import MetadataColumn
from storage.text import decode_utf8, go_quote

__all__ = ["BadName", "check_names", "metadata_columns", "normalised_name", "valid_text"]

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_CACHED_NAMES = 4096
# Each name is a column with a code for every row: these bound what the columns of one push cost.
_NAMES_MAX = 1024
_CODES_MAX = 8 << 20


class BadName(PushError):
    """A name of structured metadata of which nothing is left; ``cause`` says why."""

    def __init__(self, cause: str) -> None:
        super().__init__(400, "label name is empty" + (cause and f": {cause}"))
        self.cause = cause


def metadata_columns(pairs: Pairs, rows: int) -> dict[str, MetadataColumn]:
    """One column a normalised name; of equal names in a row the last wins; an empty value is none.

    PushError 400 when nothing is left of a name, or there are too many different ones.
    """
    if not len(pairs):
        return {}
    names = gathered(pairs.name).view(pa.binary()).dictionary_encode()
    check_names(len(names.dictionary), rows)
    spellings = [normalised_name(name) for name in names.dictionary.to_pylist()]
    distinct = {name: index for index, name in enumerate(dict.fromkeys(spellings))}
    # Numbers of 16 bits are sorted by their digits, not by comparing.
    name_of_pair = np.array([distinct[name] for name in spellings], np.int16)[names.indices.to_numpy()]
    columns = {}
    for name, chosen in zip(distinct, _grouped(name_of_pair, len(distinct)), strict=True):
        column = _column(pairs, chosen, rows)
        if (column.codes >= 0).any():
            columns[name] = column
    return columns


def check_names(names: int, rows: int) -> None:
    """PushError 400 for too many different names."""
    if names > _NAMES_MAX or names * rows > _CODES_MAX:
        raise PushError(
            400,
            f"too many different names of structured metadata: {names} over {rows} entries; limit {_NAMES_MAX}, and "
            f"{_CODES_MAX} for names times entries: put what varies into values, or send fewer entries at a time",
        )


def _grouped(groups: NDArray[np.int16], count: int) -> list[NDArray[np.intp]]:
    """The places of each of ``count`` groups, ascending."""
    order = np.argsort(groups, kind="stable")
    return np.split(order, np.cumsum(np.bincount(groups, minlength=count))[:-1])


def _column(pairs: Pairs, chosen: NDArray[np.intp], rows: int) -> MetadataColumn:
    """The column of the pairs that are chosen, all of one name."""
    values = pairs.value.take(chosen)
    encoded = _valid(gathered(values)).dictionary_encode()
    codes = encoded.indices.to_numpy()
    column = np.full(rows, -1, np.int32)
    column[pairs.row[chosen]] = np.where(values.sizes == 0, -1, codes)
    return MetadataColumn(column, encoded.dictionary)


def _valid(texts: pa.Array) -> pa.Array:
    """Each byte that is not UTF-8 becomes a blank."""
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        blanked = [valid_text(text) for text in texts.view(pa.binary()).to_pylist()]
        return pa.array(blanked, pa.string())
    return texts


def valid_text(text: bytes) -> str:
    """Text in UTF-8; each byte that is not becomes a blank."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return decode_utf8(text).replace("\ufffd", " ")


@lru_cache(_CACHED_NAMES)
def normalised_name(name: bytes) -> str:
    """``a.b`` becomes ``a_b``, ``1a`` becomes ``key_1a``, ``__a.b__`` becomes ``__a_b__``.

    BadName when the name is empty or only underscores are left of it.
    """
    text = decode_utf8(name)
    if not text:
        raise BadName("")
    plain = _NOT_PLAIN.sub("_", text)
    if not plain.strip("_"):
        found = f"{go_quote(text)} resulted in invalid name {go_quote(plain)}"
        raise BadName(f"normalization for label name {found}")
    if text.startswith("__") and text.endswith("__"):
        return f"__{plain.strip('_')}__"
    return f"key_{plain}" if text[0].isascii() and text[0].isdigit() else plain
