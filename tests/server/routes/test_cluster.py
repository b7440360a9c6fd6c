"""What a cluster's operators ask, answered by a server that is alone: rings, members, stopping from afar."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.openapi.catalogue import RINGS
from tests.server.application import Api


@pytest.mark.parametrize("path", RINGS)
def test_a_ring_has_one_member(api: Api, path: str) -> None:
    answer = api.get(path, headers={"Accept": "application/json"}).json()
    (member,) = answer["shards"]
    assert (member["state"], member["tokens"], member["read_only"]) == ("ACTIVE", [], False)
    assert member["registered_timestamp"] <= member["timestamp"] == answer["now"]
    page = api.get(path)
    assert page.headers["content-type"].startswith("text/html")
    assert member["id"] in page.text
    assert api.post(path).status_code == 405


def test_there_is_no_member_list(api: Api) -> None:
    assert api.get("/memberlist").text == "This instance doesn't use memberlist."


@pytest.mark.parametrize(
    ("parameters", "parts", "stops"),
    [
        ({}, 1, True),
        ({"flush": "false"}, 0, True),
        ({"terminate": "false"}, 1, False),
        ({"flush": "false", "terminate": "false", "delete_ring_tokens": "true"}, 0, False),
    ],
)
def test_shutting_down_flushes_and_stops(api: Api, parameters: dict[str, str], parts: int, stops: bool) -> None:
    stopped: list[bool] = []
    api.app.state.services.stop = lambda: stopped.append(True)
    api.push({"app": "web"}, ["1", "x"])
    assert api.post("/ingester/shutdown", params=parameters).status_code == 204
    assert f"skaldlog_parts {parts}\n" in api.get("/metrics").text
    assert stopped == [True] * stops


def test_a_get_does_not_stop_a_server(api: Api) -> None:
    assert api.get("/ingester/shutdown").status_code == 405


def test_a_server_that_stops_already_says_so(api: Api) -> None:
    api.app.state.services.is_stopping = True
    answer = api.post("/ingester/shutdown")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    api.app.state.services.is_stopping = False


@pytest.mark.parametrize("is_prepared", [True, False])
def test_a_stop_that_was_prepared_flushes(tmp_path: Path, is_prepared: bool) -> None:
    path = "/ingester/prepare_shutdown"
    with Api(tmp_path, "limits_config.reject_old_samples=false") as api:
        assert api.get(path).text == "unset"
        assert api.post(path).status_code == 204
        assert api.get(path).text == "set"
        if not is_prepared:
            assert api.request("DELETE", path).status_code == 204
            assert api.get(path).text == "unset"
        api.push({"app": "web"}, ["1", "x"])
    assert bool(list((tmp_path / "parts").rglob("*.arrow"))) == is_prepared


def test_settings_that_differ_from_their_defaults(tmp_path: Path) -> None:
    with Api(tmp_path, "limits_config.max_query_series=7", "server.log_level=debug") as api:
        text = api.get("/config", params={"mode": "diff"}).text
    assert text == "server:\n  log_level: debug\nlimits_config:\n  max_query_series: 7\n"
