"""``logctl check``: mistakes and hints."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest_client.agent.check import check_config
from logctl.main import main

HEAD = """
clients: [{url: 'http://h'}]
scrape_configs:
- job_name: a
  static_configs: [{labels: {job: x, __path__: %s}}]
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    (tmp_path / "a.log").touch()
    return str(tmp_path / "*.log")


def hints(path: str, stages: str, more: str = "") -> str:
    report = check_config(HEAD % path + f"  pipeline_stages: {stages}\n{more}")
    assert report.mistakes == ()
    return "\n".join(report.hints)


def test_a_good_configuration_has_no_hints(path: str) -> None:
    stages = "[{regex: {expression: '(?P<level>a)'}}, {labels: {level: }}, {tensorrt: {labels: [component]}}]"
    assert hints(path, stages) == ""


@pytest.mark.parametrize(
    ("stages", "hint"),
    [
        (
            "[{regex: {expression: '(?P<trace_id>.*)'}}, {labels: {trace_id: }}]",
            "pipeline_stages[1].labels: label 'trace_id' will have very many values",
        ),
        ("[{tensorrt: {labels: [layer]}}]", "label 'layer' will have very many values"),
        ("[{labels: {level: }}]", "pipeline_stages[0].labels: level is set by no stage before it"),
        ("[{output: {source: msg}}, {json: {expressions: {msg: }}}]", "[0].output: msg is set by no stage before it"),
        (
            "[{drop: {expression: '.*'}}, {docker: }]",
            "[1].docker: is never reached: scrape_configs[0].pipeline_stages[0].drop",
        ),
        ("[{match: {selector: '{}', action: drop}}, {docker: }]", "is never reached"),
        ("[{sampling: {rate: 0}}, {docker: }]", "is never reached"),
        (
            "[{match: {selector: '{}', stages: [{labels: {none: }}]}}]",
            "[0].match.stages[0].labels: none is set by no stage before it",
        ),
        ("[{geoip: }]", "geoip: is not supported"),
        ("[{regex: {expression: x}}]", "finds nothing: name at least one group"),
    ],
)
def test_hints_of_stages(path: str, stages: str, hint: str) -> None:
    assert hint in hints(path, stages)


def test_hints_of_files(tmp_path: Path, path: str) -> None:
    assert "matches no file at the moment" in hints(f"{tmp_path}/none/*.log", "[]")
    excluded = HEAD.replace("}}]", ", __path_exclude__: %s}}]") % (path, path)
    assert "excludes all" in "\n".join(check_config(excluded).hints)
    for number in range(250):
        (tmp_path / f"{number}.log").touch()
    assert "the label filename makes a stream of each" in hints(path, "[]")


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        ("  relabel_configs: [{source_labels: [job], regex: x, action: drop}]", "drop"),
        ("  relabel_configs: [{source_labels: [__path__], target_label: x}]", "they see the pattern in __path__"),
        ("- {job_name: empty}", "names no files"),
    ],
)
def test_hints_of_targets(path: str, more: str, hint: str) -> None:
    if hint == "drop":
        assert "nothing of it is read" in hints(path, "[]", more.replace("regex: x", "regex: '.*'"))
    else:
        assert hint in hints(path, "[]", more)


def test_variables_that_stay_are_named(path: str) -> None:
    text = HEAD.replace("job: x", "job: '${HOSTNAME}'") % path
    assert "start the agent with --expand-env" in "\n".join(check_config(text).hints)


def test_mistakes_of_stages_are_mistakes(path: str) -> None:
    report = check_config(HEAD % path + "  pipeline_stages: [{regex: {expression: '(?=x)'}}, {labls: {}}]")
    assert [mistake.partition(":")[0] for mistake in report.mistakes] == [
        "scrape_configs[0].pipeline_stages[0].regex.expression",
        "scrape_configs[0].pipeline_stages[1].labls",
    ]


def test_the_command_prints_and_tells_by_its_status(
    tmp_path: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "agent.yaml"
    file.write_text(HEAD % path)
    assert main(["check", str(file)]) == 0
    assert capsys.readouterr().out == "nothing to say about it\n"
    file.write_text(HEAD % path + "  a: b\n")
    assert main(["check", str(file)]) == 1
    assert capsys.readouterr().out.startswith("mistake: scrape_configs[0].a: nobody knows this key")
    assert main(["check", str(tmp_path / "none")]) == 1
    assert "No such file" in capsys.readouterr().err


def test_the_agent_refuses_what_check_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "agent.yaml"
    file.write_text("clents: []")
    assert main(["agent", "-config.file", str(file)]) == 1
    assert "did you mean 'clients'?" in capsys.readouterr().err
