"""``logctl fsck``, ``backup`` and ``restore``, as commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from logctl.main import main
from storage.stores import S3Settings
from tests.storage.databases import opened
from tests.storage.entries import numbered_batch
from tests.storage.keeping.clock import Clock, clocked


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with opened(tmp_path / "data") as database:
        database.append("fake", numbered_batch(0, 10)).result(10)
        database.flush()
    return tmp_path / "data"


def test_there_and_back(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "--data", str(data), str(tmp_path / "backups")]) == 0
    assert main(["restore", "--data", str(tmp_path / "new"), str(tmp_path / "backups")]) == 0
    assert main(["fsck", "--data", str(tmp_path / "new")]) == 0
    backup, restored, checked = capsys.readouterr().out.splitlines()
    assert backup.startswith("backup 20")
    assert restored == backup.replace("backup", "restored backup", 1)
    assert checked.startswith("1 parts with 10 lines in ")
    assert checked.endswith("all is well")


def test_both_say_how_many_parts_a_backup_lacks_because_they_are_in_a_bucket(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], bucket: S3Settings
) -> None:
    with clocked(data, Clock(1e9), s3=bucket, cold_after_s=1) as database:
        database.keep_now()
    assert main(["backup", "--data", str(data), str(tmp_path / "backups")]) == 0
    assert main(["restore", "--data", str(tmp_path / "new"), str(tmp_path / "backups")]) == 0
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in told] == ["1 parts are in the bucket"] * 2


def test_damage_is_a_status_and_mending_is_success(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (index,) = data.rglob("*.index")
    index.unlink()
    assert main(["fsck", "--data", str(data)]) == 1
    assert "the index is missing: logctl fsck --rebuild" in capsys.readouterr().out
    assert main(["fsck", "--data", str(data), "--rebuild"]) == 0
    assert "mended" in capsys.readouterr().out
    assert index.exists()


def test_rebuilding_beside_a_server_is_refused(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(data):
        assert main(["fsck", "--data", str(data)]) == 0
        assert main(["fsck", "--data", str(data), "--rebuild"]) == 1
    assert "another process is using it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (["fsck"], "there is no data folder"),
        (["backup", "DIR"], "there is no data folder"),
        (["restore", "DIR"], "there is no backup in"),
        (["restore", "DATA"], "no complete backup is there"),
        (["fsck", "--set", "storage.nothing=1"], "unknown setting"),
    ],
)
def test_mistakes_are_one_clear_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str], text: str
) -> None:
    named = [str(tmp_path / "none") if word == "DIR" else str(data) if word == "DATA" else word for word in command]
    assert main([*named, "--data", str(tmp_path / "nothing")]) == 1
    assert text in capsys.readouterr().err
