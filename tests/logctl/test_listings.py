"""``logctl labels`` and ``series``."""

from __future__ import annotations

import pytest

from tests.logctl.recorded import answering, listing


@pytest.mark.parametrize(
    ("arguments", "path", "query"),
    [
        ([], "/loki/api/v1/labels", None),
        (["--query", '<app="web">'], "/loki/api/v1/labels", '{app="web"}'),
        (["app"], "/loki/api/v1/label/app/values", None),
        (["a/b c"], "/loki/api/v1/label/a%2Fb%20c/values", None),
        (["app", "--query", '{env="prod"}'], "/loki/api/v1/label/app/values", '{env="prod"}'),
    ],
)
def test_labels_prints_one_a_line(arguments: list[str], path: str, query: str | None) -> None:
    with answering(lambda _: listing(["app", "env"])) as server:
        run = server.run("labels", *arguments, "--from=10", "--to=20")
        asked = server.asked[0]
    assert (run.returncode, run.stdout, run.stderr) == (0, "app\nenv\n", "")
    assert asked.path == path
    assert asked.parameters.pop("query", None) == query
    assert asked.parameters == {"start": "10000000000", "end": "20000000000"}


def test_nothing_stored_prints_nothing() -> None:
    with answering(lambda _: (200, '{"status":"success"}')) as server:
        for command in (["labels"], ["labels", "app"], ["series"]):
            run = server.run(*command)
            assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_series_prints_label_sets_sorted() -> None:
    found = [{"pod": "b", "app": "web"}, {"app": "api", "quote": 'a"b'}]
    with answering(lambda _: listing(found)) as server:
        run = server.run("series", '<app=~".+">', '{pod="b"}')
        as_json = server.run("series", "-o", "jsonl")
        assert server.asked[0].parameters["match"] == '{app=~".+"}'
        assert "match" not in server.asked[1].parameters
    assert run.stdout == '{app="api", quote="a\\"b"}\n{app="web", pod="b"}\n'
    assert as_json.stdout.splitlines()[1] == '{"app": "web", "pod": "b"}'


def test_a_refused_selector_is_one_line() -> None:
    with answering(lambda _: (400, "only label matchers are supported")) as server:
        run = server.run("series", '<a="b"> |= "c"')
    assert run.returncode == 1
    assert run.stderr == "logctl: the server refuses the request: only label matchers are supported\n"
