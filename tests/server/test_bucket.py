"""A server whose parts live in a bucket: what clients and operators see of it."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

from server.config import load_settings
from storage.part import open_stores
from storage.stores import BucketError, S3Settings
from tests.buckets.proxy import FaultyProxy
from tests.server.application import Api

T0 = 1_795_168_800_000_000_000
ASKED = {"query": '{app="web"}', "start": str(T0 - 1), "end": str(T0 + 10**9)}


def in_bucket(bucket: S3Settings) -> list[str]:
    return [
        "storage.hot=s3",
        f"storage.bucket_prefix={bucket.prefix}",
        f"storage_config.aws.bucketnames={bucket.bucket}",
        f"storage_config.aws.endpoint={bucket.endpoint}",
        f"storage_config.aws.access_key_id={bucket.access_key_id}",
        f"storage_config.aws.secret_access_key={bucket.secret_access_key}",
        "storage_config.aws.s3forcepathstyle=true",
        "storage_config.aws.backoff_config.max_period=20ms",
        "storage_config.aws.backoff_config.min_period=10ms",
    ]


def test_a_query_tells_what_it_asked_of_the_bucket_and_the_metrics_what_all_did(
    tmp_path: Path, bucket: S3Settings
) -> None:
    with Api(tmp_path, *in_bucket(bucket)) as api:
        assert api.push({"app": "web"}, [str(T0), "a line"]).status_code == 204
        assert api.post("/flush").status_code == 204
        first, again = (api.get("/loki/api/v1/query_range", params=ASKED).json()["data"] for _ in range(2))
        assert first["result"] == again["result"]
        assert len(first["result"]) == 1
        assert first["stats"]["bucket"]["requests"] == 1
        assert first["stats"]["bucket"]["bytesReceived"] > 0
        assert "bucket" not in again["stats"]
        metrics = api.get("/metrics").text
        assert "skaldlog_bucket_requests_total " in metrics
        assert "skaldlog_cache_misses_total 1" in metrics


def test_a_query_whose_rows_are_in_a_bucket_that_is_away_is_to_be_asked_again(
    tmp_path: Path, proxied_bucket: S3Settings, proxy: FaultyProxy, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    with Api(tmp_path, *in_bucket(proxied_bucket)) as api:
        assert api.push({"app": "web"}, [str(T0), "a line"]).status_code == 204
        assert api.post("/flush").status_code == 204
        proxy.is_up = False
        answer = api.get("/loki/api/v1/query_range", params=ASKED)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert "the bucket is away" in answer.text
        assert api.push({"app": "web"}, [str(T0 + 1), "another"]).status_code == 204
        assert api.get("/ready").status_code == 200
        proxy.is_up = True
        (stream,) = api.get("/loki/api/v1/query_range", params=ASKED).json()["data"]["result"]
        assert [line for _, line in stream["values"]] == ["another", "a line"]


def test_the_configuration_that_is_shown_has_no_secret(tmp_path: Path, bucket: S3Settings) -> None:
    with Api(tmp_path, *in_bucket(bucket)) as api:
        shown = api.get("/config").text
    assert bucket.bucket in shown
    assert bucket.secret_access_key not in shown


@pytest.mark.parametrize(
    ("assignments", "cause"),
    [
        (["storage.hot=s3"], r"storage\.hot is s3, but storage_config\.aws\.bucketnames names no bucket"),
        (["storage_config.aws.s3=logs"], r"storage_config\.aws\.s3: write it as s3://"),
        (["storage_config.aws.bucketnames=b", "storage_config.aws.endpoint=no host"], "cannot be used"),
    ],
)
def test_settings_that_name_no_usable_bucket_are_refused(tmp_path: Path, assignments: list[str], cause: str) -> None:
    with pytest.raises(BucketError, match=cause):
        open_stores(tmp_path, load_settings(assignments=assignments).storage)


def test_a_server_without_boto3_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.config", None)
    settings = load_settings(assignments=["storage_config.aws.bucketnames=b"]).storage
    with pytest.raises(BucketError, match=r"pip install 'skaldlog\[s3\]'"):
        open_stores(tmp_path, settings)
    assert open_stores(tmp_path, load_settings().storage).cold is None
