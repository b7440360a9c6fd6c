"""Label names from the keys that lines carry."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["join_parts", "name_part", "sanitised"]

# Unicode's White_Space, which is not quite what str.strip() takes off.
_BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_FOREIGN = re.compile(r"[^A-Za-z0-9_]")


def name_part(key: str) -> str:
    """``key`` without blanks around it, every code point that a name cannot hold as ``_``."""
    return _FOREIGN.sub("_", key.strip(_BLANKS))


def join_parts(parts: str) -> str:
    """A whole name from parts that are joined already: it may not begin with a digit."""
    return f"_{parts}" if parts[:1].isdigit() else parts


@lru_cache(maxsize=4096)
def sanitised(key: str) -> str:
    """The label name of a key; "" where nothing is left of it."""
    return join_parts(name_part(key))
