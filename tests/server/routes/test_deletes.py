"""The delete API: refusals word for word, lists, cancelling, and what queries see meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.server.application import Api

PATH = "/loki/api/v1/delete"
T0_S = 1_795_000_000
T0 = T0_S * 10**9
WEB = '{app="web"}'
ASK = {"query": WEB, "start": str(T0_S), "end": str(T0_S + 100)}


def lines(api: Api, query: str = WEB, **headers: str) -> list[str]:
    window = {"start": str(T0), "end": str(T0 + 10**12), "limit": "1000", "direction": "forward"}
    answer = api.get("/loki/api/v1/query_range", params={"query": query, **window}, headers=headers)
    assert answer.status_code == 200
    return sorted(value[1] for stream in answer.json()["data"]["result"] for value in stream["values"])


@pytest.fixture
def filled(api: Api) -> Api:
    values = [
        [str(T0 + number * 10**9), f"line {number} level={'error' if number % 2 else 'info'}"] for number in range(6)
    ]
    assert api.push({"app": "web"}, *values).status_code == 204
    return api


def test_rows_are_gone_from_every_question_at_once(filled: Api) -> None:
    answer = filled.post(PATH, params={**ASK, "query": WEB + ' |= "error"', "end": str(T0_S + 3)})
    assert (answer.status_code, answer.content) == (204, b"")
    assert len(answer.headers["x-delete-request-id"]) == 8
    assert [line.split()[1] for line in lines(filled)] == ["0", "2", "4", "5"]
    counted = filled.get(
        "/loki/api/v1/query", params={"query": f"count_over_time({WEB}[1h])", "time": str(T0_S + 100)}
    ).json()
    assert sum(int(series["value"][1]) for series in counted["data"]["result"]) == 4


def test_label_filters_and_parsers_can_say_what_goes(filled: Api) -> None:
    assert filled.request("PUT", PATH, params={**ASK, "query": WEB + ' | logfmt | level="info"'}).status_code == 204
    assert [line.split()[1] for line in lines(filled)] == ["1", "3", "5"]


def test_the_list_tells_what_was_asked_and_cancelling_brings_the_rows_back(filled: Api) -> None:
    request_id = filled.post(PATH, params=ASK).headers["x-delete-request-id"]
    assert lines(filled) == []
    (listed,) = filled.get(PATH).json()
    assert listed.pop("created_at") > T0_S
    assert listed == {
        "request_id": request_id,
        "start_time": T0_S,
        "end_time": T0_S + 100,
        "query": WEB,
        "status": "received",
        "user_id": "",
        "erased_lines": 0,
    }
    assert filled.request("DELETE", PATH, params={"request_id": request_id}).status_code == 204
    assert filled.get(PATH).content == b"[]"
    assert len(lines(filled)) == 6


@pytest.mark.parametrize(
    ("window", "count"),
    [({}, 1), ({"start": T0_S + 100, "end": T0_S + 200}, 1), ({"start": T0_S + 101}, 0), ({"end": T0_S - 1}, 0)],
)
def test_the_list_can_be_narrowed_to_a_window(filled: Api, window: dict[str, Any], count: int) -> None:
    filled.post(PATH, params=ASK)
    assert len(filled.get(PATH, params=window).json()) == count


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"query": ""}, "query not set"),
        ({"query": "{"}, "invalid query expression"),
        ({"query": 'rate({app="web"}[1m])'}, "invalid query expression"),
        ({"query": WEB + " | line_format `x`"}, "invalid query expression"),
        ({"start": ""}, "start time not set"),
        ({"start": str(T0)}, "invalid start time: require unix seconds or RFC3339 format"),
        ({"start": f"{T0_S}.5"}, "invalid start time: require unix seconds or RFC3339 format"),
        ({"start": "yesterday"}, "invalid start time: require unix seconds or RFC3339 format"),
        ({"end": str(T0)}, "invalid end time: require unix seconds or RFC3339 format"),
        ({"end": "9999999999"}, "deletes in the future are not allowed"),
        ({"end": str(T0_S)}, "start time can't be greater than or equal to end time"),
        ({"end": str(T0_S - 1)}, "start time can't be greater than or equal to end time"),
        ({"query": WEB + ' |= "x"', "max_interval": "1d"}, "invalid max_interval: valid time units are 's', 'm', 'h'"),
        ({"query": WEB + ' |= "x"', "max_interval": "25h"}, "max_interval can't be greater than 24h0m0s"),
        (
            {"query": WEB + ' |= "x"', "max_interval": "2m"},
            "max_interval can't be greater than the interval to be deleted (1m40s)",
        ),
    ],
)
def test_refusals(filled: Api, changes: dict[str, str], text: str) -> None:
    answer = filled.post(PATH, params={**ASK, **changes})
    assert (answer.status_code, answer.text) == (400, text + "\n")
    assert len(lines(filled)) == 6


@pytest.mark.parametrize("start", ["2026-11-18T11:06:40Z", "2026-11-18T12:06:40.000+01:00"])
def test_dates_are_taken(filled: Api, start: str) -> None:
    assert filled.post(PATH, params={**ASK, "start": start}).status_code == 204


def test_a_form_deletes_nothing(filled: Api) -> None:
    assert filled.post(PATH, data=ASK).text == "query not set\n"
    assert len(lines(filled)) == 6


def test_cancelling_needs_the_id_of_a_request_that_can_be_cancelled(filled: Api) -> None:
    filled.post(PATH, params=ASK)
    for parameters in ({}, {"request_id": "ffffffff"}):
        answer = filled.request("DELETE", PATH, params=parameters)
        assert (answer.status_code, answer.text) == (404, "could not find delete request with given id\n")
    assert lines(filled) == []


def test_after_the_window_only_force_cancels(tmp_path: Path) -> None:
    with Api(tmp_path, "limits_config.reject_old_samples=false", "compactor.delete_request_cancel_period=0s") as api:
        request_id = api.post(PATH, params=ASK).headers["x-delete-request-id"]
        answer = api.request("DELETE", PATH, params={"request_id": request_id})
        assert answer.status_code == 400
        assert answer.text.startswith("Cancellation of partially completed delete request or delete request past")
        forced = api.request("DELETE", PATH, params={"request_id": request_id, "force": "true"})
        assert forced.status_code == 204


def test_a_tenant_that_may_not_delete_is_refused_and_one_that_may_is_not(tmp_path: Path) -> None:
    overrides = 'overrides={"a": {"deletion_mode": "disabled"}}'
    with Api(tmp_path, "auth_enabled=true", overrides) as api:
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = api.request(method, PATH, params=ASK, headers={"X-Scope-OrgID": "a"})
            assert (answer.status_code, answer.text) == (403, "deletion is not available for this tenant\n")
        assert api.post(PATH, params=ASK, headers={"X-Scope-OrgID": "b"}).status_code == 204
        assert api.post(PATH, params=ASK).status_code == 401
        assert len(api.get(PATH, headers={"X-Scope-OrgID": "b"}).json()) == 1
        assert api.get(PATH, headers={"X-Scope-OrgID": "c"}).json() == []
