"""Delivery: what arrives, what is retried, what is dropped, and that nothing else happens."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest_client import ClientSettings, Credentials, InvalidLabels, InvalidSettings, PushClient, TlsSettings
from tests.ingest_client.clients import quick_client, quick_settings
from tests.ingest_client.programs import run_program
from tests.ingest_client.receiver import OK, RESET, RESET_AFTER_KEEPING, Reply, receiving, refusal, script


def test_lines_arrive_with_labels_metadata_and_growing_timestamps() -> None:
    with receiving() as receiver, quick_client(receiver.url) as client:
        before_ns = time.time_ns()
        for number in range(1000):
            client.push(f"line {number}", {"request": number})
        assert client.flush(5)
    assert receiver.lines == [f"line {number}" for number in range(1000)]
    assert {tuple(labels.items()) for labels, _ in receiver.pushes} == {(("job", "test"),)}
    assert receiver.values[7][2] == {"request": "7"}
    stamps = [int(value[0]) for value in receiver.values]
    assert stamps == sorted(set(stamps))
    assert before_ns <= stamps[0] <= time.time_ns()


def test_one_connection_carries_all_batches_to_the_push_path() -> None:
    with receiving() as receiver, quick_client(receiver.url + "/prefix/") as client:
        for _ in range(5):
            client.push("line")
            assert client.flush(5)
        assert len(receiver.connections) == 1
        assert {path for _, path, _ in receiver.requests} == {"/prefix/loki/api/v1/push"}


@pytest.mark.parametrize(
    ("credentials", "header", "value"),
    [
        (Credentials(tenant="edge"), "X-Scope-OrgID", "edge"),
        (Credentials(username="me", password="pass:word"), "Authorization", "Basic bWU6cGFzczp3b3Jk"),
        (Credentials(bearer_token="abc"), "Authorization", "Bearer abc"),
    ],
)
def test_identity_travels_in_headers(credentials: Credentials, header: str, value: str) -> None:
    with receiving() as receiver, quick_client(receiver.url, credentials=credentials) as client:
        client.push("line")
        assert client.flush(5)
        assert receiver.requests[0][2][header] == value


def test_credentials_in_the_address_are_used_and_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with receiving(script(refusal(400))) as receiver:
        with quick_client(receiver.url.replace("http://", "http://me:secret@")) as client:
            client.push("line")
            assert client.flush(5)
        assert receiver.requests[0][2]["Authorization"] == "Basic bWU6c2VjcmV0"
    assert "secret" not in capfd.readouterr().err


def test_streams_keep_their_labels_apart() -> None:
    with receiving() as receiver, quick_client(receiver.url) as client:
        other = client.stream({"job": "other", "gpu": 0})
        client.push("a")
        client.push("b", stream=other)
        client.push("c", stream=client.stream({"gpu": "0", "job": "other"}))
        assert client.flush(5)
        assert [(labels, [value[1] for value in values]) for labels, values in receiver.pushes] == [
            ({"job": "test"}, ["a"]),
            ({"gpu": "0", "job": "other"}, ["b", "c"]),
        ]


RETRIED = [
    refusal(429),
    refusal(500),
    refusal(503),
    RESET,
    RESET_AFTER_KEEPING,
    Reply(status=500, keep=True),
]


@pytest.mark.parametrize("failure", RETRIED)
def test_a_passing_failure_is_retried_with_the_same_timestamps(failure: Reply) -> None:
    with receiving(script(failure, failure)) as receiver, quick_client(receiver.url) as client:
        client.push("line")
        assert client.flush(5)
        assert set(receiver.lines) == {"line"}
        assert len({value[0] for value in receiver.values}) == 1
        assert client.counters.delivered == 1
        assert client.counters.dropped == 0


@pytest.mark.parametrize("status", [260, 400, 413, 422])
def test_a_refused_line_is_dropped_and_told_once(status: int, capfd: pytest.CaptureFixture[str]) -> None:
    refused = refusal(status, "bad label\nmore")
    with receiving(script(refused, refused)) as receiver, quick_client(receiver.url) as client:
        for line in ("first", "second", "third"):
            client.push(line)
            assert client.flush(5)
        assert receiver.lines == ["third"]
        assert len(receiver.requests) == 3
        assert client.counters.dropped_rejected == 2
    told = capfd.readouterr().err
    assert told.count("bad label") == 1
    assert str(status) in told
    assert "more" not in told


@pytest.mark.parametrize("status", [301, 401, 403, 404, 405])
def test_what_a_person_can_mend_keeps_the_lines_and_is_told_once(
    status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    refused = refusal(status, "who are you?\nmore")
    with receiving(script(refused, refused)) as receiver, quick_client(receiver.url) as client:
        client.push("line")
        assert client.flush(5)
        assert receiver.lines == ["line"]
        assert client.counters.dropped == 0
    told = capfd.readouterr().err
    assert told.count(f"answers {status}: who are you?; lines are kept in memory") == 1
    assert "more" not in told


def test_retry_after_is_honoured() -> None:
    with receiving(script(refusal(429, Retry_After="1"))) as receiver, quick_client(receiver.url) as client:
        client.push("line")
        assert client.flush(5)
        assert receiver.requests[1][0] - receiver.requests[0][0] >= 1.0


def test_retry_after_longer_than_the_deadline_ends_the_wait_at_once() -> None:
    with receiving(lambda: refusal(429, Retry_After="60")) as receiver:
        client = quick_client(receiver.url)
        client.push("line")
        receiver.await_lines(1, timeout_s=0.1)
        started_s = time.monotonic()
        client.close(1.0)
        assert time.monotonic() - started_s < 1.0
        assert client.counters.dropped_undelivered == 1
        assert len(receiver.requests) == 1


def test_a_server_that_is_down_costs_the_caller_nothing_and_gets_all_lines_when_back() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    client = quick_client(f"http://127.0.0.1:{port}")
    for number in range(100):
        client.push(str(number))
    assert not client.flush(0.1)
    assert client.counters.dropped == 0
    assert client.counters.retries > 0
    client.close(0.2)
    assert client.counters.dropped_undelivered == 100


def test_an_attempt_limit_gives_a_batch_up(capfd: pytest.CaptureFixture[str]) -> None:
    with receiving(lambda: refusal(500)) as receiver, quick_client(receiver.url, max_tries=3) as client:
        client.push("line")
        assert client.flush(5)
        assert len(receiver.requests) == 3
        assert client.counters.dropped_undelivered == 1
    assert "1 lines were not delivered" in capfd.readouterr().err


def test_an_outage_is_told_once_and_again_when_it_comes_back(capfd: pytest.CaptureFixture[str]) -> None:
    with receiving(script(RESET, RESET, OK, RESET, RESET)) as receiver, quick_client(receiver.url) as client:
        for line in ("first", "second"):
            client.push(line)
            assert client.flush(5)
    assert capfd.readouterr().err.count("does not answer") == 2


def test_an_urgent_line_does_not_wait_for_the_batch() -> None:
    with receiving() as receiver, quick_client(receiver.url, batch_wait_s=60.0) as client:
        client.push("patient")
        client.push("urgent", urgent=True)
        assert receiver.await_lines(2) == ["patient", "urgent"]


def test_a_full_batch_does_not_wait_for_the_tick() -> None:
    with receiving() as receiver, quick_client(receiver.url, batch_wait_s=60.0, batch_bytes=10_000) as client:
        for _ in range(100):
            client.push("x" * 100)
        assert len(receiver.await_lines(90)) >= 90


def test_dropped_lines_leave_a_notice_in_the_stream() -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def reply() -> Reply:
        asked.set()
        may_answer.wait(5)
        return OK

    with receiving(reply) as receiver, quick_client(receiver.url, max_entries=10) as client:
        client.push("first", urgent=True)
        assert asked.wait(5)
        for number in range(50):
            client.push(f"line {number}")
        may_answer.set()
        assert client.flush(5)
        assert client.counters.dropped_buffer_full == 40
        assert receiver.lines == [
            "first",
            "ingest_client dropped 40 lines: its queue was full",
            *(f"line {number}" for number in range(40, 50)),
        ]
        assert receiver.values[1][2] == {"level": "warn", "dropped_lines": "40"}


def test_lines_after_close_are_counted_as_undelivered() -> None:
    with receiving() as receiver:
        client = quick_client(receiver.url)
        client.push("before")
        client.close()
        client.push("after")
        client.close()
        assert receiver.lines == ["before"]
        assert client.counters.accepted == 2
        assert client.counters.dropped_undelivered == 1


HOSTILE_LINES = ["nul \0", "surrogate \ud800", "\udcff from a path", "", "\n\n", "é😀", "x" * 1_000_000]


def test_hostile_lines_arrive_readable() -> None:
    with receiving() as receiver, quick_client(receiver.url) as client:
        for line in HOSTILE_LINES:
            client.push(line, {"": "x", "__": "x", "ok": "\ud800", "none": None})
        assert client.flush(5)
        assert receiver.lines[:6] == ["nul \0", "surrogate ?", "? from a path", "", "\n\n", "é😀"]
        assert len(receiver.lines[6].encode()) <= 256 * 1024
        assert receiver.lines[6].endswith("bytes]")
        assert receiver.values[0][2] == {"ok": "?"}


class Answers:
    """Draws one of the replies for each request, then success: the run must end."""

    def __init__(self, replies: list[Reply]) -> None:
        self.replies = replies
        self.lock = threading.Lock()

    def __call__(self) -> Reply:
        with self.lock:
            return self.replies.pop(0) if self.replies else OK


MISHAPS = st.sampled_from(
    [OK, RESET, RESET_AFTER_KEEPING, refusal(500), refusal(429), refusal(400), Reply(delay_s=0.02)]
)


@settings(max_examples=25, deadline=None)
@given(
    mishaps=st.lists(MISHAPS, max_size=12),
    bursts=st.lists(st.integers(1, 40), min_size=1, max_size=8),
    max_entries=st.integers(5, 60),
    overflow=st.sampled_from(["oldest", "newest"]),
)
def test_every_line_arrives_in_order_or_is_counted(
    mishaps: list[Reply], bursts: list[int], max_entries: int, overflow: str
) -> None:
    with receiving(Answers(mishaps)) as receiver:
        client = quick_client(receiver.url, max_entries=max_entries, overflow=overflow, batch_bytes=2_000)
        sent = 0
        for burst in bursts:
            for _ in range(burst):
                client.push(f"line {sent}")
                sent += 1
                assert client.counters.queued <= max_entries
            time.sleep(0.005)
        assert client.flush(10)
        client.close()
        counters = client.counters
        # What arrives twice, or late, has the timestamp of its first sending: the server drops it, or sorts it in.
        kept = sorted({(int(value[0]), value[1]) for value in receiver.values})
        numbers = [int(line.split()[1]) for _, line in kept if line.startswith("line ")]
        assert numbers == sorted(set(numbers))
        assert counters.accepted == sent
        assert counters.delivered + counters.dropped == sent
        assert counters.delivered <= len(numbers) <= sent


def test_many_threads_lose_and_double_nothing() -> None:
    with receiving(Answers([RESET, refusal(500)])) as receiver, quick_client(receiver.url) as client:

        def log(thread: int) -> None:
            for number in range(500):
                client.push(f"{thread} {number}")

        threads = [threading.Thread(target=log, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert client.flush(10)
        assert sorted(receiver.lines) == sorted(f"{thread} {number}" for thread in range(8) for number in range(500))
        for thread_number in range(8):
            own = [line for line in receiver.lines if line.startswith(f"{thread_number} ")]
            assert own == [f"{thread_number} {number}" for number in range(500)]


BAD_LABELS = [
    {"a-b": "x"},
    {"1a": "x"},
    {"": "x"},
    {"é": "x"},
    {"a": "x" * 3000},
    {"a" * 2000: "x"},
    {f"l{number}": "x" for number in range(16)},
]


@pytest.mark.parametrize("labels", BAD_LABELS)
def test_labels_that_a_server_refuses_are_refused_at_once(labels: dict[str, str]) -> None:
    with pytest.raises(InvalidLabels):
        PushClient(ClientSettings(), labels)


BAD_SETTINGS: list[Callable[[], object]] = [
    lambda: ClientSettings(url="localhost:3100"),
    lambda: ClientSettings(url="ftp://host"),
    lambda: ClientSettings(url="http://"),
    lambda: ClientSettings(url="http://host:99999"),
    lambda: ClientSettings(url="http://host:port"),
    lambda: ClientSettings(url="http://host/?query=1"),
    lambda: ClientSettings(url="http://host/a b"),
    lambda: ClientSettings(url="http://ho\x00st"),
    lambda: ClientSettings(max_entries=0),
    lambda: ClientSettings(max_bytes=-1),
    lambda: ClientSettings(batch_wait_s=0),
    lambda: ClientSettings(timeout_s=float("nan")),
    lambda: ClientSettings(gzip_level=10),
    lambda: ClientSettings(max_tries=0),
    lambda: ClientSettings(overflow="block"),  # type: ignore[arg-type]
    lambda: Credentials(tenant="a\r\nX-Evil: 1"),
    lambda: Credentials(bearer_token="a\nb"),
    lambda: Credentials(username="a", bearer_token="b"),
    lambda: Credentials(bearer_token="a", bearer_token_file="b"),
    lambda: ClientSettings(wire="msgpack"),  # type: ignore[arg-type]
    lambda: ClientSettings(spool_sync="sometimes"),  # type: ignore[arg-type]
    lambda: ClientSettings(spool_bytes=1000),
    lambda: ClientSettings(max_label_values=0),
    lambda: PushClient(ClientSettings(url="https://host", tls=TlsSettings(ca_file="/nowhere.pem")), {}),
]


@pytest.mark.parametrize("make", BAD_SETTINGS)
def test_impossible_settings_are_refused_at_once(make: Callable[[], object]) -> None:
    with pytest.raises(InvalidSettings):
        make()


def test_secrets_do_not_show_in_representations() -> None:
    shown = repr(ClientSettings(credentials=Credentials(username="me", password="secret")))
    assert "secret" not in shown
    assert "me" in shown


def test_a_peer_that_does_not_speak_http_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk_nonsense() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")

        thread = threading.Thread(target=talk_nonsense)
        thread.start()
        client = quick_client(f"http://127.0.0.1:{server.getsockname()[1]}", timeout_s=0.2)
        client.push("line", urgent=True)
        thread.join()
        client.close(0.5)
    assert "not an HTTP answer (BadStatusLine)" in capfd.readouterr().err


def test_a_silent_peer_times_out(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = quick_client(f"http://127.0.0.1:{server.getsockname()[1]}", timeout_s=0.1)
        client.push("line", urgent=True)
        assert not client.flush(0.3)
        client.close(0.1)
    assert "timed out" in capfd.readouterr().err


def test_a_name_that_no_resolver_takes_is_unreachable(capfd: pytest.CaptureFixture[str]) -> None:
    client = quick_client(f"http://{'a' * 70}.example:3100", max_tries=1)
    client.push("line", urgent=True)
    assert client.flush(5)
    client.close()
    assert client.counters.dropped_undelivered == 1
    assert "does not answer" in capfd.readouterr().err


def test_https_to_a_plain_port_is_a_connection_fault_not_a_crash() -> None:
    with receiving() as receiver:
        client = PushClient(
            quick_settings(receiver.url.replace("http:", "https:"), tls=TlsSettings(verify=False)), {"job": "test"}
        )
        client.push("line", urgent=True)
        client.close(0.2)
        assert client.counters.dropped_undelivered == 1


def test_a_token_in_a_file_is_read_again_when_it_is_refused(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("old\n")

    def reply() -> Reply:
        if receiver.requests[-1][2]["Authorization"] == "Bearer new":
            return OK
        token.write_text("new\n")
        return refusal(401)

    with receiving(reply) as receiver:
        with quick_client(receiver.url, credentials=Credentials(bearer_token_file=str(token))) as client:
            client.push("line")
            assert client.flush(5)
        assert receiver.lines == ["line"]
        assert len(receiver.requests) == 2


def test_one_tenants_pause_does_not_stop_another() -> None:
    def judge(_: list[str]) -> Reply:
        return refusal(429, Retry_After="60") if receiver.requests[-1][2]["X-Scope-OrgID"] == "noisy" else OK

    with receiving(judge=judge) as receiver:
        noisy = quick_client(receiver.url, credentials=Credentials(tenant="noisy"))
        noisy.push("line", urgent=True)
        assert not noisy.flush(0.2)
        with quick_client(receiver.url, credentials=Credentials(tenant="calm")) as calm:
            calm.push("calm")
            assert calm.flush(5)
        assert receiver.lines == ["calm"]
        noisy.push("another", urgent=True)
        assert not noisy.flush(0.2)
        noisy.close(0.1)
        # A new line does not hit a server that has asked to be left alone.
        assert [headers["X-Scope-OrgID"] for _, _, headers in receiver.requests].count("noisy") == 1


def test_a_disk_that_takes_no_more_degrades_to_memory_and_is_told(tmp_path: Path) -> None:
    program = """
    import resource, sys, time
    from ingest_client import ClientSettings
    from ingest_client.delivery.delivery import Delivery
    settings = ClientSettings(url=sys.argv[1], directory=sys.argv[2], backoff_cap_s=0.05, batch_wait_s=0.01)
    delivery = Delivery(settings, {"job": "own"})
    stream = delivery.stream({"job": "full"})
    resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40))
    for number in range(100):
        assert delivery.put([(stream, time.time_ns(), f"line {number:02d}", None)], timeout_s=5)
    time.sleep(0.3)
    counters = delivery.counters
    assert counters.spool_faults > 0 and counters.dropped == 0, counters
    open(sys.argv[3], "w").close()
    delivery.close(5)
    assert delivery.counters.delivered == 100, delivery.counters
    """
    up = tmp_path / "up"
    with receiving(lambda: OK if up.exists() else refusal(503)) as receiver:
        run = run_program(program, receiver.url, str(tmp_path / "state"), str(up))
        assert run.returncode == 0, run.stderr
        assert "the spool is not written: " in run.stderr
        assert sorted(set(receiver.lines)) == [f"line {number:02d}" for number in range(100)]
