"""Labels from the path of a file: ``/var/log/tensorrt/{model}/{precision}-gpu{gpu}.log``."""

from __future__ import annotations

import re

__all__ = ["PathPattern"]

_FIELD = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")


class PathPattern:
    """A path with names in braces, each of which stands for a part between slashes. Raises ValueError."""

    def __init__(self, pattern: str) -> None:
        names = _FIELD.findall(pattern)
        for name in names:
            if not _NAME.match(name):
                raise ValueError(f"{{{name}}} in {pattern!r} is no name of a label")
        if not names:
            raise ValueError(f"{pattern!r} names no label: write one as {{model}}")
        if len(set(names)) < len(names):
            raise ValueError(f"{pattern!r} has a label twice")
        pieces = _FIELD.split(pattern)
        self.names = tuple(names)
        self._regex = re.compile(
            "".join(f"(?P<{piece}>[^/]+?)" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces))
        )

    def labels(self, path: str) -> dict[str, str]:
        """The labels of ``path``; none when it is not of this form."""
        found = self._regex.fullmatch(path)
        return found.groupdict() if found else {}
