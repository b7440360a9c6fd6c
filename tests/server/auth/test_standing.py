"""What is revoked, or ends, ends what it has under way: tails and queries; nothing else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from logql.cancel import Cancel
from logql.errors import QueryCancelled
from server.auth import Grant
from server.auth import standing as standing_module
from server.auth import watched as watched_module
from server.auth.keeping import create_token, remove_user, revoke_token, set_user
from server.config import load_settings
from server.config.settings import Settings
from tests.server.auth.application import GuardedApi, basic, bearer, make_token
from tests.server.tail.test_session import Reader, _push, _run, _until

READ = Grant.of(["one"], ["read"])


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GuardedApi]:
    monkeypatch.setattr(standing_module, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(watched_module, "LOOK_EVERY_S", 0.01)
    with GuardedApi(tmp_path) as made:
        yield made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(assignments=[f"common.path_prefix={tmp_path}"])


def closes(reader: Reader) -> list[dict[str, Any]]:
    return [message for message in reader.messages if message["type"] == "websocket.close"]


def test_a_tail_ends_with_its_token_and_others_go_on(api: GuardedApi, tmp_path: Path, settings: Settings) -> None:
    lost, kept = (make_token(tmp_path, name, "one", "read") for name in ("lost", "kept"))
    header = bearer(make_token(tmp_path, "writer", "one", "write"))["Authorization"]
    api.pause(0.1)

    async def scene() -> None:
        readers = [Reader(api, headers=bearer(token)) for token in (lost, kept)]
        for reader in readers:
            reader.takes.set()
        await _push(api, "first", Authorization=header)
        await _until(lambda: all(reader.lines == ["first"] for reader in readers))
        revoke_token(settings, "lost")
        await readers[0].over
        assert closes(readers[0]) == [
            {"type": "websocket.close", "code": 1008, "reason": "the credentials are no longer valid"}
        ]
        await _push(api, "second", Authorization=header)
        await _until(lambda: readers[1].lines == ["first", "second"])
        assert closes(readers[1]) == []
        readers[1].leave()
        await readers[1].over
        assert len(api.app.state.services.tails) == 0

    _run(api, scene)


@pytest.mark.parametrize("change", ["revoked", "expired", "renewed", "removed", "password"])
def test_a_query_that_runs_is_given_up(
    api: GuardedApi, settings: Settings, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_user = change in ("removed", "password")
    if is_user:
        set_user(settings, "ada", "right-horse", READ)
        headers = basic("ada", "right-horse")
    else:
        headers = bearer(create_token(settings, "grafana", READ, None if change != "expired" else 100))

    def renew() -> None:
        revoke_token(settings, "grafana")
        create_token(settings, "grafana", READ, None)

    changes: dict[str, Callable[[], object]] = {
        "revoked": lambda: revoke_token(settings, "grafana"),
        "expired": lambda: monkeypatch.setattr(api.app.state.services.gate, "_clock", lambda: 1e12),
        "renewed": renew,
        "removed": lambda: remove_user(settings, "ada"),
        "password": lambda: set_user(settings, "ada", "other-horse", READ),
    }
    has_begun, outcome = threading.Event(), []

    def endless(_tenant: str, _asked: object, cancel: Cancel) -> None:
        has_begun.set()
        while not cancel.is_cancelled:
            threading.Event().wait(0.01)
        outcome.append("given up")
        raise QueryCancelled

    monkeypatch.setattr(api.engine, "range", endless)

    async def scene() -> None:
        transport = httpx.ASGITransport(api.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=30) as client:
            asked = asyncio.ensure_future(
                client.get("/loki/api/v1/query_range", params={"query": '{app="x"}'}, headers=headers)
            )
            await _until(has_begun.is_set)
            changes[change]()
            answer = await asked
        assert (answer.status_code, answer.text) == (401, "the credentials are no longer valid")
        await _until(lambda: outcome == ["given up"])

    api.pause(0.1)
    _run(api, scene)
    assert not api.app.state.services.standing._watched


def test_without_authentication_nobody_is_watched(tmp_path: Path) -> None:
    with GuardedApi(tmp_path, "authentication.enabled=false") as api:
        assert api.get("/loki/api/v1/labels", headers={"X-Scope-OrgID": "one"}).status_code == 200
        assert not api.app.state.services.standing._watched
