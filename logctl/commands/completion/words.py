"""What can stand on a command line, read off the parsers: commands, their options, and what options take."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from logctl.errors import CommandError
from logctl.parser import CommandParser, command_parser

__all__ = ["CommandWords", "OptionWords", "Takes", "ValueWords", "program_words"]

_FILES = frozenset({"FILE", "file"})
_FOLDERS = frozenset({"DIR"})


class Takes(Enum):
    NOTHING = auto()
    ANYTHING = auto()
    WORD = auto()  # one of some
    FILE = auto()
    FOLDER = auto()


@dataclass(frozen=True, slots=True)
class ValueWords:
    """``name`` is for people; ``words`` are those of WORD."""

    takes: Takes
    name: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionWords:
    """``flags``: all spellings of one option."""

    flags: tuple[str, ...]
    help: str
    value: ValueWords
    is_repeatable: bool


@dataclass(frozen=True, slots=True)
class CommandWords:
    """``arguments``: those without flags, in order; the last may be there several times when ``repeats_last``."""

    name: str
    summary: str
    options: tuple[OptionWords, ...]
    arguments: tuple[ValueWords, ...] = ()
    repeats_last: bool = False


def program_words() -> tuple[CommandWords, ...]:
    """The program itself with its global options, then its commands."""
    parser = command_parser()
    commands = [CommandWords("", parser.description or "", tuple(_options(parser)))]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            summaries = {each.dest: each.help or "" for each in action._choices_actions}
            commands += [_command(name, summaries[name], each) for name, each in action.choices.items()]
    return tuple(commands)


def _command(name: str, summary: str, parser: argparse.ArgumentParser) -> CommandWords:
    assert isinstance(parser, CommandParser)
    try:
        parser.load()
    except CommandError:  # it needs packages that are not here, so it cannot be used either
        return CommandWords(name, summary, ())
    positional = [action for action in parser._actions if not action.option_strings]
    repeats = bool(positional) and positional[-1].nargs in ("*", "+", argparse.REMAINDER)
    return CommandWords(name, summary, tuple(_options(parser)), tuple(map(_value, positional)), repeats)


def _options(parser: argparse.ArgumentParser) -> Iterator[OptionWords]:
    for action in parser._actions:
        if action.option_strings:
            repeats = isinstance(action, argparse._AppendAction)
            yield OptionWords(tuple(action.option_strings), _help(action), _value(action), repeats)


def _help(action: argparse.Action) -> str:
    return " ".join((action.help or "").replace("%%", "%").split())


def _value(action: argparse.Action) -> ValueWords:
    if action.nargs == 0:
        return ValueWords(Takes.NOTHING)
    name = action.metavar if isinstance(action.metavar, str) else action.dest
    if action.choices is not None:
        return ValueWords(Takes.WORD, name, tuple(map(str, action.choices)))
    if name in _FILES:
        return ValueWords(Takes.FILE, name)
    return ValueWords(Takes.FOLDER if name in _FOLDERS else Takes.ANYTHING, name)
