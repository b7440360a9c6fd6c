"""One keep-alive HTTP connection to a server: sends a request, returns the whole answer, raises Unreachable."""

from __future__ import annotations

import http.client
import ssl
import time
from base64 import b64encode
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Mapping

from ingest_client.delivery.backoff import parse_retry_after
from ingest_client.delivery.endpoint import Endpoint
from ingest_client.delivery.timed_answers import timed_response
from ingest_client.errors import InvalidSettings
from ingest_client.settings import Credentials, TlsSettings

__all__ = ["Answer", "Transport", "Unreachable", "identity_headers", "tls_context"]

# A host name that cannot be encoded for DNS is a UnicodeError.
_FAILURES = (OSError, http.client.HTTPException, UnicodeError)


class Unreachable(Exception):
    """No answer: refused, reset, timed out, not trusted, or not HTTP. The text names the server and the cause."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer of any status; ``retry_after_s`` is 0 when the server did not ask for a pause.

    ``headers`` have lower-case names; ``server_ahead_ns`` is by how much the server's clock (whole seconds) is ahead.
    """

    status: int
    body: bytes
    retry_after_s: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    server_ahead_ns: int = 0

    @property
    def text(self) -> str:
        """The body as text without the last newline."""
        return self.body.decode("utf-8", "replace").rstrip("\n")


class Transport:
    """A connection opened at the first request and again after any failure. Used by one thread at a time.

    ``timeout_s`` is for each wait, or, where ``times_answers``, for an answer as a whole: long ones are none's fault.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        credentials: Credentials,
        tls: TlsSettings,
        timeout_s: float,
        user_agent: str,
        times_answers: bool = False,
    ) -> None:
        self.endpoint = endpoint
        self._timeout_s, self._times_answers = timeout_s, times_answers
        self._credentials, self._user_agent = credentials, user_agent
        self._headers: dict[str, str] = {}
        self.renew_credentials()
        self._tls, self._tls_written_ns = tls, _written_ns(tls)
        self._tls_context = tls_context(tls) if endpoint.secure else None
        self._connection: http.client.HTTPConnection | None = None

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request; ``path`` is appended to the server's prefix. Raises Unreachable."""
        reused = self._connection is not None
        try:
            return self._exchange(method, path, body, headers)
        except (http.client.RemoteDisconnected, ConnectionError) as error:
            self.close()
            # A server may close an idle connection at any moment: that says nothing about its health.
            if not reused:
                raise self._unreachable(error) from error
        except _FAILURES as error:
            self.close()
            raise self._unreachable(error) from error
        try:
            return self._exchange(method, path, body, headers)
        except _FAILURES as error:
            self.close()
            raise self._unreachable(error) from error

    def renew_credentials(self) -> None:
        """Read the token's file again: somebody may have put a new one there."""
        identity = identity_headers(self.endpoint, self._credentials)
        self._headers = {"User-Agent": self._user_agent, **identity}

    def close(self) -> None:
        """Close the connection; the next request opens a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _exchange(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str] | None) -> Answer:
        if self._connection is None:
            self._connection = self._connect()
        connection = self._connection
        if connection.sock is not None:
            connection.sock.settimeout(self._timeout_s)
        connection.request(method, self.endpoint.prefix + path, body, {**self._headers, **(headers or {})})
        if self._times_answers:
            connection.response_class = timed_response(self._timeout_s)  # type: ignore[assignment]
        response = connection.getresponse()
        received = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(
            response.status,
            response.read(),
            parse_retry_after(received.get("retry-after")),
            received,
            _server_ahead_ns(received.get("date")),
        )
        if response.will_close:
            self.close()
        return answer

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self.endpoint.host, self.endpoint.port
        if self._tls_context is not None and _written_ns(self._tls) != self._tls_written_ns:
            self._renew_tls()
        if self._tls_context is None:
            return http.client.HTTPConnection(host, port, timeout=self._timeout_s)
        return http.client.HTTPSConnection(host, port, timeout=self._timeout_s, context=self._tls_context)

    def _renew_tls(self) -> None:
        """Take certificates that were replaced; half-written ones are tried again at the next connection."""
        written_ns = _written_ns(self._tls)
        try:
            self._tls_context = tls_context(self._tls)
        except InvalidSettings:
            return
        self._tls_written_ns = written_ns

    def _unreachable(self, error: Exception) -> Unreachable:
        return Unreachable(f"{self.endpoint} does not answer: {_cause(error)}")


def _written_ns(tls: TlsSettings) -> list[int]:
    """When each file of the settings was written last; 0 for what is not there."""
    return [_file_time_ns(name) for name in (tls.ca_file, tls.cert_file, tls.key_file) if name]


def _file_time_ns(name: str) -> int:
    try:
        return Path(name).stat().st_mtime_ns
    except OSError:
        return 0


def _cause(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timed out"
    if isinstance(error, http.client.RemoteDisconnected):
        return "it closed the connection"
    if isinstance(error, http.client.HTTPException):
        return f"not an HTTP answer ({type(error).__name__})"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _server_ahead_ns(date: str | None) -> int:
    if not date:
        return 0
    try:
        return int(parsedate_to_datetime(date).timestamp()) * 10**9 - time.time_ns()
    except (ValueError, TypeError, OverflowError):
        return 0


def _secret(text: str | None, file: str | None) -> str | None:
    if not file:
        return text
    try:
        read = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None  # it may be there at the next try; until then the server says what is missing
    return read if read.isprintable() else None


def identity_headers(endpoint: Endpoint, credentials: Credentials) -> dict[str, str]:
    headers = {}
    if credentials.tenant:
        headers["X-Scope-OrgID"] = credentials.tenant
    username = credentials.username or endpoint.username
    token = _secret(credentials.bearer_token, credentials.bearer_token_file)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    elif username:
        password = _secret(credentials.password, credentials.password_file) or endpoint.password or ""
        headers["Authorization"] = "Basic " + b64encode(f"{username}:{password}".encode()).decode()
    return headers


def tls_context(tls: TlsSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=tls.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if tls.cert_file:
            context.load_cert_chain(tls.cert_file, tls.key_file)
    except (OSError, ssl.SSLError) as error:
        raise InvalidSettings(f"TLS files {tls.ca_file or tls.cert_file}: {error}") from error
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
