"""Fixtures for whoever tests with a bucket; a conftest imports them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage.stores.s3_settings import S3Settings
from tests.buckets.proxy import FaultyProxy
from tests.buckets.seaweed import Seaweed

__all__ = ["bucket", "proxied_bucket", "proxy", "seaweed"]


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    """One server for all tests of a run."""
    server = Seaweed(Path(tmp_path_factory.mktemp("seaweed")))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def bucket(seaweed: Seaweed) -> S3Settings:
    """A bucket in which nothing is under the prefix."""
    return seaweed.settings(prefix=f"{uuid.uuid4().hex}/")


@pytest.fixture
def proxy(seaweed: Seaweed) -> Iterator[FaultyProxy]:
    """A proxy before the server that is honest until it is told otherwise."""
    faulty = FaultyProxy(seaweed.endpoint)
    try:
        yield faulty
    finally:
        faulty.stop()


@pytest.fixture
def proxied_bucket(bucket: S3Settings, proxy: FaultyProxy) -> S3Settings:
    """The same bucket, seen through the proxy."""
    return replace(bucket, endpoint=proxy.endpoint, read_timeout_s=0.5, connect_timeout_s=0.5)
