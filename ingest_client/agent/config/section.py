"""A mapping of the configuration, read key by key; what nobody read is a mistake with a name and a suggestion.

Mistakes are gathered, so that one look at a configuration tells all of them.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ingest_client.agent.errors import ConfigError
from ingest_client.agent.golang.durations import parse_duration_s, parse_size_bytes

__all__ = ["Findings", "Section"]

Value = TypeVar("Value")


@dataclass(slots=True)
class Findings:
    """What a reading found: mistakes stop the agent, warnings do not."""

    mistakes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def raise_mistakes(self) -> None:
        """Raises ConfigError if there are any."""
        if self.mistakes:
            raise ConfigError(self.mistakes)


class Section:
    """``where`` is the place, as in ``scrape_configs[0].pipeline_stages[2].regex``.

    ``forgives`` keys that nobody knows, there and below: promtail passes over those of its stages.
    """

    def __init__(self, value: object, where: str, findings: Findings, forgives: bool = False) -> None:
        self.where, self.findings, self._forgives = where, findings, forgives
        self._read: set[str] = set()
        self._values: dict[str, Any] = {}
        if isinstance(value, dict):
            self._values = {str(key): each for key, each in value.items()}
        elif value is not None:
            self.mistake(f"write a mapping here, not {_shown(value)}")

    def place(self, name: str) -> str:
        """The full name of a key."""
        return f"{self.where}.{name}" if self.where else name

    def mistake(self, text: str, name: str = "") -> None:
        """Note a mistake of a key, or of the section."""
        place = self.place(name) if name else self.where
        self.findings.mistakes.append(f"{place}: {text}" if place else text)

    def warn(self, text: str, name: str = "") -> None:
        """Note what works otherwise than one may think."""
        self.findings.warnings.append(f"{self.place(name) if name else self.where}: {text}")

    def has(self, name: str) -> bool:
        """Whether the key is written, also with an empty value."""
        return name in self._values

    @property
    def names(self) -> list[str]:
        """All keys, as written."""
        return list(self._values)

    def raw(self, name: str) -> Any:
        """The value as YAML has it; None when it is not written."""
        self._read.add(name)
        return self._values.get(name)

    def text(self, name: str, default: str = "", required: bool = False) -> str:
        """A text; numbers and booleans are taken as they are written."""
        value = self.raw(name)
        if value is None:
            if required:
                self.mistake("this key is needed", name)
            return default
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str | int | float):
            return str(value)
        self.mistake(f"write a text, not {_shown(value)}", name)
        return default

    def boolean(self, name: str, default: bool = False) -> bool:
        """true or false."""
        return bool(self._of(name, default, (bool,), "true or false"))

    def integer(self, name: str, default: int, least: int = 0) -> int:
        """A whole number, at least ``least``."""
        value = int(self._of(name, default, (int,), "a whole number"))
        if value < least:
            self.mistake(f"must be at least {least}, not {value}", name)
        return value

    def number(self, name: str, default: float) -> float:
        """A number."""
        return float(self._of(name, default, (int, float), "a number"))

    def duration_s(self, name: str, default_s: float) -> float:
        """Seconds of a duration such as ``1h30m``."""
        return self._parsed(name, default_s, parse_duration_s)

    def size_bytes(self, name: str, default: int) -> int:
        """Bytes of a size such as ``256KB``; a number is bytes."""
        return self._parsed(name, default, parse_size_bytes)

    def texts(self, name: str) -> list[str]:
        """A list of texts, or one text for a list of one."""
        value = self.raw(name)
        if value is None:
            return []
        if isinstance(value, str):
            return [value]
        if isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
            return [str(each) for each in value]
        self.mistake(f"write a list of texts, not {_shown(value)}", name)
        return []

    def mapping(self, name: str) -> dict[str, str]:
        """Names with texts; an empty value is an empty text."""
        value = self.raw(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.mistake(f"write a mapping of names to texts, not {_shown(value)}", name)
            return {}
        return {str(key): _scalar(each) for key, each in value.items()}

    def section(self, name: str) -> Section:
        """The mapping below a key; empty when it is not written."""
        return Section(self.raw(name), self.place(name), self.findings, self._forgives)

    def sections(self, name: str) -> list[Section]:
        """The mappings of a list."""
        value = self.raw(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.mistake(f"write a list here, not {_shown(value)}", name)
            return []
        return [
            Section(each, f"{self.place(name)}[{number}]", self.findings, self._forgives)
            for number, each in enumerate(value)
        ]

    def unsupported(self, names: Iterable[str], why: str) -> None:
        """Keys of promtail's that mean nothing here: a warning for each that is written."""
        for name in names:
            if self.raw(name) is not None:
                self.warn(why, name)

    def finish(self, also: Iterable[str] = ()) -> None:
        """Every key that was not read is a mistake, or has no effect where keys are forgiven."""
        known = sorted({*self._read, *also})
        for name in self._values.keys() - set(known):
            near = difflib.get_close_matches(name, known, 1) or [each for each in known if each.startswith(name)]
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known) or 'none'}"
            if self._forgives:
                self.warn(f"has no effect: nobody knows this key; {hint}", name)
            else:
                self.mistake(f"nobody knows this key; {hint}", name)

    def _of(self, name: str, default: Any, kinds: tuple[type, ...], wanted: str) -> Any:
        value = self.raw(name)
        if value is None:
            return default
        if isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool)):
            return value
        if isinstance(value, str):
            read = _converted(value, kinds)
            if read is not None:
                return read
        self.mistake(f"write {wanted}, not {_shown(value)}", name)
        return default

    def _parsed(self, name: str, default: Value, parse: Callable[[str], Value]) -> Value:
        value = self.raw(name)
        if value is None:
            return default
        try:
            return parse(_scalar(value))
        except ValueError as error:
            self.mistake(str(error), name)
            return default


def _converted(text: str, kinds: tuple[type, ...]) -> Any:
    """Values that come from the environment are texts in quotes."""
    if bool in kinds:
        return {"true": True, "false": False}.get(text.strip().lower())
    try:
        return float(text) if float in kinds else int(text)
    except ValueError:
        return None


def _scalar(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
