"""Questions to the server: parameters in, the ``data`` of the answer out, every failure a CommandError."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from ingest_client.delivery.backoff import Backoff
from ingest_client.delivery.endpoint import Endpoint
from ingest_client.delivery.transport import Answer, Transport, Unreachable
from ingest_client.errors import InvalidSettings
from logctl.errors import CommandError, UsageError
from logctl.options import Connection

__all__ = ["Api", "Parameters", "refusal_text"]

Parameters = Sequence[tuple[str, str]]

_PREFIX = "/loki/api/v1/"
_STATS = ("streams", "chunks", "entries", "bytes")
_EXPLAIN = "/skaldlog/api/v1/explain"
_PARTS = "/skaldlog/api/v1/parts"
_RETENTION = "/skaldlog/api/v1/retention"
_BACKOFF_BASE_S = 0.5
_BACKOFF_CAP_S = 10.0


class Api:
    """The read side of Loki's API on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        endpoint = Endpoint.parse(connection.url)
        try:
            self._transport = Transport(
                endpoint, connection.credentials, connection.tls, connection.timeout_s, "logctl/1"
            )
        except InvalidSettings as error:
            raise UsageError(str(error)) from error

    def query_range(self, parameters: Parameters) -> dict[str, Any]:
        """``resultType``, ``result`` and ``stats`` of a range query."""
        return self._object("query_range", parameters)

    def query(self, parameters: Parameters) -> dict[str, Any]:
        """The same of an instant query."""
        return self._object("query", parameters)

    def labels(self, parameters: Parameters) -> list[str]:
        """Label names; none when nothing is stored."""
        return [str(name) for name in self._get("labels", parameters) or ()]

    def label_values(self, name: str, parameters: Parameters) -> list[str]:
        """Values of one label; none when it is not known."""
        return [str(value) for value in self._get(f"label/{quote(name, safe='')}/values", parameters) or ()]

    def series(self, parameters: Parameters) -> list[dict[str, str]]:
        """Label sets of streams."""
        return list(self._get("series", parameters) or ())

    def index_stats(self, parameters: Parameters) -> dict[str, int]:
        """``streams``, ``chunks``, ``bytes`` and ``entries`` of a selector."""
        found = self._document(_PREFIX + "index/stats", parameters)
        try:
            return {name: int(found[name]) for name in _STATS}
        except (KeyError, TypeError, ValueError) as error:
            raise self._foreign() from error

    def volume(self, parameters: Parameters, *, over_time: bool) -> dict[str, Any]:
        """``resultType`` and ``result``: bytes by labels, over time or in one sum."""
        return self._object("index/volume_range" if over_time else "index/volume", parameters)

    def patterns(self, parameters: Parameters) -> list[dict[str, Any]]:
        """``pattern``, ``level`` and ``samples``, by pattern and level."""
        return list(self._get("patterns", parameters) or ())

    def detected_fields(self, parameters: Parameters) -> list[dict[str, Any]]:
        """``label``, ``type``, ``cardinality`` and ``parsers`` of each field; none where nothing was found."""
        return list(self._document(_PREFIX + "detected_fields", parameters).get("fields") or ())

    def detected_field_values(self, name: str, parameters: Parameters) -> list[str]:
        """The values of one field in sampled lines."""
        found = self._document(f"{_PREFIX}detected_field/{quote(name, safe='')}/values", parameters)
        return [str(value) for value in found.get("values") or ()]

    def explain(self, parameters: Parameters) -> dict[str, Any]:
        """The plan of a range query, with its ``text``. Only Skaldlog knows plans."""
        data = self._ask_for(_EXPLAIN, parameters)
        if not isinstance(data, dict) or not isinstance(data.get("text"), str):
            raise self._foreign()
        return data

    def parts(self) -> list[dict[str, Any]]:
        """The tenant's parts on the stores."""
        return list(self._ask_for(_PARTS, ()) or ())

    def retention(self) -> list[dict[str, Any]]:
        """What retention would take from the stores now."""
        return list(self._ask_for(_RETENTION, ()) or ())

    def keep_now(self) -> None:
        """Let retention, deletes and moves be done now."""
        self._done(_RETENTION, "POST")

    def deletes(self) -> list[dict[str, Any]]:
        """The tenant's delete requests, oldest first."""
        answer = self._done(_PREFIX + "delete", "GET")
        try:
            return list(json.loads(answer.body))
        except (ValueError, TypeError) as error:
            raise self._foreign() from error

    def delete(self, parameters: Parameters) -> str:
        """Ask for lines to be deleted; the id of the request."""
        answer = self._done(f"{_PREFIX}delete?{urlencode(parameters)}", "POST")
        return answer.headers.get("x-delete-request-id", "")

    def cancel_delete(self, parameters: Parameters) -> None:
        """Take a delete request back."""
        self._done(f"{_PREFIX}delete?{urlencode(parameters)}", "DELETE")

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def _object(self, path: str, parameters: Parameters) -> dict[str, Any]:
        data = self._get(path, parameters)
        if not isinstance(data, dict) or "resultType" not in data or not isinstance(data.get("result"), list):
            raise self._foreign()
        return data

    def _get(self, path: str, parameters: Parameters) -> Any:
        return self._ask_for(_PREFIX + path, parameters)

    def _ask_for(self, path: str, parameters: Parameters) -> Any:
        return self._document(path, parameters).get("data")

    def _document(self, path: str, parameters: Parameters) -> dict[str, Any]:
        answer = self._ask(f"{path}?{urlencode(parameters)}")
        if answer.status != 200:
            raise CommandError(refusal_text(self._connection, answer))
        try:
            document = json.loads(answer.body)
        except ValueError as error:
            raise self._foreign() from error
        if not isinstance(document, dict):
            raise self._foreign()
        return document

    def _done(self, target: str, method: str) -> Answer:
        answer = self._ask(target, method)
        if answer.status not in (200, 204):
            raise CommandError(refusal_text(self._connection, answer))
        return answer

    def _ask(self, target: str, method: str = "GET") -> Answer:
        backoff = Backoff(_BACKOFF_BASE_S, _BACKOFF_CAP_S)
        for remaining in range(self._connection.retries, -1, -1):
            pause_s = 0.0
            try:
                answer = self._transport.request(method, target, headers=self._connection.headers)
                if not remaining or (answer.status < 500 and answer.status != 429):
                    return answer
                pause_s = answer.retry_after_s
            except Unreachable as error:
                if not remaining:
                    raise CommandError(f"{error} (--addr or LOKI_ADDR says where the server is)") from error
            time.sleep(backoff.next_delay_s(pause_s))
        raise AssertionError("the last round returns or raises")

    def _foreign(self) -> CommandError:
        return CommandError(f"{self._transport.endpoint} does not answer as Loki's API does: is --addr right?")


def refusal_text(connection: Connection, answer: Answer) -> str:
    """One line for an answer other than success: the server's text with a hint where one helps."""
    text = " ".join(answer.text.split())[:1000] or "no text"
    tenant = connection.credentials.tenant
    if answer.status == 401 and "www-authenticate" in answer.headers:
        return f"the server asks who you are ({text}): give --bearer-token or --username, or LOKI_BEARER_TOKEN"
    if answer.status == 401 and not tenant:
        return f"the server asks for a tenant ({text}): name one with --org-id or LOKI_ORG_ID"
    if answer.status in (401, 403):
        refused = f"tenant {tenant!r}" if tenant else "the request"
        return f"the server refuses {refused} ({text}): check --org-id and the credentials"
    if answer.status == 400:
        return f"the server refuses the request: {text}"
    return f"{Endpoint.parse(connection.url)} answers {answer.status}: {text}"
