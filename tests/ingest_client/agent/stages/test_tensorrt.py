"""``tensorrt``."""

from __future__ import annotations

import pytest

from ingest_client.agent.stages.stage import Context
from tests.ingest_client.agent.stages.running import NOW_NS, Clock, built, mistakes, only, rows, run

FALLBACK = "[TRT] [W] Default DLA is enabled but layer a1 is not supported on DLA, falling back to GPU."


def test_metadata_tells_what_the_line_says_and_the_line_stays() -> None:
    row = only("[{tensorrt: }]", FALLBACK, job="j")
    assert row.line == FALLBACK
    assert row.labels == {"job": "j"}
    wanted = {"level": "warn", "event": "fallback", "layer": "a1", "from": "dla", "to": "gpu", "component": "tensorrt"}
    assert row.metadata == wanted


def test_keys_can_be_chosen_and_be_labels() -> None:
    row = only("[{tensorrt: {metadata: [event], labels: [component]}}]", FALLBACK)
    assert (row.metadata, row.labels) == ({"level": "warn", "event": "fallback"}, {"component": "tensorrt"})


def test_later_stages_see_the_fields() -> None:
    assert only("[{tensorrt: }, {labels: {level: null}}]", FALLBACK).labels == {"level": "warn"}


def test_a_storm_is_folded_and_told() -> None:
    out = run("[{tensorrt: }]", *[FALLBACK] * 10)
    assert [row.metadata.get("repeat_count") for row in out] == [None, "9"]
    assert (out[1].ts_ns, out[1].metadata["first_ts"]) == (NOW_NS + 9, str(NOW_NS + 1))


@pytest.mark.parametrize(("dedup", "count"), [("exact", 3), ("template", 2), ("'off'", 3), ("false", 3)])
def test_lines_that_differ_in_numbers_are_folded_only_where_that_is_asked_for(dedup: str, count: int) -> None:
    lines = [f"[TRT] [I] Loaded engine size: {number} MiB" for number in (34, 35, 36)]
    assert len(run(f"[{{tensorrt: {{dedup: {dedup}}}}}]", *lines)) == count


def test_cascades_and_phases_run_over_lines_of_a_file() -> None:
    error = "[TRT] [E] IExecutionContext::enqueueV3: Error Code 1: Cuda Runtime (invalid resource handle)"
    after = "[TRT] [E] 1: [cudaResources.cpp::~ScopedCudaEvent::24] Error Code 1: Cuda Runtime (illegal memory access)"
    first, second = run("[{tensorrt: }]", error, after)
    assert (first.metadata["cascade"], second.metadata["cascade"]) == ("root", "follow")
    assert first.metadata["incident"] == second.metadata["incident"]
    assert (first.metadata["phase"], second.metadata["phase"]) == ("enqueue", "teardown")


def test_the_time_of_the_prefix_is_taken_where_the_zone_is_known() -> None:
    line = "[05/20/2024-22:03:26] [TRT] [I] x"
    assert only("[{tensorrt: }]", line).ts_ns == NOW_NS
    row = only("[{tensorrt: {location: Europe/Berlin}}]", line)
    assert (row.ts_ns, row.metadata["ts_text"]) == (1_716_235_406_000_000_000, "05/20/2024-22:03:26")


def test_records_of_several_lines_are_joined_or_not() -> None:
    lines = ("[I] Building engine with configuration:", "    Flags | [FP16]")
    assert len(run("[{tensorrt: }]", *lines)) == 1
    assert len(run("[{tensorrt: {multiline: false}}]", *lines)) == 2


def test_what_is_open_survives_a_restart() -> None:
    clock = Clock()
    before, after = (built("[{tensorrt: }]", Context(now_ns=clock)) for _ in range(2))
    before.run(rows(*[FALLBACK] * 5, "[TRT] [I] Building engine:", job="j"))
    after.restore(before.state())
    out = after.run(rows("  more", job="j")) + after.finish()
    assert sorted((row.line, row.metadata.get("repeat_count")) for row in out) == [
        ("[TRT] [I] Building engine:\n  more", None),
        (FALLBACK, "4"),
    ]


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ("{formats: [nothing]}", "'nothing' is none of"),
        ("{dedup: often}", "exact, template or off"),
        ("{labels: [a-b]}", "no name of a label"),
        ("{location: Mars}", "no time zone"),
        ("{phase: true}", "did you mean 'phase_tracking'?"),
    ],
)
def test_mistakes(options: str, cause: str) -> None:
    assert cause in "\n".join(mistakes(f"[{{tensorrt: {options}}}]"))
