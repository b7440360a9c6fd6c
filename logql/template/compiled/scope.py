"""Variables of a template at compile time: which slot a name means where, and how deep the template nests."""

from __future__ import annotations

__all__ = ["Scope"]


class Scope:
    """Slot 0 is ``$``, the value that the template was given."""

    def __init__(self) -> None:
        self._names: list[tuple[str, int]] = [("$", 0)]
        self.slots = 1
        self.levels = 1
        self._level = 1

    def declare(self, name: str) -> int:
        self._names.append((name, self.slots))
        self.slots += 1
        return self.slots - 1

    def find(self, name: str) -> int | None:
        """The latest declaration in sight."""
        return next((slot for known, slot in reversed(self._names) if known == name), None)

    def mark(self) -> int:
        """Where to ``forget`` back to."""
        return len(self._names)

    def forget(self, mark: int) -> None:
        del self._names[mark:]

    def deepen(self) -> None:
        self._level += 1
        self.levels = max(self.levels, self._level)

    def rise(self) -> None:
        self._level -= 1
