"""``logctl push``: lines from files or standard input to the server, stamped when they are read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from ingest_client import ClientError, PushClient
from ingest_client.complaints import Complaints
from logctl.errors import CommandError, UsageError
from logctl.options import Connection, Display
from logctl.pairs import pairs_of

__all__ = ["add_arguments", "run"]

DEFAULT_LABELS = {"job": "logctl"}
_DELIVERY_DEADLINE_S = 3_600.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument("file", nargs="*", help="files to send; standard input without any, or for -")
    for flag, text in (("--label", "stream label (default job=logctl)"), ("--metadata", "structured metadata")):
        parser.add_argument(flag, action="append", default=[], metavar="NAME=VALUE", help=f"{text}; repeatable")


def run(args: argparse.Namespace) -> int:
    """Send every line; CommandError when any of them was not accepted."""
    labels = pairs_of("--label", args.label) or DEFAULT_LABELS
    metadata = pairs_of("--metadata", args.metadata)
    troubles = _Troubles()
    settings = Connection.from_args(args).client_settings()
    try:
        client = PushClient(settings, labels, troubles)
    except ClientError as error:
        raise UsageError(str(error)) from error
    try:
        _send(client, args.file or ["-"], metadata)
    finally:
        # An interrupted push must not wait for what its user gave up.
        client.close(0.0 if sys.exc_info()[0] is KeyboardInterrupt else _DELIVERY_DEADLINE_S)
    counters = client.counters
    if counters.dropped:
        raise CommandError(f"{counters.dropped} of {counters.accepted} lines not accepted: {troubles.first}")
    if not Display.from_args(args).quiet:
        print(f"{counters.delivered} lines accepted", file=sys.stderr)
    return 0


@dataclass
class _Troubles(Complaints):
    """Keeps what the client complains about for the one line that this command may write."""

    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def say(self, text: str) -> None:
        self.texts.append(text)

    @property
    def first(self) -> str:
        """The first trouble is the cause of the others."""
        return self.texts[0] if self.texts else "closed too early"


def _send(client: PushClient, files: Iterable[str], metadata: dict[str, str]) -> None:
    settings = client.settings
    for line in _lines(files):
        # The client drops what it cannot hold; a file can wait instead.
        counters = client.counters
        if counters.queued > settings.max_entries // 2 or counters.queued_bytes > settings.max_bytes // 2:
            client.flush(_DELIVERY_DEADLINE_S)
        if counters.dropped:
            return
        client.push(line, metadata)


def _lines(files: Iterable[str]) -> Iterator[str]:
    for name in files:
        if name == "-":
            yield from _decoded(sys.stdin.buffer)
            continue
        try:
            with open(name, "rb") as file:
                yield from _decoded(file)
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}") from error


def _decoded(file: BinaryIO) -> Iterator[str]:
    for data in file:
        yield data.decode("utf-8", "replace").rstrip("\r\n")
