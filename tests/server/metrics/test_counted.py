"""What is counted where it happens, and what is looked up when somebody asks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.metrics.followed import follow_others
from tests.server.application import Api
from tests.server.metrics.told import metrics_of


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with Api(tmp_path) as made:
        yield made


def now() -> str:
    return str(time.time_ns())


def test_lines_are_counted_by_their_sizes(api: Api) -> None:
    api.push({"app": "a"}, *([now(), "x" * size, {"k": "value"}] for size in (0, 1, 8, 9, 600)))
    told = metrics_of(api)
    assert [told[f'loki_bytes_per_line_bucket{{le="{bound}"}}'] for bound in (1, 8, 64, 512, 4096)] == [2, 3, 4, 4, 5]
    assert (told["loki_bytes_per_line_sum"], told["loki_bytes_per_line_count"]) == (618, 5)


def test_lines_that_are_cut_are_counted(tmp_path: Path) -> None:
    with Api(tmp_path, "limits_config.max_line_size=10", "limits_config.max_line_size_truncate=true") as api:
        api.push({"app": "a"}, [now(), "x" * 10], [now(), "x" * 13], [now(), "y" * 17])
        told = metrics_of(api)
    assert told['loki_mutated_samples_total{reason="line_too_long",truncated="fake"}'] == 2
    assert told['loki_mutated_bytes_total{reason="line_too_long",truncated="fake"}'] == 10


def test_refused_lines_are_not_among_the_sizes(tmp_path: Path) -> None:
    with Api(tmp_path, "limits_config.max_line_size=10") as api:
        api.push({"app": "a"}, [now(), "x" * 20], [now(), "x" * 3])
        assert metrics_of(api)["loki_bytes_per_line_sum"] == 3


def test_delete_requests_are_counted(tmp_path: Path) -> None:
    period = "compactor.delete_request_cancel_period=0s"
    with Api(tmp_path, period, "limits_config.reject_old_samples=false", "storage.keep_interval=1h") as api:
        api.push({"app": "a"}, ["1000000000", "x"], ["2000000000", "y"])
        told = metrics_of(api)
        assert told["loki_compactor_pending_delete_requests_count"] == 0
        assert told["loki_compactor_oldest_pending_delete_request_age_seconds"] == 0
        assert api.post("/loki/api/v1/delete", params={"query": '{app="a"}', "start": "0", "end": "10"}).is_success
        told = metrics_of(api)
        assert told['loki_compactor_delete_requests_received_total{user="fake"}'] == 1
        assert told["loki_compactor_pending_delete_requests_count"] == 1
        assert told["loki_compactor_oldest_pending_delete_request_age_seconds"] > 0
        assert told["loki_compactor_deleted_lines"] == 0
        api.database.keep_now()
        told = metrics_of(api)
    assert told["loki_compactor_deleted_lines"] == 2
    assert told['loki_compactor_delete_requests_processed_total{user="fake"}'] == 1
    assert told["loki_compactor_pending_delete_requests_count"] == 0


def test_heads_wait_until_they_are_parts(api: Api) -> None:
    api.push({"app": "a"}, [now(), "x"])
    (tenant,) = api.database._tenants.values()
    assert metrics_of(api)["loki_ingester_flush_queue_length"] == 0
    tenant._freeze_head(0)
    assert metrics_of(api)["loki_ingester_flush_queue_length"] == 1
    assert api.post("/flush").status_code == 204
    assert metrics_of(api)["loki_ingester_flush_queue_length"] == 0


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        ([("get_object", None)], {"get": (1, 0)}),
        ([("put_object", None), ("upload_part", OSError()), ("create_multipart_upload", None)], {"upload": (3, 1)}),
        ([("list_objects_v2", OSError()), ("delete_object", None)], {"iter": (1, 1), "delete": (1, 0)}),
        ([("head_object", FileNotFoundError())], {"attributes": (1, 0)}),
    ],
)
def test_calls_to_the_bucket_have_the_names_that_dashboards_know(
    api: Api, calls: list[tuple[str, OSError | None]], told: dict[str, tuple[int, int]]
) -> None:
    services = api.app.state.services
    for name, error in calls:
        try:
            with api.database._stores.meter.operation(name):
                if error:
                    raise error
        except OSError:
            continue
    for _ in range(2):  # following twice counts nothing twice
        follow_others(services)
    found = metrics_of(api)
    for name, (count, failures) in told.items():
        labels = f'{{operation="{name}",bucket=""}}'
        assert found[f"loki_objstore_bucket_operations_total{labels}"] == count
        assert found[f"loki_objstore_bucket_operation_failures_total{labels}"] == failures
        assert found[f"loki_objstore_bucket_operation_duration_seconds_count{labels}"] == count
