"""The agent's own line: when, where, and that it can be switched off."""

from __future__ import annotations

import json
from pathlib import Path

from ingest_client.agent.agent import Agent
from ingest_client.agent.config.model import HeartbeatConfig
from ingest_client.agent.heartbeat import HeartbeatJob
from tests.ingest_client.agent.test_agent import config
from tests.ingest_client.receiver import receiving


def test_a_line_comes_each_interval_and_none_is_made_up_for_a_pause() -> None:
    now_s = [100.0]
    job = HeartbeatJob(HeartbeatConfig(True, 60.0, {"host": "edge"}), lambda: {"files": 3}, lambda: now_s[0])
    came = []
    for seconds in (0, 59, 1, 1, 59, 500, 1, 58, 2):
        now_s[0] += seconds
        came.append([row.line for rows in job.read(1) for row in rows])
    line = ['{"files":3}']
    assert came == [[], [], line, [], line, line, [], [], line]


def test_the_line_tells_of_files_and_of_what_waits(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("one\ntwo\n")
    with receiving() as receiver:
        heartbeat = {"interval": "10ms", "labels": {"host": "edge"}}
        agent = Agent(config(tmp_path, receiver.url, heartbeat=heartbeat))
        agent.run(until=lambda: len(receiver.lines) > 3, drain_s=5)
        beats = [(labels, value) for labels, values in receiver.pushes for value in values if value[1][0] == "{"]
    assert all(labels["job"] == "ingest-client" and labels["host"] == "edge" for labels, _ in beats)
    figures = json.loads(beats[-1][1][1])
    assert (figures["files"], figures["delivered"] >= 2, figures["lag_bytes"], figures["rejected"]) == (1, True, 0, 0)
    assert beats[-1][1][2]["event"] == "heartbeat"


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    with receiving() as receiver:
        agent = Agent(config(tmp_path, receiver.url, heartbeat={"enabled": False}))
        assert [job.config.job_name for job in agent.jobs] == ["a"]
        agent.close()
