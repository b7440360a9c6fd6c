"""One keep-alive HTTP connection to the server under test."""

from __future__ import annotations

import http.client
import json
import urllib.parse
from collections.abc import Mapping
from typing import Any

__all__ = ["Connection", "ServerRefused"]

_NONE: Mapping[str, str] = {}


class ServerRefused(Exception):
    """An answer outside 2xx; ``text`` is its body."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"HTTP {status}: {text.strip()[:200]}")
        self.status, self.text = status, text


class Connection:
    """Requests to ``url``, one after the other, as tenant ``tenant`` if given."""

    def __init__(self, url: str, tenant: str | None = None, timeout_s: float = 120.0) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"{url}: a URL like http://127.0.0.1:3100 is wanted")
        self._prefix = parts.path.rstrip("/")
        self._http = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=timeout_s)
        self._headers = {"X-Scope-OrgID": tenant} if tenant else {}

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, parameters: Mapping[str, str | int]) -> Any:
        """The JSON of an answer."""
        return json.loads(self.send("GET", f"{path}?{urllib.parse.urlencode(parameters)}"))

    def send(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = _NONE) -> bytes:
        """The body of a 2xx answer. Raises ServerRefused for any other, OSError when there is none."""
        self._http.request(method, self._prefix + path, body, {**self._headers, **headers})
        response = self._http.getresponse()
        content = response.read()
        if response.status // 100 != 2:
            raise ServerRefused(response.status, content.decode(errors="replace"))
        return content
