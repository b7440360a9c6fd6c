"""The parameters of a request: the form in the body first, then the URL; an empty value counts as absent.

A selector of series that is empty is kept: it is one that cannot be parsed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from logql.limits import MAX_QUERY_BYTES
from server.http.errors import BadRequest

__all__ = ["Parameters", "parse_parameters"]

_PARAMETERS_MAX = 1000
_ALSO_BLANK = ("match", "match[]")
_ESCAPES_MAX = 2 * MAX_QUERY_BYTES
FORM_TYPE = b"application/x-www-form-urlencoded"


class Parameters:
    """Names with their values; the first non-empty value of a name wins."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    def first(self, name: str) -> str:
        """The value, or the empty text."""
        return next(iter(self._values.get(name, ())), "")

    def all(self, name: str) -> Sequence[str]:
        return self._values.get(name, ())


def parse_parameters(query_string: bytes, form: bytes = b"") -> Parameters:
    """Merge both places; unreadable escapes stay as they are, bytes that are not UTF-8 become U+FFFD.

    BadRequest for more parameters than anybody has, and for more escapes than the longest query can have.
    """
    values: dict[str, list[str]] = {}
    for source in (form, query_string):
        if source:
            _check_size(source)
            text = source.decode("utf-8", "replace")
            for name, given in parse_qs(text, keep_blank_values=True, max_num_fields=None).items():
                if kept := given if name in _ALSO_BLANK else [each for each in given if each]:
                    values.setdefault(name, []).extend(kept)
    return Parameters(values)


def _check_size(source: bytes) -> None:
    if (parameters := source.count(b"&") + 1) > _PARAMETERS_MAX:
        raise BadRequest(f"too many parameters: {parameters}, limit: {_PARAMETERS_MAX}")
    if (escapes := source.count(b"%")) > _ESCAPES_MAX:
        raise BadRequest(f"parameters too long: {escapes} escaped bytes, limit: {_ESCAPES_MAX}")
