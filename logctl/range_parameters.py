"""The arguments of commands that ask over a span of time, and the parameters that they become."""

from __future__ import annotations

import argparse

from logctl import times
from logctl.selector import with_braces

__all__ = ["add_arguments", "as_seconds", "range_parameters"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the query, its order and distances, and its window."""
    parser.add_argument("query", help='LogQL; a selector may be written <model="x"> instead of {model="x"}')
    parser.add_argument("--forward", action="store_true", help="oldest first")
    parser.add_argument("--step", metavar="DURATION", help="distance between points of a metric")
    parser.add_argument("--interval", metavar="DURATION", help="least distance between log lines")
    times.add_arguments(parser)


def range_parameters(args: argparse.Namespace) -> list[tuple[str, str]]:
    """Everything but the window and the limit. Raises UsageError."""
    parameters = [("query", with_braces(args.query)), ("direction", "FORWARD" if args.forward else "BACKWARD")]
    for name in ("step", "interval"):
        text: str | None = getattr(args, name)
        if text is not None:
            parameters.append((name, as_seconds(text)))
    return parameters


def as_seconds(text: str) -> str:
    """A duration as the API takes it; a bare number is seconds. Raises UsageError."""
    try:
        return f"{float(text):g}"
    except ValueError:
        return f"{times.parse_duration(text) / 1e9:g}"
