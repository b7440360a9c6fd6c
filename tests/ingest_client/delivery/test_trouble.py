"""Servers in trouble: each is asked seldom, holds nobody up, and has every line once when it is well."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import trustme

from ingest_client import Counters, PushClient, TlsSettings
from ingest_client.complaints import Complaints
from ingest_client.delivery import destination as destination_module
from ingest_client.delivery.destination import Destination, Verdict
from ingest_client.entries.batch import Batch
from ingest_client.entries.entry import Entry, Stream
from tests.ingest_client.clients import quick_settings
from tests.ingest_client.receiver import OK, RESET, RESET_AFTER_KEEPING, Receiver, Reply, receiving, refusal

TROUBLES = {
    "429 with Retry-After": refusal(429, Retry_After="1"),
    "429 without": refusal(429),
    "503": refusal(503),
    "503 with a date in the past": refusal(503, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"),
    "500": refusal(500),
    "408": refusal(408),
    "a reset": RESET,
    "a reset after it was stored": RESET_AFTER_KEEPING,
    "an answer that never ends": Reply(trickles=True, keep=False),
    "no answer": Reply(delay_s=1.0),
}
TROUBLED_S = 0.5
BACKOFF_S = 0.2
# With full jitter about five tries; a loop without pauses makes hundreds.
MAX_TRIES = 40


def client_of(url: str, tls: TlsSettings | None = None) -> PushClient:
    pauses = {"backoff_base_s": BACKOFF_S, "backoff_cap_s": BACKOFF_S, "timeout_s": 0.3}
    return PushClient(quick_settings(url, tls=tls or TlsSettings(), **pauses), {"job": "test"})


def push_to_both(troubled: PushClient, calm: PushClient) -> list[str]:
    """Lines for both, all the time that the trouble lasts."""
    lines = [f"line {number:02d}" for number in range(20)]
    for line in lines:
        troubled.push(line)
        calm.push(line)
        time.sleep(TROUBLED_S / len(lines))
    return lines


def kept(receiver: Receiver) -> list[str]:
    """What a server has that drops equal lines of one nanosecond."""
    return [line for _, line in sorted({(int(value[0]), value[1]) for value in receiver.values})]


def judge_tries(counters: Counters) -> None:
    assert 0 < counters.retries < MAX_TRIES
    assert counters.dropped == 0


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_server_in_trouble_is_asked_seldom_and_stops_nobody_else(trouble: Reply) -> None:
    mended = threading.Event()
    with receiving(lambda: OK if mended.is_set() else trouble) as receiver, receiving() as other:
        with client_of(receiver.url) as troubled, client_of(other.url) as calm:
            lines = push_to_both(troubled, calm)
            assert calm.flush(5)
            assert other.lines == lines
            mended.set()
            assert troubled.flush(10)
            judge_tries(troubled.counters)
        assert kept(receiver) == lines


def certificate(authority: trustme.CA, days: int) -> ssl.SSLContext:
    """A server's context; its certificate ends in so many days."""
    now = datetime.now(UTC)
    leaf = authority.issue_cert("localhost", not_before=now - timedelta(days=9), not_after=now + timedelta(days=days))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    return context


@contextmanager
def changing_certificate(first: ssl.SSLContext) -> Iterator[tuple[ssl.SSLContext, list[ssl.SSLContext]]]:
    """A context that shows, at each handshake, the certificate of the last context of the list."""
    shown = [first]
    front = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def choose(connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        connection.context = shown[-1]

    front.sni_callback = choose
    yield front, shown


def test_an_expired_certificate_keeps_the_lines_until_there_is_a_new_one(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    tls = TlsSettings(ca_file=str(tmp_path / "ca.pem"))
    with changing_certificate(certificate(authority, -1)) as (front, shown), receiving(tls=front) as receiver:
        with receiving() as other:
            url = receiver.url.replace("http://127.0.0.1", "https://localhost")
            with client_of(url, tls) as troubled, client_of(other.url) as calm:
                lines = push_to_both(troubled, calm)
                assert calm.flush(5)
                assert other.lines == lines
                assert receiver.lines == []
                shown.append(certificate(authority, 9))
                assert troubled.flush(10)
                judge_tries(troubled.counters)
        assert kept(receiver) == lines
    assert "certificate has expired" in capfd.readouterr().err


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("is_leaving", [False, True], ids=["as ever", "when the process ends"])
def test_seven_seconds_are_seven_seconds(monkeypatch: pytest.MonkeyPatch, status: int, is_leaving: bool) -> None:
    clock = SimpleNamespace(now_s=100.0)
    monkeypatch.setattr(destination_module, "time", SimpleNamespace(monotonic=lambda: clock.now_s))
    with receiving(lambda: refusal(status, Retry_After="7")) as receiver:
        destination = Destination(quick_settings(receiver.url), Complaints())
        batch = Batch.of([Entry(0, Stream((("job", "a"),)), 1, "line", None, 0)], 1 << 10, lambda: None)
        assert destination.send(batch) is Verdict.LATER
        if is_leaving:
            destination.hurry()
        assert destination.pause_s >= 7.0
        clock.now_s += 6.9
        assert destination.pause_s > 0.0
        clock.now_s += 1.0
        assert destination.pause_s == 0.0
        destination.close()
