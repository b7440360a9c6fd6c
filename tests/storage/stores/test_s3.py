"""The S3 store on a real server: the contract, and what only a bucket can get wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import google_crc32c
import pytest

from storage.errors import CorruptData
from storage.stores import S3Store
from storage.stores.pieces import Piece, Span
from storage.stores.s3_errors import BucketError
from storage.stores.s3_settings import S3Settings
from tests.buckets.seaweed import bucket_client
from tests.storage.stores.contract import StoreContract

_MIB = 1 << 20


@pytest.fixture
def store(bucket: S3Settings) -> S3Store:
    return S3Store(bucket)


def piece_of(data: bytes, *spans: tuple[int, int]) -> Piece:
    content = b"".join(data[start:stop] for start, stop in spans)
    return Piece(tuple(Span(*span) for span in spans), google_crc32c.value(content))


class TestS3Store(StoreContract):
    pass


def uploads(settings: S3Settings) -> int:
    client = bucket_client(settings)
    return len(client.list_multipart_uploads(Bucket=settings.bucket, Prefix=settings.prefix).get("Uploads", []))


@pytest.mark.parametrize("size", [0, 1, 5 * _MIB - 1, 5 * _MIB, 5 * _MIB + 1, 13 * _MIB])
def test_objects_of_any_size_stream_into_the_bucket(bucket: S3Settings, size: int) -> None:
    store = S3Store(replace(bucket, upload_part_bytes=5 * _MIB))
    data = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    with store.create("a/key") as sink:
        for start in range(0, size, _MIB + 7):
            sink.write(data[start : start + _MIB + 7])
    assert store.get("a/key") == data
    assert uploads(bucket) == 0


def fail_after(store: S3Store, size: int) -> None:
    with store.create("a/key") as sink:
        sink.write(b"x" * size)
        raise KeyError


def test_a_large_write_that_fails_leaves_no_upload_that_is_paid_for(bucket: S3Settings) -> None:
    store = S3Store(replace(bucket, upload_part_bytes=5 * _MIB))
    with pytest.raises(KeyError):
        fail_after(store, 6 * _MIB)
    assert uploads(bucket) == 0
    assert store.list() == []


def test_uploads_of_a_killed_process_are_aborted_at_the_next_start_and_others_are_left(bucket: S3Settings) -> None:
    client = bucket_client(bucket)
    for key in (f"{bucket.prefix}parts/a/key", f"{bucket.prefix}else/key"):
        client.create_multipart_upload(Bucket=bucket.bucket, Key=key)
    store = S3Store(bucket)
    assert store.remove_temporary() == 1
    assert store.remove_temporary() == 0
    assert uploads(bucket) == 1


def test_lists_longer_than_a_page_are_whole(bucket: S3Settings) -> None:
    store = S3Store(bucket)
    keys = [f"t/{number:04d}" for number in range(1005)]
    client = bucket_client(bucket)
    for key in keys:
        client.put_object(Bucket=bucket.bucket, Key=f"{bucket.prefix}parts/{key}", Body=b"")
    store.meter.usage.requests = 0
    assert store.list() == keys
    assert store.meter.usage.requests == 2


def test_quarantine_keeps_the_bytes_in_the_bucket(bucket: S3Settings) -> None:
    store = S3Store(bucket)
    for content in (b"first", b"second"):
        store.put("fake/day/key.index", content)
        place = store.quarantine("fake/day/key.index")
    assert place == f"s3://{bucket.bucket}/{bucket.prefix}quarantine/parts/fake/day/key.index.1"
    key = place.removeprefix(f"s3://{bucket.bucket}/")
    assert bucket_client(bucket).get_object(Bucket=bucket.bucket, Key=key)["Body"].read() == b"second"


def test_keys_with_odd_characters_are_kept_apart(bucket: S3Settings) -> None:
    store = S3Store(bucket)
    keys = sorted(["a b/+&=", "%2E%2E/x", "!*'()/y", "~/z", "%41", "A"])
    for key in keys:
        store.put(key, key.encode())
    assert store.list() == keys
    assert [store.get(key) for key in keys] == [key.encode() for key in keys]


class TestPieces:
    """``open`` with pieces: requests are counted, because they are paid for."""

    DATA = bytes(range(256)) * 8192  # 2 MiB
    FRAME = piece_of(DATA, (0, 1000), (2 * _MIB - 1000, 2 * _MIB))
    CHUNKS = (piece_of(DATA, (1000, _MIB)), piece_of(DATA, (_MIB, 2 * _MIB - 1000)))

    @pytest.fixture
    def store(self, bucket: S3Settings) -> S3Store:
        store = S3Store(bucket)
        store.put("key", self.DATA)
        store.meter.usage.requests = 0
        return store

    def test_each_piece_is_fetched_once_however_it_is_read(self, store: S3Store) -> None:
        for _ in range(3):
            with store.open("key", [self.FRAME, *self.CHUNKS]) as file:
                assert file.size() == len(self.DATA)
                for start in range(0, len(self.DATA), 50_000):
                    assert file.read_at(50_000, start) == self.DATA[start : start + 50_000]
        assert store.meter.usage.requests == 4  # the frame is in two places, far apart

    def test_what_lies_close_together_is_one_request(self, store: S3Store) -> None:
        small = self.DATA[:100_000]
        store.put("small", small)
        frame, chunk = piece_of(small, (0, 10), (90_000, 100_000)), piece_of(small, (10, 90_000))
        store.meter.usage.requests = 0
        with store.open("small", [frame, chunk]) as file:
            assert file.read_at(100_000, 0) == small
        assert store.meter.usage.requests == 1

    def test_a_held_piece_is_read_without_a_request(self, store: S3Store) -> None:
        with store.open("key", [self.FRAME, *self.CHUNKS]) as file, store.holding("key", self.CHUNKS[1]):
            before = store.meter.usage.requests
            assert file.read_at(10, _MIB) == self.DATA[_MIB : _MIB + 10]
            assert store.meter.usage.requests == before

    def test_a_piece_with_a_wrong_checksum_is_damage_and_never_answered(self, store: S3Store) -> None:
        wrong = Piece(self.CHUNKS[0].spans, self.CHUNKS[0].crc32c ^ 1)
        with pytest.raises(CorruptData, match="checksum mismatch in what the bucket answered"):
            store.open("key", [wrong])

    @pytest.mark.parametrize("span", [(2 * _MIB - 5, 2 * _MIB + 5), (3 * _MIB, 3 * _MIB + 5)])
    def test_an_object_that_ends_too_early_is_told_from_a_bucket_that_is_away(
        self, store: S3Store, span: tuple[int, int]
    ) -> None:
        with pytest.raises(OSError, match=r"wanted|shorter") as caught:
            store.open("key", [Piece((Span(*span),), 0)])
        assert caught.value.errno is None

    def test_an_object_that_is_missing_is_not_found(self, store: S3Store) -> None:
        with pytest.raises(FileNotFoundError):
            store.open("absent", [self.FRAME])


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"secret_access_key": "wrong"}, r"SignatureDoesNotMatch.*check storage_config\.aws\.access_key_id"),
        ({"access_key_id": "nobody"}, r"InvalidAccessKeyId.*check storage_config\.aws\.access_key_id"),
        ({"bucket": "there-is-no-such-bucket"}, r"NoSuchBucket.*create the bucket"),
        ({"endpoint": "http://127.0.0.1:9"}, r"EndpointConnectionError.*is the bucket up\?"),
    ],
)
def test_what_an_operator_got_wrong_is_said_with_its_remedy(
    bucket: S3Settings, change: dict[str, Any], cause: str
) -> None:
    wrong = replace(bucket, **change)
    store = S3Store(wrong)
    for request in (store.list, lambda: store.get("key"), lambda: store.open("key", [Piece((Span(0, 1),), 0)])):
        with pytest.raises(BucketError, match=cause) as caught:
            request()
        assert wrong.bucket in str(caught.value)
        assert str(wrong.endpoint) in str(caught.value)
        assert "testsecret" not in str(caught.value)
        assert caught.value.errno is not None
