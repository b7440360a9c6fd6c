"""Exceptions as answers."""

from __future__ import annotations

import logging

import pytest

from logql.errors import ParseError, QueryTimeout
from server.http.errors import BadRequest, ClientGone, ContentTooLarge, NotReady, Unauthorized, render_error
from server.push.errors import PushError
from storage.errors import StorageUnavailable


@pytest.mark.parametrize(
    ("error", "ends_line", "status", "body"),
    [
        (BadRequest("bad"), False, 400, "bad"),
        (BadRequest("bad"), True, 400, "bad\n"),
        (Unauthorized(), False, 401, "no org id\n"),
        (Unauthorized(), True, 401, "no org id\n"),
        (ContentTooLarge("big"), False, 413, "big"),
        (ClientGone(), False, 499, "the request was cancelled by the client"),
        (NotReady("wait"), False, 503, "wait\n"),
        (ParseError("x", 1, 2), False, 400, "parse error at line 1, col 2: x"),
        (PushError(422, "none"), True, 422, "none\n"),
        (StorageUnavailable("disk full"), True, 503, "disk full\n"),
    ],
)
def test_each_error_has_its_status_and_text(error: Exception, ends_line: bool, status: int, body: str) -> None:
    response = render_error(error, ends_line)
    assert (response.status_code, bytes(response.body).decode()) == (status, body)
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("error", [NotReady("wait"), StorageUnavailable("disk full")])
def test_passing_faults_say_when_to_come_back(error: Exception) -> None:
    assert render_error(error, False).headers["retry-after"] == "1"


def test_a_timeout_has_the_text_that_grafana_looks_for() -> None:
    response = render_error(QueryTimeout(), False)
    assert response.status_code == 504
    assert bytes(response.body).startswith(b"request timed out")


def test_an_unknown_exception_is_a_500_without_its_text_and_with_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "skaldlog.http"):
        response = render_error(ValueError("secret"), False)
    assert response.status_code == 500
    assert b"secret" not in bytes(response.body)
    assert caplog.records[0].exc_info is not None
