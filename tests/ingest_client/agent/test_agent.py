"""The agent against a receiver: kills at every moment, outages, pipes."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest_client.agent.agent import Agent
from ingest_client.agent.config.load import read_config
from ingest_client.agent.config.model import AgentConfig
from ingest_client.agent.stdin import StdinJob
from tests.ingest_client.receiver import Receiver, Reply, receiving, refusal


def config(root: Path, url: str, stages: list[Any] | None = None, **top: Any) -> AgentConfig:
    target = {"labels": {"job": "j", "__path__": f"{root}/*.log"}}
    return read_config(
        yaml.safe_dump(
            {
                "positions": {"filename": f"{root}/positions.yaml"},
                "clients": [{"url": url, "backoff_config": {"min_period": "10ms", "max_period": "20ms"}}],
                "scrape_configs": [{"job_name": "a", "static_configs": [target], "pipeline_stages": stages or []}],
                **top,
            }
        )
    )


def abandon(agent: Agent) -> None:
    """As SIGKILL does: nothing more is committed or saved."""
    for delivery in agent.shipper.deliveries().values():
        delivery.close(0)
    agent._lock.release()
    for job in agent.jobs:
        job.close()


def unique(receiver: Receiver) -> list[tuple[str, ...]]:
    """What a server has that drops duplicates."""
    return sorted({(value[0], value[1]) for value in receiver.values})


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("delivered", [False, True])
def test_a_kill_at_any_moment_loses_and_doubles_nothing(tmp_path: Path, committed: bool, delivered: bool) -> None:
    (tmp_path / "a.log").write_text("one\ntwo\nthree\n")
    with receiving() as receiver:
        agent = Agent(config(tmp_path, receiver.url))
        agent.turn()
        if committed:
            agent._commit()
        if committed and delivered:
            assert agent.drain(5)
        abandon(agent)
        with (tmp_path / "a.log").open("a") as file:
            file.write("four\n")
        after = Agent(config(tmp_path, receiver.url))
        after.turn()
        assert after.drain(5)
        after.close()
    assert [line for _, line in unique(receiver)] == ["one", "two", "three", "four"]


def test_what_is_open_in_a_stage_is_not_lost_by_a_kill(tmp_path: Path) -> None:
    stages = [{"multiline": {"firstline": "^1"}}]
    (tmp_path / "a.log").write_text("1 a\n b\n1 c\n")
    with receiving() as receiver:
        agent = Agent(config(tmp_path, receiver.url, stages))
        agent.turn()
        agent._commit()
        abandon(agent)
        with (tmp_path / "a.log").open("a") as file:
            file.write(" d\n1 e\n")
        after = Agent(config(tmp_path, receiver.url, stages))
        after.turn()
        assert after.drain(5)
        after.close()
    assert [line for _, line in unique(receiver)] == ["1 a\n b", "1 c\n d", "1 e"]


def test_files_wait_while_the_server_is_away_and_the_disk_is_bounded(tmp_path: Path) -> None:
    replies = [refusal(503)] * 40
    with receiving(lambda: replies.pop() if replies else Reply()) as receiver:
        lines = [f"line {number} {os.urandom(64).hex()}" for number in range(1000)]
        (tmp_path / "a.log").write_text("\n".join(lines) + "\n")
        agent = Agent(config(tmp_path, receiver.url, outbox={"max_size": "64KB"}))
        agent.turn()
        agent._commit()
        with (tmp_path / "a.log").open("a") as file:
            file.write("more\n")
        agent.turn()
        assert agent.committed_lines == 1000
        agent.run(until=lambda: "more" in receiver.lines, drain_s=5)
    assert [line for _, line in unique(receiver)] == [*lines, "more"]


def test_nothing_is_read_before_the_clock_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.log").write_text("x\n")
    with receiving() as receiver:
        agent = Agent(config(tmp_path, receiver.url))
        with monkeypatch.context() as patched:
            patched.setattr(time, "time_ns", lambda: 1_000_000_000)
            assert not agent.turn()
            assert agent.batcher.count == 0
        agent.turn()
        assert agent.drain(5)
        agent.close()
    assert receiver.lines == ["x"]


def test_every_client_gets_every_line_with_its_own_labels(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("x\n")
    with receiving() as one, receiving() as two:
        clients = [{"url": one.url, "external_labels": {"site": "s"}}, {"url": two.url, "tenant_id": "t"}]
        agent = Agent(config(tmp_path, one.url, clients=clients))
        agent.turn()
        assert agent.drain(5)
        agent.close()
    assert (one.pushes[0][0]["site"], one.lines, two.lines) == ("s", ["x"], ["x"])
    assert two.requests[0][2]["X-Scope-OrgID"] == "t"


def test_standard_input_goes_through_the_stages_to_its_end(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"hello\nno end")
    os.close(writing)
    with receiving() as receiver:
        agent = Agent(config(tmp_path, receiver.url, [{"static_labels": {"a": "b"}}]))
        job = StdinJob(agent.jobs[0].config, agent.jobs[0].pipeline, reading)
        agent.jobs = [job]
        agent.run(until=lambda: job.has_ended, drain_s=5)
    os.close(reading)
    assert receiver.lines == ["hello", "no end"]
    assert receiver.pushes[0][0]["a"] == "b"
