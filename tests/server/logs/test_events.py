"""The server's log lines are logfmt, whatever is logged."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from server.logs.events import fields, start_logging


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers = root.handlers
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    start_logging("info")
    yield stream
    root.handlers = handlers


def test_a_message_stays_on_its_line(printed: io.StringIO) -> None:
    logging.getLogger("skaldlog").warning('a "quoted"\nmessage of %s', "é")
    line = printed.getvalue()
    assert line.startswith("ts=20")
    assert line.endswith(' level=warn logger=skaldlog msg="a \\"quoted\\"\\nmessage of é"\n')


def test_fields_are_quoted_where_logfmt_needs_it(printed: io.StringIO) -> None:
    told = fields(query='{a="b"}', path="/x?y", seconds=0.25, text="two words", empty="", lines=3)
    logging.getLogger("skaldlog").info("query", extra=told)
    assert printed.getvalue().endswith(
        ' logger=skaldlog query="{a=\\"b\\"}" path=/x?y seconds=0.25 text="two words" empty="" lines=3 msg="query"\n'
    )


def test_a_traceback_follows(printed: io.StringIO) -> None:
    try:
        raise ValueError("cause")
    except ValueError:
        logging.getLogger("storage").exception("it failed")
    assert "ValueError: cause" in printed.getvalue()


def test_what_is_below_the_level_is_not_printed(printed: io.StringIO) -> None:
    logging.getLogger("skaldlog").debug("quiet")
    logging.getLogger("uvicorn.error").info("quiet")
    assert printed.getvalue() == ""
