"""``logctl token`` and ``logctl user``, as commands."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from logctl.main import main
from server.auth.keeping import list_users
from server.auth.password import is_password_of
from server.config import load_settings


def test_a_token_is_told_once_listed_without_its_secret_and_revoked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path)]
    grant = ["--tenants", "a,b", "--rights", "read,write", "--selector", '{team="x"}', "--expires", "90d"]
    assert main(["token", "create", "grafana", *grant, *data]) == 0
    token = capsys.readouterr().out.strip()
    assert token.startswith("skald_")
    assert main(["token", "list", *data]) == 0
    listed = capsys.readouterr().out
    assert all(word in listed for word in ("grafana", "a,b", "read,write", '{team="x"}', token[6:14]))
    assert token[20:] not in listed
    assert main(["token", "revoke", "grafana", *data]) == 0
    assert main(["token", "list", *data]) == 0
    assert capsys.readouterr().out == ""


def test_a_user_is_set_listed_and_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ["--data", str(tmp_path)]
    monkeypatch.setattr("sys.stdin", io.StringIO("love lace\n"))
    assert main(["user", "set", "ada", "--tenants", "*", *data]) == 0
    (user,) = list_users(load_settings(assignments=[f"common.path_prefix={tmp_path}"]))
    assert is_password_of("love lace", user.password)
    assert main(["user", "list", *data]) == 0
    assert main(["user", "remove", "ada", *data]) == 0
    out = capsys.readouterr().out
    assert "ada" in out
    assert "scrypt" not in out


@pytest.mark.parametrize(
    ("command", "status", "text"),
    [
        (["token", "create", "--tenants", "*"], 2, "needs the name of a token"),
        (["token", "create", "x"], 1, "--tenants says for which tenants"),
        (["token", "create", "x", "--tenants", "a/b"], 1, "unsupported character '/'"),
        (["token", "create", "x", "--tenants", "a", "--rights", "all"], 1, "rights are read, write, delete, admin"),
        (["token", "create", "x", "--tenants", "a", "--selector", "team"], 1, "the selector team is wrong"),
        (["token", "create", "x", "--tenants", "a", "--expires", "soon"], 2, "soon"),
        (["token", "revoke", "x"], 1, "there is no token 'x'"),
        (["user", "set", "a:b", "--tenants", "a"], 1, "cannot hold a colon"),
        (["user", "remove", "ada"], 1, "there is no user 'ada'"),
        (["user", "set", "ada", "--tenants", "a"], 1, "a password has 1 to 1024 bytes"),
    ],
)
def test_mistakes_are_one_clear_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    status: int,
    text: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main([*command, "--data", str(tmp_path)]) == status
    told = capsys.readouterr().err
    assert text in told
    assert told.count("\n") == 1
