"""Log entries on standard output in the three forms: default, raw, jsonl."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from logctl.entries import LabelPairs, LogEntry
from logctl.options import Display
from logctl.terminal import colour_of_level, is_colourful, is_terminal, painted, visible
from logctl.times import format_moment, parse_zone

__all__ = ["LabelChoice", "LogPrinter", "add_label_arguments", "label_text"]

_MILLISECOND_DIGITS = 3
_LEVEL_NAMES = ("level", "detected_level", "severity")


@dataclass(frozen=True, slots=True)
class LabelChoice:
    """Which labels are shown beside a line; no ``only`` means all."""

    none: bool = False
    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    @classmethod
    def from_args(cls, args: argparse.Namespace) -> LabelChoice:
        """Read the arguments of ``add_label_arguments``."""
        return cls(args.no_labels, frozenset(args.include_label), frozenset(args.exclude_label))

    def of(self, labels: LabelPairs) -> LabelPairs:
        """The chosen ones of ``labels``."""
        if self.none:
            return ()
        return tuple(pair for pair in labels if pair[0] not in self.without and (not self.only or pair[0] in self.only))


def add_label_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which labels are shown beside lines."""
    parser.add_argument("--no-labels", action="store_true", help="print no labels")
    for flag, text in (("--include-label", "print only these labels"), ("--exclude-label", "print all but these")):
        parser.add_argument(flag, action="append", default=[], metavar="NAME", help=f"{text}; repeatable")


def label_text(labels: Iterable[tuple[str, str]]) -> str:
    """The usual notation ``{a="b", c="d"}``."""
    return "{" + ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in labels) + "}"


class LogPrinter:
    """Prints batches of entries; the first batch settles which labels all have in common, told once on stderr.

    Without ``finds_common`` every line has all of its labels.
    """

    def __init__(self, display: Display, choice: LabelChoice, finds_common: bool = True) -> None:
        self._display, self._choice = display, choice
        self._zone = parse_zone(display.zone_name)
        self._terminal, self._colourful = is_terminal(), is_colourful()
        self._common: frozenset[tuple[str, str]] | None = None if finds_common else frozenset()
        self._width = 0

    def show(self, entries: list[LogEntry]) -> None:
        """Print one batch."""
        write = {"raw": self._raw, "jsonl": self._jsonl, "json": self._jsonl}.get(self._display.output, self._default)
        sys.stdout.writelines(f"{text}\n" for text in write(entries))
        sys.stdout.flush()

    def _raw(self, entries: list[LogEntry]) -> Iterable[str]:
        return (entry.line for entry in entries)

    def _jsonl(self, entries: list[LogEntry]) -> Iterable[str]:
        for entry in entries:
            fields = {
                "labels": dict(self._choice.of(entry.labels)),
                "line": entry.line,
                "timestamp": format_moment(entry.ts_ns, self._zone),
            }
            yield json.dumps(fields, ensure_ascii=False)

    def _default(self, entries: list[LogEntry]) -> Iterable[str]:
        shown = {entry.labels: self._choice.of(entry.labels) for entry in entries}
        if self._common is None:
            self._common = self._tell_common(list(shown.values()))
        common = self._common
        texts = {labels: label_text(pair for pair in chosen if pair not in common) for labels, chosen in shown.items()}
        self._width = max([self._width, *map(len, texts.values())])
        return [self._row(entry, texts[entry.labels]) for entry in entries]

    def _tell_common(self, label_sets: list[LabelPairs]) -> frozenset[tuple[str, str]]:
        common = frozenset(label_sets[0]).intersection(*label_sets[1:]) if label_sets else frozenset()
        if common and not self._display.quiet:
            print(f"Common labels: {label_text(sorted(common))}", file=sys.stderr)
        return common

    def _row(self, entry: LogEntry, labels: str) -> str:
        moment = format_moment(entry.ts_ns, self._zone, _MILLISECOND_DIGITS)
        line = entry.line
        if self._terminal:
            line = visible(line)
            labels = visible(labels).ljust(self._width)
        if self._colourful:
            moment, labels = painted(moment, "dim"), painted(labels, "label")
            line = painted(line, colour_of_level(_level(entry.labels)))
        return f"{moment} {line}" if self._choice.none else f"{moment} {labels} {line}"


def _level(labels: LabelPairs) -> str:
    by_name = dict(labels)
    return next((by_name[name] for name in _LEVEL_NAMES if name in by_name), "")
