"""Servers for the tests: one shared by all that only read and write, others made on demand."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.http_client import HttpClient
from tests.end_to_end.server_process import ServerProcess

ServerMaker = Callable[..., ServerProcess]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with default settings, one for all tests; give your streams a label of ``mark``."""
    process = ServerProcess(tmp_path_factory.mktemp("server"))
    process.start()
    yield process
    process.kill()


@pytest.fixture
def client(server: ServerProcess) -> HttpClient:
    return server.client()


@pytest.fixture
def mark() -> str:
    """A word that no other test uses."""
    return f"m{uuid.uuid4().hex[:12]}"


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[ServerMaker]:
    """Start servers of one's own, with settings; they are killed at the end."""
    made: list[ServerProcess] = []

    def make(settings: Mapping[str, Any] | None = None) -> ServerProcess:
        process = ServerProcess(tmp_path / f"server-{len(made)}", settings)
        made.append(process)
        process.start()
        return process

    yield make
    for process in made:
        process.kill()
