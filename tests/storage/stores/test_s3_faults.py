"""What networks and servers do to requests: the answer is right or a clear error, and no object is half there."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import google_crc32c
import pytest

from storage.errors import CorruptData
from storage.stores import S3Store
from storage.stores.cache import DiskCache
from storage.stores.meter import Meter
from storage.stores.pieces import Piece, Span
from storage.stores.s3_errors import BucketError
from storage.stores.s3_requests import S3Requests
from storage.stores.s3_settings import S3Settings
from tests.buckets.proxy import Asked, Drop, Fault, FaultyProxy, Reply, error_reply

DATA = bytes(range(251)) * 400
CHUNK = Span(30_000, 90_000)
PIECE = Piece((CHUNK,), google_crc32c.value(DATA[CHUNK.start : CHUNK.stop]))

Ask = Callable[[], Reply]


def refused(status: int, code: str) -> Fault:
    return lambda asked, ask: error_reply(status, code)


def no_answer(_: Asked, __: Ask) -> Reply:
    raise Drop


def lost_answer(_: Asked, ask: Ask) -> Reply:
    ask()
    raise Drop


def answered_with_an_error_all_the_same(_: Asked, ask: Ask) -> Reply:
    ask()
    return error_reply(500, "InternalError")


def stalls(_: Asked, ask: Ask) -> Reply:
    return replace(ask(), stall_s=1.0)


def not_s3(_: Asked, __: Ask) -> Reply:
    return Reply(502, [("Content-Type", "text/html")], b"<html>Bad Gateway")


def garbage(_: Asked, __: Ask) -> Reply:
    return Reply(200, [("Content-Type", "application/xml")], b"<not XML")


def ends_early(_: Asked, ask: Ask) -> Reply:
    reply = ask()
    return replace(reply, sent_bytes=len(reply.body) // 2)


def short(_: Asked, ask: Ask) -> Reply:
    """A complete answer with too few bytes."""
    reply = ask()
    return replace(reply, body=reply.body[:-1])


def damaged(_: Asked, ask: Ask) -> Reply:
    reply = ask()
    middle = len(reply.body) // 2
    return replace(reply, body=reply.body[:middle] + bytes([reply.body[middle] ^ 1]) + reply.body[middle + 1 :])


FAULTS: dict[str, Fault] = {
    "500": refused(500, "InternalError"),
    "503": refused(503, "ServiceUnavailable"),
    "503 slow down": refused(503, "SlowDown"),
    "429": refused(429, "TooManyRequests"),
    "400 timeout": refused(400, "RequestTimeout"),
    "a gateway's page": not_s3,
    "no answer": no_answer,
    "lost answer": lost_answer,
    "done, but 500": answered_with_an_error_all_the_same,
    "stall": stalls,
}
READ_FAULTS = {"ends early": ends_early, "short": short, "damaged": damaged}


class Sometimes:
    """The fault for so many requests of a kind, then none."""

    def __init__(self, fault: Fault, times: int, is_meant: Callable[[Asked], bool] = lambda asked: True) -> None:
        self._fault, self._left, self._is_meant = fault, times, is_meant

    def __call__(self, asked: Asked, ask: Ask) -> Reply:
        if self._left and self._is_meant(asked):
            self._left -= 1
            return self._fault(asked, ask)
        return ask()


def put(store: S3Store) -> None:
    store.put("a/key", DATA)
    assert store.get("a/key") == DATA


def create(store: S3Store) -> None:
    with store.create("a/key") as sink:
        sink.write(DATA)
    assert store.get("a/key") == DATA


def get(store: S3Store) -> None:
    assert store.get("there") == DATA


def listing(store: S3Store) -> None:
    assert store.list() == ["there"]


def delete(store: S3Store) -> None:
    store.delete("there")
    assert store.list() == []


def quarantine(store: S3Store) -> None:
    store.quarantine("there")
    assert store.list() == []


def open_whole(store: S3Store) -> None:
    with store.open("there") as file:
        assert file.read_at(1000, 500) == DATA[500:1500]


def read_piece(store: S3Store) -> None:
    with store.holding("there", PIECE), store.open("there", [PIECE]) as file:
        assert file.read_at(1000, CHUNK.start + 5) == DATA[CHUNK.start + 5 :][:1000]


OPERATIONS = [put, create, get, listing, delete, quarantine, open_whole, read_piece]


@pytest.fixture
def store(bucket: S3Settings, proxied_bucket: S3Settings) -> S3Store:
    S3Store(bucket).put("there", DATA)
    return S3Store(proxied_bucket)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.__name__)
def test_a_fault_that_passes_is_not_noticed(
    store: S3Store, proxy: FaultyProxy, operation: Callable[[S3Store], None], fault: str
) -> None:
    proxy.fault = Sometimes(FAULTS[fault], times=1 if fault == "stall" else 2)
    operation(store)
    assert store.meter.usage.retries > 0


@pytest.mark.parametrize("fault", ["503 slow down", "a gateway's page", "no answer", "lost answer"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.__name__)
def test_a_fault_that_stays_is_an_error_that_says_what_to_do(
    store: S3Store, bucket: S3Settings, proxy: FaultyProxy, operation: Callable[[S3Store], None], fault: str
) -> None:
    proxy.fault = FAULTS[fault]
    with pytest.raises(
        BucketError, match=r"bucket skaldlog-tests at http://127.*: .* failed: .*(away|is the bucket)"
    ) as caught:
        operation(store)
    assert caught.value.is_passing
    assert caught.value.errno is not None
    assert len(proxy.asked) <= 2 * 6, "each request is tried six times"
    honest = S3Store(bucket)
    found = {key: honest.get(key) for key in honest.list()}
    assert set(found.values()) <= {DATA}, "what is there is whole"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.__name__)
def test_a_stall_that_stays_ends(
    bucket: S3Settings, proxied_bucket: S3Settings, proxy: FaultyProxy, operation: Callable[[S3Store], None]
) -> None:
    S3Store(bucket).put("there", DATA)
    proxy.fault = stalls
    impatient = replace(proxied_bucket, attempts=2, read_timeout_s=0.1)
    with pytest.raises(BucketError, match=r"ReadTimeoutError.*is away"):
        operation(S3Store(impatient))


@pytest.mark.parametrize("fault", READ_FAULTS)
@pytest.mark.parametrize("operation", [get, open_whole, read_piece], ids=lambda each: each.__name__)
def test_a_body_that_comes_short_or_damaged_is_asked_for_again(
    store: S3Store, proxy: FaultyProxy, operation: Callable[[S3Store], None], fault: str
) -> None:
    if fault in {"short", "damaged"} and operation is not read_piece:
        pytest.skip("S3 sends no checksum of what it answers: the index has that of pieces, and of itself")
    proxy.fault = Sometimes(READ_FAULTS[fault], 1, lambda asked: asked.method == "GET")
    operation(store)
    assert store.meter.usage.requests >= 2


def test_bytes_that_stay_damaged_are_damage_and_reach_no_cache(
    bucket: S3Settings, proxied_bucket: S3Settings, proxy: FaultyProxy, tmp_path: Path
) -> None:
    S3Store(bucket).put("there", DATA)
    store = S3Store(proxied_bucket, DiskCache(tmp_path, 10 << 20))
    proxy.fault = damaged
    with pytest.raises(CorruptData, match="checksum mismatch in what the bucket answered"):
        read_piece(store)
    assert list(tmp_path.iterdir()) == []
    proxy.fault = lambda asked, ask: ask()
    read_piece(store)


def test_what_is_damaged_on_its_way_to_the_bucket_is_sent_again(
    store: S3Store, bucket: S3Settings, proxy: FaultyProxy
) -> None:
    flips = itertools.count()

    def flip(asked: Asked, ask: Ask) -> Reply:
        return refused(400, "BadDigest")(asked, ask) if next(flips) < 2 else ask()

    proxy.fault = flip
    store.put("a/key", DATA)
    assert all("Content-MD5" in asked.headers for asked in proxy.asked)
    assert S3Store(bucket).get("a/key") == DATA


LARGE = DATA * 60  # two upload parts


def large(store: S3Store) -> None:
    with store.create("large") as sink:
        for start in range(0, len(LARGE), 1 << 20):
            sink.write(LARGE[start : start + (1 << 20)])


@pytest.mark.parametrize("fault", ["no answer", "lost answer", "done, but 500", "500", "503 slow down"])
@pytest.mark.parametrize("step", range(4))
def test_large_uploads_survive_a_fault_at_any_step(
    proxied_bucket: S3Settings, bucket: S3Settings, proxy: FaultyProxy, fault: str, step: int
) -> None:
    store = S3Store(replace(proxied_bucket, upload_part_bytes=5 << 20, read_timeout_s=5))
    steps = itertools.count()
    proxy.fault = lambda asked, ask: FAULTS[fault](asked, ask) if next(steps) == step else ask()
    large(store)
    assert S3Store(bucket).get("large") == LARGE


def test_a_large_upload_that_cannot_be_finished_is_not_there_and_is_cleared_at_the_next_start(
    proxied_bucket: S3Settings, bucket: S3Settings, proxy: FaultyProxy
) -> None:
    store = S3Store(replace(proxied_bucket, upload_part_bytes=5 << 20, read_timeout_s=5))
    steps = itertools.count()

    def away_after_the_first_part(_: Asked, ask: Ask) -> Reply:
        if next(steps) >= 2:
            raise Drop
        return ask()

    proxy.fault = away_after_the_first_part
    with pytest.raises(BucketError, match="is away"):
        large(store)
    assert S3Store(bucket).list() == []
    assert S3Store(bucket).remove_temporary() == 1


def test_waits_are_random_and_bounded(proxied_bucket: S3Settings, proxy: FaultyProxy) -> None:
    proxy.is_up = False
    bounds: list[tuple[float, float]] = []

    def jitter(low: float, high: float) -> float:
        bounds.append((low, high))
        return high

    slept: list[float] = []
    settings = replace(proxied_bucket, backoff_min_s=1.0, backoff_max_s=5.0)
    requests = S3Requests(settings, Meter(), slept.append, jitter)
    with pytest.raises(BucketError):
        requests.call("list_objects_v2")
    assert bounds == [(0.0, 2.0), (0.0, 4.0), (0.0, 5.0), (0.0, 5.0), (0.0, 5.0)]
    assert slept == [high for _, high in bounds]
