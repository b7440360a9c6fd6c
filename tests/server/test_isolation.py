"""Two tenants, and two callers of one tenant, cannot see each other: every route of the application, in every way.

The word that must not be seen is in the other's names and values of labels, metadata, lines, keys of lines, and in the
requests to delete. Each row is first asked by somebody who may see it: a row that shows nothing to anybody fails.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from server.auth import Need
from server.openapi.catalogue import RINGS
from server.routes import ROUTES
from tests.server.auth.application import GuardedApi, bearer, make_token

SECRET = "zebra"
NOW_NS = time.time_ns()
WINDOW = {"start": str(NOW_NS - 3600 * 10**9), "end": str(NOW_NS + 60 * 10**9)}
EVERY, LOGS = '{team=~".+"}', 'count_over_time({team=~".+"}[30m])'


@dataclass(frozen=True)
class Row:
    """One way to ask. ``shows``: words that a reader of one's own rows gets; none where the route tells no rows."""

    method: str
    path: str
    parameters: dict[str, str] = field(default_factory=dict)
    shows: tuple[str, ...] = ("red",)
    real_path: str = ""

    def __str__(self) -> str:
        words = [value for name, value in self.parameters.items() if name not in ("start", "end", "time")]
        return " ".join([self.method, self.path, *words])


def asked(path: str, shows: tuple[str, ...] = ("red",), real_path: str = "", **parameters: str) -> list[Row]:
    return [Row(method, path, {**WINDOW, **parameters}, shows, real_path) for method in ("GET", "POST")]


API, OLD, OWN = "/loki/api/v1", "/api/prom", "/skaldlog/api/v1"
BINARY = f"sum by (team) ({LOGS}) + on (team) group_left sum by (team) ({LOGS})"
READING = [
    *asked(f"{API}/query_range", query=EVERY),
    *asked(f"{API}/query_range", query=EVERY + " | logfmt"),
    *asked(f"{API}/query_range", query=f"sum by (team) ({LOGS})", step="60"),
    *asked(f"{API}/query_range", query=BINARY, step="60"),
    *asked(f"{API}/query", query=LOGS, time=str(NOW_NS + 10**9)),
    *asked(f"{API}/query", query=f"topk(5, {LOGS}) or {LOGS}", time=str(NOW_NS + 10**9)),
    *asked(f"{API}/labels", ("team",)),
    *asked(f"{API}/labels", ("team",), query=EVERY),
    *asked(f"{API}/label", ("team",)),
    *asked(f"{API}/label/{{name}}/values", real_path=f"{API}/label/team/values"),
    *asked(f"{API}/label/{{name}}/values", real_path=f"{API}/label/team/values", query=EVERY),
    *asked(f"{API}/series"),
    Row("GET", f"{API}/series", {**WINDOW, "match[]": EVERY}),
    *asked(f"{API}/index/stats", ('"streams":1', '"entries":2'), query=EVERY),
    *asked(f"{API}/index/shards", ('"streams":1', '"entries":2'), query=EVERY, targetBytesPerShard="1000000"),
    *asked(f"{API}/index/volume", query=EVERY),
    *asked(f"{API}/index/volume", query="{}", aggregateBy="labels", shows=("team",)),
    *asked(f"{API}/index/volume_range", query=EVERY, step="60"),
    *asked(f"{API}/detected_labels", ("team",)),
    *asked(f"{API}/detected_labels", ("team",), query=EVERY),
    *asked(f"{API}/detected_fields", ("colour",), query=EVERY),
    *asked(f"{API}/detected_field/{{name}}/values", real_path=f"{API}/detected_field/colour/values", query=EVERY),
    *asked(f"{API}/patterns", query=EVERY),
    *asked(f"{OWN}/explain", (), query=EVERY),
    *asked(f"{OLD}/query", query=EVERY),
    *asked(f"{OLD}/label", ("team",)),
    *asked(f"{OLD}/label/{{name}}/values", real_path=f"{OLD}/label/team/values"),
    *asked(f"{OLD}/series"),
    Row("GET", f"{API}/delete"),
]
TAILS = [f"{API}/tail", f"{OLD}/tail"]  # as WebSockets, which the next tests ask otherwise
# Reading routes that tell no rows: what they say is the same for every caller.
SILENT = [
    *(row for path in TAILS for row in asked(path, (), query=EVERY)),
    *asked(f"{OLD}/tail", (), query=EVERY),
    *asked(f"{API}/format_query", (), query=EVERY),
    Row("GET", f"{API}/cache/generation_numbers", {}, ()),
    Row("GET", f"{API}/drilldown-limits", {}, ()),
    Row("GET", "/config/tenant/v1/limits", {}, ()),
    Row("GET", f"{API}/status/buildinfo", {}, ()),
    Row("GET", "/ready", {}, ()),
    Row("GET", "/docs", {}, ()),
    Row("GET", "/openapi.json", {}, ()),
]
CHANGING = [
    Row("POST", f"{API}/push", {}, ()),
    Row("POST", "/otlp/v1/logs", {}, ()),
    Row("POST", f"{OLD}/push", {}, ()),
    Row("POST", f"{API}/delete", {"query": EVERY, "start": "1"}, ()),
    Row("PUT", f"{API}/delete", {"query": EVERY, "start": "1"}, ()),
    Row("DELETE", f"{API}/delete", {"request_id": "00000000"}, ()),
]
OPERATING = [
    Row("GET", f"{OWN}/parts", {}, ("red",)),
    Row("POST", f"{OWN}/merge", {}, ()),
    Row("GET", f"{OWN}/retention", {}, ()),
    Row("POST", f"{OWN}/retention", {}, ()),
    Row("GET", "/metrics", {}, ()),
    Row("GET", "/services", {}, ()),
    Row("GET", "/config", {}, ()),
    Row("GET", "/flush", {}, ()),
    Row("POST", "/flush", {}, ()),
    Row("POST", "/ingester/shutdown", {"terminate": "false"}, ()),
    *(Row(method, "/ingester/prepare_shutdown", {}, ()) for method in ("GET", "POST", "DELETE")),
    *(Row("GET", path, {}, ()) for path in RINGS),
    Row("GET", "/memberlist", {}, ()),
    Row("GET", "/log_level", {}, ()),
    Row("POST", "/log_level", {"log_level": "info"}, ()),
]
TABLE = [*READING, *SILENT, *CHANGING, *OPERATING]
OPEN = {Need.PROBE, Need.OPEN}
NEEDS = {(method, route.path): route.need for route in ROUTES for method in route.methods}


class World:
    """Tenant ``calm`` has rows of team red. Tenant ``wild`` has the same rows, and others that hold the secret."""

    def __init__(self, folder: Path) -> None:
        self.owner = make_token(folder, "owner", "*", "read,write,delete,admin")
        self.calm = make_token(folder, "calm", "calm", "read,write,delete,admin")
        self.narrow = make_token(folder, "narrow", "wild", "read,delete", '{team="red"}')
        self.reader = make_token(folder, "reader", "calm", "read")
        self.writer = make_token(folder, "writer", "calm", "write")
        self.both = make_token(folder, "both", "calm,wild,third", "read", '{team="red"}')
        self.api = GuardedApi(folder, "querier.multi_tenant_queries_enabled=true")

    def fill(self) -> None:
        for turn in range(2):
            for tenant, teams in (("calm", ["red"]), ("wild", ["red", SECRET])):
                for team in teams:
                    self._push(tenant, team, turn)
            if turn == 0:
                assert self.ask(Row("POST", "/flush"), self.owner, "wild").status_code == 204
        for team in ("red", SECRET):
            row = Row("POST", f"{API}/delete", {"query": f'{{team="{team}"}} |= "nothing of {team}"', "start": "1"})
            assert self.ask(row, self.owner, "wild").status_code == 204
        row = Row("POST", f"{API}/delete", {"query": '{team="red"} |= "nothing"', "start": "1"})
        assert self.ask(row, self.narrow, "wild").status_code == 204
        assert self.ask(row, self.owner, "calm").status_code == 204

    def _push(self, tenant: str, team: str, turn: int) -> None:
        labels = {"team": team} if team == "red" else {"team": team, f"{team}_label": team}
        line = f"colour={team} {team}_key={team} step of {team} number {turn}"
        value = [str(NOW_NS - turn), line, {"trace": f"{team}-{turn}", f"{team}_metadata": team}]
        assert self.api.push(labels, value, headers=bearer(self.owner, tenant)).status_code == 204

    def tail(self, path: str, token: str | None, tenant: str, query: str = EVERY) -> tuple[int, str]:
        """The status of the answer to the request for a WebSocket, 101 if it is one, and its first message."""
        headers = bearer(token, tenant) if token else {"X-Scope-OrgID": tenant}
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": urlencode({"query": query, "start": WINDOW["start"]}).encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "extensions": {"websocket.http.response": {}},
        }
        return self.api._run(_first_message(self.api.app, scope))  # type: ignore[no-any-return]

    def ask(self, row: Row, token: str | None, tenant: str | None) -> Any:
        headers = bearer(token, tenant) if token else {"X-Scope-OrgID": tenant or ""}
        return self.api.request(row.method, row.real_path or row.path, params=row.parameters, headers=headers)


async def _first_message(app: Any, scope: dict[str, Any]) -> tuple[int, str]:
    status, text, has_enough = 101, "", asyncio.Event()
    asked = iter([{"type": "websocket.connect"}])

    async def receive() -> dict[str, Any]:
        for message in asked:
            return message
        await has_enough.wait()
        return {"type": "websocket.disconnect", "code": 1000}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status, text
        status = message.get("status", status)
        text += message.get("text", "") + message.get("body", b"").decode()
        if text:
            has_enough.set()

    await asyncio.wait_for(app(scope, receive, send), 20)
    return status, text


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("world"))
    with made.api:
        made.fill()
        yield made


def test_the_table_has_every_route() -> None:
    assert {(row.method, row.path) for row in TABLE} == set(NEEDS)


@pytest.mark.parametrize("row", READING, ids=str)
def test_who_may_see_it_sees_it(world: World, row: Row) -> None:
    answer = world.ask(row, world.owner, "wild")
    assert answer.status_code == 200, answer.text
    counted = {f"{API}/index/stats": '"entries":4', f"{API}/index/shards": '"entries":4', f"{OWN}/explain": '"rows":4'}
    assert counted.get(row.path, SECRET) in answer.text


@pytest.mark.parametrize("row", READING, ids=str)
def test_another_tenant_does_not(world: World, row: Row) -> None:
    answer = world.ask(row, world.calm, "calm")
    assert answer.status_code == 200, answer.text
    assert all(word in answer.text for word in row.shows), answer.text
    assert SECRET not in answer.text


@pytest.mark.parametrize("row", READING, ids=str)
def test_a_caller_with_a_selector_sees_what_it_selects(world: World, row: Row) -> None:
    answer = world.ask(row, world.narrow, "wild")
    assert answer.status_code == 200, answer.text
    assert all(word in answer.text for word in row.shows), answer.text
    assert SECRET not in answer.text


@pytest.mark.parametrize("path", TAILS)
def test_tails_show_each_what_is_theirs(world: World, path: str) -> None:
    for token, tenant, is_owner in (
        (world.owner, "wild", True),
        (world.calm, "calm", False),
        (world.narrow, "wild", False),
    ):
        status, text = world.tail(path, token, tenant)
        assert status == 101
        assert "colour=red" in text
        assert (SECRET in text) == is_owner


@pytest.mark.parametrize("path", TAILS)
@pytest.mark.parametrize(
    ("who", "tenant", "status"),
    [("calm", "wild", 403), ("calm", "calm|wild", 403), ("", "calm", 401), ("writer", "calm", 403)],
)
def test_tails_of_others_are_refused_before_they_begin(
    world: World, path: str, who: str, tenant: str, status: int
) -> None:
    given = world.tail(path, getattr(world, who) if who else None, tenant)
    assert given[0] == status
    assert SECRET not in given[1]


@pytest.mark.parametrize("row", [row for row in TABLE if "query" in row.parameters], ids=str)
@pytest.mark.parametrize("selector", [f'{{team="{SECRET}"}}', f'{{{SECRET}_label=~".+"}}', f'{{team=~"red|{SECRET}"}}'])
def test_asking_for_the_others_rows_finds_none(world: World, row: Row, selector: str) -> None:
    query = row.parameters["query"].replace(EVERY, selector)
    changed = Row(row.method, row.path, {**row.parameters, "query": query}, (), row.real_path)
    answer = world.ask(changed, world.narrow, "wild")
    is_echo = row.path.endswith(("format_query", "explain", "delete"))
    assert is_echo or SECRET not in answer.text.replace(f'"{query}"', "")
    assert "colour=" not in answer.text or "|" in selector


@pytest.mark.parametrize("row", READING, ids=str)
def test_questions_about_several_tenants_show_of_each_what_is_the_callers(world: World, row: Row) -> None:
    if row.path == f"{API}/delete":
        return
    for token, tenants, is_shown in (
        (world.owner, "calm|wild", True),
        (world.owner, "calm|third", False),
        (world.both, "calm|wild", False),
        (world.both, "calm|third", False),
    ):
        answer = world.ask(row, token, tenants)
        assert answer.status_code == 200, answer.text
        if "team" in row.shows or "red" in row.shows:
            assert (SECRET in answer.text) == is_shown, answer.text


@pytest.mark.parametrize("row", [row for row in READING if "query" in row.parameters], ids=str)
def test_the_label_of_the_tenant_leads_to_no_other_rows(world: World, row: Row) -> None:
    for selector in ('{__tenant_id__="wild"}', '{__tenant_id__=~".+", team=~".*"}', '{__tenant_id__!="calm"}'):
        query = row.parameters["query"].replace(EVERY, selector)
        changed = Row(row.method, row.path, {**row.parameters, "query": query}, (), row.real_path)
        assert SECRET not in world.ask(changed, world.both, "calm|wild").text
        assert SECRET not in world.ask(changed, world.calm, "calm").text


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_the_header_does_not_lead_to_another_tenant(world: World, row: Row) -> None:
    if NEEDS[row.method, row.path] in {*OPEN, Need.ANY}:
        return
    for tenant in ("wild", "calm|wild", "wild|calm", "wild:sub", "*", "ca", "CALM", "calm|"):
        answer = world.ask(row, world.calm, tenant)
        assert answer.status_code == 403, answer.text
        assert answer.text.startswith("token calm ")
        assert SECRET not in answer.text


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_whoever_is_not_known_gets_nothing(world: World, row: Row) -> None:
    if NEEDS[row.method, row.path] in OPEN:
        return
    for token in (None, "skald_", "skald_00000000_" + 64 * "0", "owner", world.calm[:-1] + "x"):
        answer = world.ask(row, token, "calm")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        assert SECRET not in answer.text


@pytest.mark.parametrize("row", [*CHANGING, *OPERATING], ids=str)
def test_a_reader_changes_and_operates_nothing(world: World, row: Row) -> None:
    answer = world.ask(row, world.reader, "calm")
    assert answer.status_code == 403
    assert answer.text.startswith("token reader ")


@pytest.mark.parametrize("row", OPERATING, ids=str)
def test_what_concerns_all_tenants_takes_who_may_see_them(world: World, row: Row) -> None:
    answer = world.ask(row, world.calm, "calm")
    is_theirs = NEEDS[row.method, row.path] == Need.ADMIN
    assert answer.status_code in ((200, 204) if is_theirs else (403,))
    assert SECRET not in answer.text


def test_a_delete_of_a_caller_with_a_selector_hides_nothing_else(world: World) -> None:
    row = Row("POST", f"{API}/delete", {"query": '{team=~".+"} |= "number 1"', "start": str(NOW_NS // 10**9 - 10)})
    assert world.ask(row, world.narrow, "wild").status_code == 204
    text = world.ask(READING[0], world.owner, "wild").text
    assert f"step of {SECRET} number 1" in text
    assert "step of red number 1" not in text
    listed = world.ask(Row("GET", f"{API}/delete"), world.narrow, "wild").json()
    (mine,) = [each for each in listed if "number 1" in each["query"]]
    assert 'team="red"' in mine["query"]
    cancelled = Row("DELETE", f"{API}/delete", {"request_id": mine["request_id"]})
    assert world.ask(cancelled, world.narrow, "wild").status_code == 204


def test_a_request_of_others_cannot_be_cancelled(world: World) -> None:
    listed = world.ask(Row("GET", f"{API}/delete"), world.owner, "wild").json()
    others = [each["request_id"] for each in listed if 'team="red"' not in each["query"]]
    assert others
    for request_id in others:
        row = Row("DELETE", f"{API}/delete", {"request_id": request_id})
        assert world.ask(row, world.narrow, "wild").status_code == 404
        assert world.ask(row, world.calm, "calm").status_code == 404
    assert len(world.ask(Row("GET", f"{API}/delete"), world.owner, "wild").json()) == len(listed)
