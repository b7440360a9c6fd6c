"""The gate before all routes, through the application."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.auth import CredentialError, Grant
from server.auth.gate import tokens_path, users_path
from server.auth.keeping import create_token, revoke_token
from server.auth.password import hash_password
from server.auth.records import UserRecord, print_records
from server.auth.secret_file import write_secret
from server.auth.watched import LOOK_EVERY_S
from server.config import load_settings
from tests.server.application import Api
from tests.server.auth.application import GuardedApi, basic, bearer, make_token

LABELS, PUSH = "/loki/api/v1/labels", "/loki/api/v1/push"
TENANTS = ("a", "a,b", "*")


class Guarded:
    """An application with a user, and a token for each of some sets of tenants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = load_settings(assignments=[f"common.path_prefix={folder}"])
        self.tokens = {tenants: make_token(folder, tenants, tenants) for tenants in TENANTS}
        self.writer = make_token(folder, "writer", "mine", "read,write")
        users = [UserRecord("ada", hash_password("love:lace", 2), Grant.of(["a"], ["read"]), 0)]
        write_secret(users_path(self.settings), print_records(users, UserRecord))
        self.api = GuardedApi(folder)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    made = Guarded(tmp_path_factory.mktemp("guarded"))
    with made.api:
        yield made


def status(api: Api, headers: dict[str, str], path: str = LABELS) -> int:
    answer: Any = api.get(path, headers=headers)
    return int(answer.status_code)


def test_a_token_is_good_from_when_it_is_made_until_it_is_revoked(guarded: Guarded) -> None:
    token = make_token(guarded.folder, "x", "a")
    time.sleep(LOOK_EVERY_S + 0.1)
    assert status(guarded.api, bearer(token)) == 200
    revoke_token(guarded.settings, "x")
    time.sleep(LOOK_EVERY_S + 0.1)
    assert status(guarded.api, bearer(token)) == 401


def test_a_token_expires(tmp_path: Path) -> None:
    settings = load_settings(assignments=[f"common.path_prefix={tmp_path}"])
    ended = create_token(settings, "ended", Grant.of(["a"], ["read"]), 0)
    lasting = create_token(settings, "lasting", Grant.of(["a"], ["read"]), 3600)
    with GuardedApi(tmp_path) as api:
        assert (status(api, bearer(ended)), status(api, bearer(lasting))) == (401, 200)


@pytest.mark.parametrize(
    ("name", "password", "expected"),
    [("ada", "love:lace", 200), ("ada", "love", 401), ("ada", "", 401), ("bob", "love:lace", 401), ("", "", 401)],
)
def test_names_and_passwords(guarded: Guarded, name: str, password: str, expected: int) -> None:
    assert status(guarded.api, basic(name, password)) == expected


@pytest.mark.parametrize(
    ("tenants", "header", "expected"),
    [
        ("a", None, 200),
        ("a", "a", 200),
        ("a", "a:sub", 200),
        ("a", "b", 403),
        ("a,b", "b", 200),
        ("a,b", None, 401),
        ("*", None, 401),
        ("*", "c", 200),
        ("*", "../c", 400),
        ("a", "a|b", 403),
        ("a,b", "a|c", 403),
    ],
)
def test_tenants(guarded: Guarded, tenants: str, header: str | None, expected: int) -> None:
    assert status(guarded.api, bearer(guarded.tokens[tenants], header)) == expected


def test_who_has_one_tenant_writes_to_it_unnamed(guarded: Guarded) -> None:
    sent = guarded.api.push({"app": "web"}, [str(time.time_ns()), "x"], headers=bearer(guarded.writer))
    assert sent.status_code == 204
    found = guarded.api.get(LABELS, headers=bearer(guarded.writer, "mine")).json()["data"]
    assert found == ["app", "service_name"]


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ([("X-Scope-OrgID", "a"), ("X-Scope-OrgID", "b")], "more than one X-Scope-OrgID header"),
        ([("X-Scope-OrgID", "a"), ("x-scope-orgid", "a")], "more than one X-Scope-OrgID header"),
        ([("authorization", "Bearer y")], "more than one Authorization header"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(guarded: Guarded, headers: list[tuple[str, str]], text: str) -> None:
    answer = guarded.api.get(LABELS, headers=[*headers, ("Authorization", f"Bearer {guarded.tokens['*']}")])
    assert (answer.status_code, answer.text) == (400, text)


def test_other_schemes_are_refused(guarded: Guarded) -> None:
    answer = guarded.api.get(LABELS, headers={"Authorization": "Digest x"})
    assert (answer.status_code, answer.text) == (400, "the Authorization header is neither Bearer nor Basic")


def test_two_tenants_in_two_headers_are_refused_without_authentication_too(tmp_path: Path) -> None:
    with Api(tmp_path, "auth_enabled=true") as api:
        answer = api.get(LABELS, headers=[("X-Scope-OrgID", "a"), ("X-Scope-OrgID", "b")])
        assert (answer.status_code, answer.text) == (400, "more than one X-Scope-OrgID header")


def test_while_tenants_are_off_everything_belongs_to_fake(tmp_path: Path) -> None:
    expected = {"*": 200, "fake": 200, "a": 403}
    tokens = {tenants: make_token(tmp_path, tenants, tenants) for tenants in expected}
    with GuardedApi(tmp_path, "auth_enabled=false") as api:
        assert {tenants: status(api, bearer(token, "whatever")) for tenants, token in tokens.items()} == expected


@pytest.mark.parametrize("path", ["/ready", "/metrics"])
@pytest.mark.parametrize(("is_open", "expected"), [("true", {200, 503}), ("false", {401})])
def test_probes_and_metrics_are_open_or_not(tmp_path: Path, path: str, is_open: str, expected: set[int]) -> None:
    token = make_token(tmp_path, "x", "*")
    settings = (f"authentication.open_{name}={is_open}" for name in ("ready", "metrics"))
    api = GuardedApi(tmp_path, *settings)
    assert status(api, {}, path) in expected
    assert status(api, bearer(token), path) in {200, 503}
    api.close()


def test_broken_files_keep_the_server_from_starting(tmp_path: Path) -> None:
    path = tokens_path(load_settings(assignments=[f"common.path_prefix={tmp_path}"]))
    path.parent.mkdir()
    path.write_text("{")
    with pytest.raises(CredentialError, match=r"tokens\.json is not a file of tokens"):
        GuardedApi(tmp_path)
