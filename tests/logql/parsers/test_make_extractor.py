"""Each parser stage has its extractor, and answers before any kernel is compiled, too."""

from __future__ import annotations

import pytest

from logql.ast import JsonParser, LogfmtParser, PatternParser, RegexpParser, UnpackParser
from logql.ast.extraction import Extraction
from logql.ast.unions import ParserStage
from logql.parsers import make_extractor
from tests.logql.parsers.reading import extract

LINES = ['{"a":{"b":"x"},"_entry":"e","c":"\\u00e9"}', "a=1 b= c==", "", "{"]
EXTRACTION = (Extraction("x", "c"),)


@pytest.mark.parametrize(
    ("stage", "labels"),
    [
        (JsonParser(), {"a_b": "x", "_entry": "e", "c": "é"}),
        (JsonParser(EXTRACTION), {"x": "é"}),
        (UnpackParser(), {"c": "é"}),
        (RegexpParser("(?P<x>b.)"), {"x": 'b"'}),
        (PatternParser("<x>:<_>"), {"x": '{"a"'}),
        (LogfmtParser(strict=True), {}),
        (LogfmtParser(extractions=EXTRACTION), {}),
    ],
)
def test_each_stage_has_its_extractor(stage: ParserStage, labels: dict[str, str]) -> None:
    assert extract(make_extractor(stage), LINES)[0].labels == labels


@pytest.mark.parametrize("stage", [JsonParser(), JsonParser(EXTRACTION), UnpackParser(), LogfmtParser(strict=True)])
def test_twins_answer_as_kernels(stage: ParserStage, monkeypatch: pytest.MonkeyPatch) -> None:
    from logql.parsers.kernels import json_scan, logfmt_scan, values

    compiled = extract(make_extractor(stage), LINES)
    for kernel in (json_scan.scan_json, logfmt_scan.scan_logfmt, values.copy_values):
        monkeypatch.setattr(kernel, "_run", kernel.twin)
    assert extract(make_extractor(stage), LINES) == compiled
