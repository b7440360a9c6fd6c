"""What the agent says about itself."""

from __future__ import annotations

from pathlib import Path

from ingest_client.agent.agent import Agent
from ingest_client.agent.run import pages_of
from ingest_client.agent.self_metrics import collect_into_registry
from tests.ingest_client.agent.test_agent import config
from tests.ingest_client.receiver import receiving


def test_pages_tell_of_files_lines_and_servers(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("one\ntwo debug\nno end")
    with receiving() as receiver:
        agent = Agent(config(tmp_path, receiver.url, [{"drop": {"expression": "debug"}}]))
        collect_into_registry(agent)
        agent.turn()
        assert agent.drain(5)
        pages = {path: page()[1] for path, page in pages_of(agent).items()}
        agent.close()
    for line in (
        "ingest_client_committed_entries_total 1",
        'ingest_client_dropped_entries_total{reason="drop_stage"} 1',
        f'ingest_client_sent_entries_total{{client="{receiver.url}",tenant=""}} 1',
        f'promtail_sent_entries_total{{host="{receiver.url}"}} 1',
        f'ingest_client_file_lag_bytes{{path="{tmp_path}/a.log"}} 6',
        "promtail_files_active_total 1",
    ):
        assert line in pages["/metrics"].splitlines()
    assert pages["/ready"] == "Ready\n"
    assert f'"path": "{tmp_path}/a.log"' in pages["/targets"]
