"""Files of credentials: their mode, changes by many at once, and what a running server makes of them."""

from __future__ import annotations

import logging
import multiprocessing
import os
from pathlib import Path

import pytest

from server.auth import CredentialError, Grant
from server.auth.keeping import create_token, list_tokens, revoke_token
from server.auth.records import TokenRecord, print_records
from server.auth.secret_file import write_secret
from server.auth.watched import LOOK_EVERY_S, WatchedFile
from server.config import load_settings

GRANT = Grant.of(["a"], ["read"])


def record(name: str) -> TokenRecord:
    return TokenRecord(name, name, "0" * 64, GRANT, 1)


def create_some(folder: str, prefix: str) -> None:
    settings = load_settings(assignments=[f"common.path_prefix={folder}"])
    for number in range(10):
        create_token(settings, f"{prefix}{number}", GRANT, None)


def test_many_processes_make_tokens_at_once_and_none_is_lost(tmp_path: Path) -> None:
    settings = load_settings(assignments=[f"common.path_prefix={tmp_path}"])
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=create_some, args=(str(tmp_path), prefix)) for prefix in "abc"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert {token.name for token in list_tokens(settings)} == {f"{prefix}{n}" for prefix in "abc" for n in range(10)}
    assert [path.name for path in (tmp_path / "auth").iterdir()] == ["tokens.json"]


@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_only_their_owner_reads_them(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        create_token(load_settings(assignments=[f"common.path_prefix={tmp_path}"]), "x", GRANT, None)
    finally:
        os.umask(before)
    assert (tmp_path / "auth" / "tokens.json").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "auth").stat().st_mode & 0o777 == 0o700


def test_no_secret_is_kept(tmp_path: Path) -> None:
    token = create_token(load_settings(assignments=[f"common.path_prefix={tmp_path}"]), "x", GRANT, 60)
    assert token.rpartition("_")[2] not in (tmp_path / "auth" / "tokens.json").read_text()


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tokens.json"
    write_secret(path, b"old")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_secret(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["tokens.json"]


@pytest.mark.parametrize(
    ("name", "text"), [("x", "already"), ("", "no name"), ("a\nb", "no name"), ("y" * 101, "no name")]
)
def test_tokens_that_cannot_be_made(tmp_path: Path, name: str, text: str) -> None:
    settings = load_settings(assignments=[f"common.path_prefix={tmp_path}"])
    create_token(settings, "x", GRANT, None)
    with pytest.raises(CredentialError, match=text):
        create_token(settings, name, GRANT, None)
    assert len(list_tokens(settings)) == 1


def test_tokens_are_revoked_by_name_or_id_and_only_once(tmp_path: Path) -> None:
    settings = load_settings(assignments=[f"common.path_prefix={tmp_path}"])
    create_token(settings, "x", GRANT, None)
    create_token(settings, "y", GRANT, None)
    revoke_token(settings, "x")
    revoke_token(settings, list_tokens(settings)[0].id)
    assert list_tokens(settings) == ()
    with pytest.raises(CredentialError, match="there is no token 'x'"):
        revoke_token(settings, "x")


class Watching:
    """A watched file and a clock that only the test moves."""

    def __init__(self, path: Path) -> None:
        self.path, self.now_s = path, 0.0
        self.file = WatchedFile(path, TokenRecord, lambda each: each.name, lambda: self.now_s)

    def knows(self, name: str) -> bool:
        self.now_s += LOOK_EVERY_S
        return self.file.find(name) is not None


def test_a_server_sees_what_changes(tmp_path: Path) -> None:
    watching = Watching(tmp_path / "tokens.json")
    assert not watching.knows("x")
    write_secret(watching.path, print_records([record("x")], TokenRecord))
    assert watching.knows("x")
    write_secret(watching.path, print_records([record("y")], TokenRecord))
    assert not watching.knows("x")
    assert watching.knows("y")
    watching.path.unlink()
    assert not watching.knows("y")


def test_it_does_not_look_all_the_time(tmp_path: Path) -> None:
    watching = Watching(tmp_path / "tokens.json")
    write_secret(watching.path, print_records([record("x")], TokenRecord))
    assert watching.file.find("x") is None
    assert watching.knows("x")


def test_a_slip_changes_nothing_and_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_secret(tmp_path / "tokens.json", print_records([record("x")], TokenRecord))
    watching = Watching(tmp_path / "tokens.json")
    watching.path.write_text("oops")
    with caplog.at_level(logging.ERROR, "skaldlog.auth"):
        assert all(watching.knows("x") for _ in range(5))
    assert len(caplog.records) == 1
    assert "stays in force" in caplog.text


def test_a_file_that_cannot_be_used_keeps_a_server_from_starting(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").write_text("oops")
    with pytest.raises(CredentialError, match=r"tokens\.json is not a file of tokens"):
        Watching(tmp_path / "tokens.json")
