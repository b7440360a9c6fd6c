"""The recorded answers of a real Loki, asked again wherever rows may be: in memory, small parts, merged, in a bucket.

Wherever they are all cases pass.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from storage.stores.s3_settings import S3Settings
from tests.end_to_end.conftest import ServerMaker
from tests.end_to_end.server_process import ServerProcess
from tests.end_to_end.test_conformance import CASES, assert_all_pass, run

ROUNDS = 4  # of pushes, a flush behind each
CHUNK = "4KB"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CASES.is_dir(), reason="no conformance cases beside this repository"),
]

Body = Mapping[str, Any]


def datasets() -> Mapping[str, Callable[[], Iterable[Body]]]:
    """What makes the push bodies of each tenant."""
    spec = importlib.util.spec_from_file_location("conformance_datasets", CASES / "datasets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Mapping[str, Callable[[], Iterable[Body]]] = module.DATASETS
    return found


def piece_of(body: Body, number: int) -> list[dict[str, Any]]:
    """The streams of a body with the rows that are pushed in one round, in their order."""
    pieces = []
    for stream in body["streams"]:
        rows = stream["values"]
        start, stop = (len(rows) * edge // ROUNDS for edge in (number, number + 1))
        pieces.append({**stream, "values": rows[start:stop]})
    return [piece for piece in pieces if piece["values"]]


def push(server: ServerProcess, is_flushed: bool) -> None:
    bodies = {tenant: list(make()) for tenant, make in datasets().items()}
    for number in range(ROUNDS):
        for tenant, own in bodies.items():
            streams = [stream for body in own for stream in piece_of(body, number)]
            assert server.client(tenant).push_json(streams).status == 204
        if is_flushed:
            assert server.client("trt").post("/flush").status == 204


def order(server: ServerProcess, path: str) -> None:
    """Have something done to the parts of each tenant."""
    for tenant in datasets():
        assert server.client(tenant).post(f"/skaldlog/api/v1/{path}").status == 204


def parts_of(server: ServerProcess) -> list[tuple[int, str, bool]]:
    """Of each tenant how many parts there are, where they are, and whether all are merged."""
    found = []
    for tenant in datasets():
        parts = server.client(tenant).get("/skaldlog/api/v1/parts").json["data"]
        (store,) = {part["store"] for part in parts} or {"none"}
        found.append((len(parts), store, all(part["is_merged"] for part in parts)))
    return found


def settings(**storage: Any) -> dict[str, Any]:
    """Only what a test asks for is flushed, merged or moved."""
    kept = {"head_age": "1h", "merges": False, "keep_interval": "1h", "chunk_size": CHUNK, **storage}
    return {"auth_enabled": True, "limits_config": {"reject_old_samples": False}, "storage": kept}


def with_bucket(bucket: S3Settings, **storage: Any) -> dict[str, Any]:
    aws = {
        "bucketnames": bucket.bucket,
        "endpoint": bucket.endpoint,
        "access_key_id": bucket.access_key_id,
        "secret_access_key": bucket.secret_access_key,
        "s3forcepathstyle": True,
    }
    return settings(**storage, bucket_prefix=bucket.prefix) | {"storage_config": {"aws": aws}}


def assert_answers(server: ServerProcess) -> None:
    assert_all_pass(run("run.py", server.url, "--no-push"))


def test_in_memory(make_server: ServerMaker) -> None:
    server = make_server(settings())
    push(server, is_flushed=False)
    assert parts_of(server) == [(0, "none", True)] * 3
    assert_answers(server)


def test_on_the_disk(make_server: ServerMaker, bucket: S3Settings) -> None:
    server = make_server(with_bucket(bucket, cold_after="1s", dense_share=0.5))
    push(server, is_flushed=True)
    assert parts_of(server) == [(ROUNDS, "disk", False)] * 3
    assert_answers(server)
    order(server, "merge")
    assert parts_of(server) == [(1, "disk", True)] * 3
    assert has_dense_columns(server.data / "parts" / "trt")
    assert_answers(server)
    order(server, "retention")
    assert parts_of(server) == [(1, "bucket", True)] * 3
    assert_answers(server)


def test_in_a_bucket(make_server: ServerMaker, bucket: S3Settings) -> None:
    server = make_server(with_bucket(bucket, hot="s3"))
    push(server, is_flushed=True)
    assert parts_of(server) == [(ROUNDS, "bucket", False)] * 3
    assert_answers(server)
    order(server, "merge")
    assert parts_of(server) == [(1, "bucket", True)] * 3
    assert_answers(server)


def has_dense_columns(folder: Path) -> bool:
    (path,) = folder.rglob("*.arrow")
    with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as part:
        return "dense" in part.schema.names
