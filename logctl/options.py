"""Options that every client command takes, before or after its name, with the names and variables of logcli."""

from __future__ import annotations

import argparse
import math
import os
from dataclasses import dataclass
from pathlib import Path

from ingest_client import ClientError, ClientSettings, Credentials, TlsSettings
from ingest_client.delivery.endpoint import Endpoint
from logctl.errors import CommandError, UsageError
from logctl.times import parse_zone

__all__ = ["Connection", "Display", "add_arguments"]

DEFAULT_ADDRESS = "http://localhost:3100"
DEFAULT_TIMEOUT_S = 60.0
OUTPUTS = ("default", "raw", "jsonl", "table", "json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the common options. None has a default: the same option may stand on either side of the command."""
    connection = parser.add_argument_group("connection")
    for flag, metavar, text in _CONNECTION_FLAGS:
        connection.add_argument(flag, metavar=metavar, default=argparse.SUPPRESS, help=text)
    for flag, text in _CONNECTION_SWITCHES:
        connection.add_argument(flag, action="store_true", default=argparse.SUPPRESS, help=text)
    display = parser.add_argument_group("output")
    display.add_argument(
        "-o",
        "--output",
        choices=OUTPUTS,
        default=argparse.SUPPRESS,
        help="form of log lines (default, raw, jsonl) or of metrics (table, json)",
    )
    display.add_argument(
        "-z", "--timezone", metavar="ZONE", default=argparse.SUPPRESS, help="Local, UTC or a zone name"
    )
    for flags, text in ((("-q", "--quiet"), "no notes on stderr"), (("--stats",), "query statistics on stderr")):
        display.add_argument(*flags, action="store_true", default=argparse.SUPPRESS, help=text)


_CONNECTION_FLAGS = (
    ("--addr", "URL", f"server, LOKI_ADDR (default {DEFAULT_ADDRESS})"),
    ("--org-id", "TENANT", "tenant, LOKI_ORG_ID"),
    ("--username", "NAME", "basic authentication, LOKI_USERNAME"),
    ("--password", "TEXT", "basic authentication, LOKI_PASSWORD"),
    ("--bearer-token", "TOKEN", "bearer authentication, LOKI_BEARER_TOKEN"),
    ("--bearer-token-file", "FILE", "bearer authentication, LOKI_BEARER_TOKEN_FILE"),
    ("--ca-cert", "FILE", "certificate authority, LOKI_CA_CERT_PATH"),
    ("--cert", "FILE", "client certificate, LOKI_CLIENT_CERT_PATH"),
    ("--key", "FILE", "client key, LOKI_CLIENT_KEY_PATH"),
    ("--query-tags", "TAGS", "sent as X-Query-Tags, LOKI_QUERY_TAGS"),
    ("--retries", "N", "tries after a passing failure, LOKI_CLIENT_RETRIES (default 0)"),
    ("--timeout", "SECONDS", "for one answer (default 60)"),
)
_CONNECTION_SWITCHES = (
    ("--tls-skip-verify", "trust any certificate, LOKI_TLS_SKIP_VERIFY"),
    ("--nocache", "ask for results that come from no cache"),
)
_VARIABLES = {
    "addr": "LOKI_ADDR",
    "org_id": "LOKI_ORG_ID",
    "username": "LOKI_USERNAME",
    "password": "LOKI_PASSWORD",
    "bearer_token": "LOKI_BEARER_TOKEN",
    "bearer_token_file": "LOKI_BEARER_TOKEN_FILE",
    "ca_cert": "LOKI_CA_CERT_PATH",
    "cert": "LOKI_CLIENT_CERT_PATH",
    "key": "LOKI_CLIENT_KEY_PATH",
    "query_tags": "LOKI_QUERY_TAGS",
    "retries": "LOKI_CLIENT_RETRIES",
    "tls_skip_verify": "LOKI_TLS_SKIP_VERIFY",
}


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the server is and as whom to speak to it."""

    url: str
    credentials: Credentials
    tls: TlsSettings
    retries: int
    timeout_s: float
    headers: dict[str, str]

    @classmethod
    def from_args(cls, args: argparse.Namespace) -> Connection:
        """Read options, then variables, then defaults. Raises UsageError."""
        try:
            url = _setting(args, "addr") or DEFAULT_ADDRESS
            Endpoint.parse(url)
            return cls(
                url=url,
                credentials=_credentials(args),
                tls=_tls(args),
                retries=int(_number(args, "retries", "0")),
                timeout_s=_number(args, "timeout", "60") or DEFAULT_TIMEOUT_S,
                headers=_headers(args),
            )
        except ClientError as error:
            raise UsageError(str(error)) from error

    def client_settings(self) -> ClientSettings:
        """The same for a push client."""
        return ClientSettings(
            url=self.url,
            credentials=self.credentials,
            tls=self.tls,
            timeout_s=self.timeout_s,
            max_tries=self.retries + 1,
        )


@dataclass(frozen=True, slots=True)
class Display:
    """How answers are shown."""

    output: str
    zone_name: str
    quiet: bool
    stats: bool

    @classmethod
    def from_args(cls, args: argparse.Namespace) -> Display:
        """Read the options. Raises UsageError for an unknown zone."""
        display = cls(
            output=getattr(args, "output", "default"),
            zone_name=getattr(args, "timezone", "Local"),
            quiet=getattr(args, "quiet", False),
            stats=getattr(args, "stats", False),
        )
        parse_zone(display.zone_name)
        return display


def _setting(args: argparse.Namespace, name: str) -> str | None:
    given: str | None = getattr(args, name, None)
    return given if given is not None else os.environ.get(_VARIABLES.get(name, "")) or None


def _credentials(args: argparse.Namespace) -> Credentials:
    token = _setting(args, "bearer_token")
    token_file = _setting(args, "bearer_token_file")
    if token is None and token_file is not None:
        try:
            token = Path(token_file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"bearer token file {token_file}: {error}") from error
    return Credentials(_setting(args, "org_id"), _setting(args, "username"), _setting(args, "password"), token)


def _tls(args: argparse.Namespace) -> TlsSettings:
    skip = str(_setting(args, "tls_skip_verify") or "").lower() in ("true", "1", "yes")
    return TlsSettings(not skip, _setting(args, "ca_cert"), _setting(args, "cert"), _setting(args, "key"))


def _headers(args: argparse.Namespace) -> dict[str, str]:
    headers = {"Cache-Control": "no-cache"} if getattr(args, "nocache", False) else {}
    tags = _setting(args, "query_tags")
    return {**headers, "X-Query-Tags": tags} if tags else headers


def _number(args: argparse.Namespace, name: str, default: str) -> float:
    text = _setting(args, name) or default
    try:
        value = float(text)
    except ValueError as error:
        raise UsageError(f"--{name} {text!r} is not a number") from error
    if not 0 <= value < math.inf:
        raise UsageError(f"--{name} {text!r} must not be negative or endless")
    return value
