"""Answers are compressed where the settings allow it, the client asks for it and it is worth it."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from server.http.compression import chosen_encoding
from tests.server.application import Api

ON = "frontend.compress_responses=true"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "gzip"),
        ("gzip, zstd", "zstd"),
        ("GZIP;q=0.5,zstd;q=0", "gzip"),
        ("gzip; q=0.0", None),
        ("gzip;q=0.001", "gzip"),
        ("*", None),
        ("gzipped, x-gzip", None),
    ],
)
def test_the_best_encoding_that_is_accepted(accepted: str, encoding: str | None) -> None:
    assert chosen_encoding(accepted) == encoding


def fill(api: Api, lines: int) -> None:
    values = [[str(time.time_ns() - n), f"line {n} " + "x" * 50] for n in range(lines)]
    assert api.push({"app": "a"}, *values).status_code == 204


def ask(api: Api, accepted: str) -> httpx.Response:
    window = {"query": '{app="a"}', "since": "1h", "limit": "5000", "end": str(time.time_ns() + 10**10)}
    return api.get("/loki/api/v1/query_range", params=window, headers={"Accept-Encoding": accepted})


def lines_of(answer: httpx.Response) -> list[str]:
    return [value[1] for stream in answer.json()["data"]["result"] for value in stream["values"]]


@pytest.mark.parametrize("lines", [50, 3000])
@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_long_answer_is_compressed(tmp_path: Path, lines: int, encoding: str) -> None:
    with Api(tmp_path, ON) as api:
        fill(api, lines)
        plain, small = ask(api, "identity"), ask(api, encoding)
    assert small.headers["content-encoding"] == encoding
    assert plain.headers["vary"] == small.headers["vary"] == "Accept-Encoding"
    assert int(small.headers["content-length"]) == small.num_bytes_downloaded < len(plain.content) / 2
    assert lines_of(small) == lines_of(plain)
    assert len(lines_of(small)) == lines


def test_short_and_empty_answers_stay_plain(tmp_path: Path) -> None:
    with Api(tmp_path, ON) as api:
        short = api.get("/loki/api/v1/labels", headers={"Accept-Encoding": "gzip"})
        empty = api.push({"app": "a"}, [str(time.time_ns()), "x"], headers={"Accept-Encoding": "gzip"})
        refused = api.get("/loki/api/v1/query_range", params={"query": "{"}, headers={"Accept-Encoding": "gzip"})
    assert [each.status_code for each in (short, empty, refused)] == [200, 204, 400]
    assert not any("content-encoding" in each.headers for each in (short, empty, refused))
    assert "vary" not in empty.headers


def test_nothing_is_compressed_unless_the_settings_say_so(tmp_path: Path) -> None:
    with Api(tmp_path) as api:
        fill(api, 100)
        answer = ask(api, "gzip, zstd")
    assert "content-encoding" not in answer.headers
    assert "vary" not in answer.headers
