"""The tests' own HTTP client: any answer is a value, none an exception."""

from __future__ import annotations

import http.client
import json
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Answer", "HttpClient", "Parameters"]

Parameters = Mapping[str, str | int | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` by lower-case name."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class HttpClient:
    """Requests to one server, a connection each, so that it can be used from many threads."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None, timeout_s: float = 60.0) -> None:
        parts = urllib.parse.urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        self.url = url
        self._address = (parts.hostname, parts.port)
        self._headers = dict(headers or {})
        self._timeout_s = timeout_s

    def get(self, path: str, parameters: Parameters | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        query = f"?{urllib.parse.urlencode(parameters, doseq=True)}" if parameters else ""
        return self.send("GET", path + query, None, headers)

    def post(self, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        return self.send("POST", path, body, headers)

    def push_json(self, streams: Sequence[Mapping[str, Any]]) -> Answer:
        body = json.dumps({"streams": streams}).encode()
        return self.post("/loki/api/v1/push", body, {"Content-Type": "application/json"})

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str] | None = None) -> Answer:
        """Raises OSError or http.client.HTTPException when there is no answer."""
        connection = http.client.HTTPConnection(*self._address, timeout=self._timeout_s)
        try:
            connection.request(method, path, body, {**self._headers, **(headers or {})})
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, response.read(), names)
        finally:
            connection.close()
