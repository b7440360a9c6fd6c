"""``labels``, ``static_labels``, ``labeldrop``, ``labelallow``, ``structured_metadata``, ``output`` and ``tenant``."""

from __future__ import annotations

import pytest

from tests.ingest_client.agent.stages.running import mistakes, only

EXTRACT = "{json: {expressions: {level: null, code: null, flag: null, ratio: null}}}"
LINE = '{"level":"info","code":200,"flag":true,"ratio":0.5}'


def labels(stages: str, line: str = LINE) -> dict[str, str]:
    return only(f"[{EXTRACT}, {stages}]", line, job="j").labels


@pytest.mark.parametrize(
    ("stages", "result"),
    [
        ("{labels: {level: null}}", {"job": "j", "level": "info"}),
        ("{labels: {status: code, f: flag, r: ratio}}", {"job": "j", "status": "200", "f": "true", "r": "0.5"}),
        ("{labels: {x: missing}}", {"job": "j"}),
        ("{labels: {job: level}}", {"job": "info"}),
        ("{static_labels: {env: prod, none: ''}}", {"job": "j", "env": "prod"}),
        ("{labels: {level: null}}, {labeldrop: [job]}", {"level": "info"}),
        ("{labeldrop: job}", {}),
        ("{labels: {level: null}}, {labelallow: [level]}", {"level": "info"}),
        ("{structured_metadata: {code: null}}", {"job": "j"}),
        ("{labels: {level: null}}, {structured_metadata: {level: null}}", {"job": "j"}),
        ("{tenant: {value: team}}", {"job": "j", "__tenant_id__": "team"}),
        ("{tenant: {source: level}}", {"job": "j", "__tenant_id__": "info"}),
        ("{tenant: {label: job}}", {"job": "j", "__tenant_id__": "j"}),
        ("{tenant: {source: missing}}", {"job": "j"}),
        ("{tenant: {value: team}}, {labelallow: [job]}", {"job": "j", "__tenant_id__": "team"}),
    ],
)
def test_labels_that_come_out(stages: str, result: dict[str, str]) -> None:
    assert labels(stages) == result


def test_metadata_comes_from_values_and_from_labels() -> None:
    row = only(f"[{EXTRACT}, {{structured_metadata: {{code: null, j: job, none: missing}}}}]", LINE, job="x")
    assert (row.metadata, row.labels) == ({"code": "200", "j": "x"}, {"job": "x"})
    assert only("[{non_indexed_labels: {job: null}}]", "x", job="y").metadata == {"job": "y"}


def test_the_line_becomes_a_value_where_there_is_one() -> None:
    assert only(f"[{EXTRACT}, {{output: {{source: level}}}}]", LINE).line == "info"
    assert only("[{output: {source: missing}}]", "as it is").line == "as it is"


def test_rows_share_no_labels_that_change() -> None:
    shared = {"job": "j"}
    row = only(f"[{EXTRACT}, {{labels: {{level: null}}}}]", LINE, **shared)
    assert shared == {"job": "j"}
    assert row.labels is not shared


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("[{labels: {}}]", "name at least one label"),
        ("[{labels: {1a: x}}]", "no name of a label"),
        ("[{labels: [a]}]", "write a mapping"),
        ("[{labeldrop: []}]", "name at least one label"),
        ("[{labelallow: {a: b}}]", "write a list"),
        ("[{structured_metadata: {}}]", "name at least one key"),
        ("[{output: {}}]", "output.source: this key is needed"),
        ("[{tenant: {}}]", "exactly one of"),
        ("[{tenant: {value: a, label: b}}]", "exactly one of"),
    ],
)
def test_mistakes(text: str, cause: str) -> None:
    assert cause in "\n".join(mistakes(text))
