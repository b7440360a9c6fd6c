"""Media types, content encodings and the sizes of bodies."""

from __future__ import annotations

import gzip
import zlib

import pytest
import zstandard

from server.limits import PushLimits
from server.push.encoding import unwrap
from server.push.errors import PushError
from server.push.receive import receive
from tests.server.push.wire import NOW_NS, Row, message, rows_of, snappy

PLAIN = b'{"streams":[]}' * 50


def raw_deflate(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(data) + deflater.flush()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


ENCODERS = {"gzip": gzip.compress, "deflate": raw_deflate, "zstd": zstd}
encodings = pytest.mark.parametrize("encoding", ENCODERS)


@encodings
def test_encoded_bodies_are_unwrapped(encoding: str) -> None:
    assert unwrap(ENCODERS[encoding](PLAIN), encoding, PushLimits()) == PLAIN


@pytest.mark.parametrize("encoding", ["", "snappy"])
def test_no_encoding_and_snappy_change_nothing(encoding: str) -> None:
    assert unwrap(PLAIN, encoding, PushLimits()) == PLAIN


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_several_members_are_one_body(encoding: str) -> None:
    encode = ENCODERS[encoding]
    assert unwrap(encode(b"ab") + encode(b"") + encode(b"cd"), encoding, PushLimits()) == b"abcd"


def test_a_snappy_block_may_be_wrapped_once_more() -> None:
    body = gzip.compress(snappy(message(('{app="a"}', [Row(b"x")]))))
    assert rows_of(receive(body, "application/x-protobuf", "gzip", PushLimits(), NOW_NS))[0][2] == "x"


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("br", PLAIN, 'Content-Encoding "br" not supported'),
        ("GZIP", PLAIN, 'Content-Encoding "GZIP" not supported'),
        ("gzip", PLAIN, "gzip: invalid header"),
        ("gzip", gzip.compress(PLAIN, mtime=0)[:-9], "unexpected EOF"),
        (
            "gzip",
            gzip.compress(PLAIN, mtime=0) + b"junk",
            "gzip: Error -3 while decompressing data: incorrect header check",
        ),
        ("deflate", zlib.compress(PLAIN), "EOF"),
        ("deflate", raw_deflate(PLAIN)[:-3], "unexpected EOF"),
    ],
)
def test_damaged_and_unknown_encodings_are_refused(encoding: str, body: bytes, text: str) -> None:
    with pytest.raises(PushError) as caught:
        unwrap(body, encoding, PushLimits())
    assert (caught.value.status, caught.value.text) == (400, text)


def test_damaged_zstd_is_refused() -> None:
    with pytest.raises(PushError, match=r"^zstd: "):
        unwrap(b"junk" + zstd(PLAIN), "zstd", PushLimits())


def test_a_body_too_large_as_sent_is_refused_in_both_forms() -> None:
    for content_type in ("application/json", "text/plain"):
        with pytest.raises(PushError) as caught:
            receive(b"x" * 2001, content_type, "", PushLimits(max_recv_msg_size=2000), NOW_NS)
        text = "request body too large: message size too large than max (2001 vs 2000)"
        assert (caught.value.status, caught.value.text) == (413, text)


@encodings
def test_a_body_too_large_inflated_is_refused(encoding: str) -> None:
    limits = PushLimits(max_decompressed_size=5000)
    encode = ENCODERS[encoding]
    assert len(unwrap(encode(bytes(5000)), encoding, limits)) == 5000
    with pytest.raises(PushError, match=r"^decompressed message size too large than max \(.* vs 5000\)$") as caught:
        unwrap(encode(bytes(5_000_000)), encoding, limits)
    assert caught.value.status == 400


def test_members_are_bounded_together() -> None:
    with pytest.raises(PushError, match="decompressed message size too large"):
        unwrap(gzip.compress(bytes(300)) * 20, "gzip", PushLimits(max_decompressed_size=5000))


def test_a_snappy_block_too_large_inflated_is_refused_by_its_claim() -> None:
    body = snappy(message(("{}", [Row(bytes(30_000))])))
    with pytest.raises(PushError, match=r"^decompressed message size too large than max \(30\d\d\d vs 5000\)$"):
        receive(body, "text/plain", "", PushLimits(max_decompressed_size=5000), NOW_NS)


def test_a_snappy_block_that_claims_more_than_it_can_hold_is_corrupt() -> None:
    with pytest.raises(PushError, match="snappy: corrupt input"):
        receive(
            b"\xff\xff\xff\xff\x07" + bytes(50), "text/plain", "", PushLimits(max_decompressed_size=1 << 31), NOW_NS
        )
