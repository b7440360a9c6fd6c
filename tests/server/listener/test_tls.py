"""TLS of a real server: who is trusted by whom, certificates that change while it runs, files that cannot be used."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest_client import Credentials, TlsSettings
from ingest_client.delivery.endpoint import Endpoint
from ingest_client.delivery.transport import Answer, Transport, Unreachable
from server.config.settings import TlsSettings as ServerTls
from server.listener.tls import ListenerTls, TlsError
from tests.ingest_client.clients import quick_client
from tests.server.authority import Authority, Pair
from tests.server.test_run import PATIENCE_S, serve_command

LABELS = "/loki/api/v1/labels"


class World:
    """An authority with a server's and a client's certificate, and another one that nobody here knows."""

    def __init__(self, folder: Path) -> None:
        self.ours, self.foreign = Authority(folder / "ours"), Authority(folder / "foreign")
        self.server = self.ours.pair("server", "localhost", "127.0.0.1")
        self.client = self.ours.pair("client", "agent@example.org")
        self.stranger = self.foreign.pair("client", "agent@example.org")

    def settings(self, client_auth_type: str) -> list[str]:
        given = {"cert_file": self.server.cert, "key_file": self.server.key, "client_auth_type": client_auth_type}
        given |= {} if client_auth_type == "NoClientCert" else {"client_ca_file": self.ours.file}
        return [word for name, value in given.items() for word in ("--set", f"server.http_tls_config.{name}={value}")]


@contextmanager
def serving(folder: Path, *flags: str) -> Iterator[str]:
    """The address of a server that is ready."""
    process = subprocess.Popen(serve_command(folder, *flags), stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert "listens on https://127.0.0.1:" in line, line
        port = int(line.split("https://127.0.0.1:")[1].split(",")[0])
        yield f"https://localhost:{port}"
    finally:
        process.kill()
        process.wait(PATIENCE_S)
        process.stderr.close()


def ask(url: str, tls: TlsSettings, path: str = "/ready") -> Answer:
    """Raises Unreachable. An answer of any status has passed TLS."""
    transport = Transport(Endpoint.parse(url), Credentials(), tls, PATIENCE_S, "test")
    try:
        return transport.request("GET", path)
    finally:
        transport.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def plain(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("data"), *world.settings("NoClientCert")) as url:
        yield url


@pytest.fixture(scope="module")
def mutual(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("data"), *world.settings("RequireAndVerifyClientCert")) as url:
        yield url


def test_a_client_that_trusts_its_authority_is_answered(world: World, plain: str) -> None:
    assert ask(plain, world.ours.trusted()).status in (200, 503)


@pytest.mark.parametrize("trust", ["foreign", "system"])
def test_a_client_that_does_not_sends_nothing(world: World, plain: str, trust: str) -> None:
    tls = world.foreign.trusted() if trust == "foreign" else TlsSettings()
    with pytest.raises(Unreachable, match=r"(?i)certificate verify failed"):
        ask(plain, tls)


def test_a_name_that_is_not_the_servers_is_noticed(world: World, plain: str) -> None:
    address = plain.replace("localhost", "127.0.0.2")
    with pytest.raises(Unreachable, match=r"(?i)certificate verify failed|refused"):
        ask(address, world.ours.trusted())


def test_mutual_tls_lets_in_whom_it_knows(world: World, mutual: str) -> None:
    assert ask(mutual, world.ours.trusted(world.client)).status in (200, 503)


@pytest.mark.parametrize("shown", ["none", "foreign"])
def test_mutual_tls_lets_nobody_else_in(world: World, mutual: str, shown: str) -> None:
    with pytest.raises(Unreachable):
        ask(mutual, world.ours.trusted(world.stranger if shown == "foreign" else None))


@pytest.mark.parametrize(("shown", "is_let_in"), [("none", True), ("ours", True), ("foreign", False)])
def test_a_certificate_that_is_optional_must_be_right_if_given(
    world: World, tmp_path: Path, shown: str, is_let_in: bool
) -> None:
    pair = {"none": None, "ours": world.client, "foreign": world.stranger}[shown]
    with served_in_process(world, "VerifyClientCertIfGiven") as (port, _):
        assert handshake(port, world.ours.trusted(pair)) == is_let_in


def test_the_push_client_delivers_over_mutual_tls(world: World, mutual: str) -> None:
    with quick_client(mutual, tls=world.ours.trusted(world.client)) as client:
        client.push("over mutual TLS", urgent=True)
        assert client.flush(PATIENCE_S)
        assert client.counters.delivered == 1
    found = ask(mutual, world.ours.trusted(world.client), "/loki/api/v1/label/job/values")
    assert json.loads(found.body)["data"] == ["test"]


def test_the_push_client_without_a_certificate_delivers_nothing(world: World, mutual: str) -> None:
    with quick_client(mutual, tls=world.ours.trusted(), max_tries=1) as client:
        client.push("never", urgent=True)
        client.flush(PATIENCE_S)
    assert client.counters.delivered == 0


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_versions_are_refused(plain: str, version: ssl.TLSVersion) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")
    address = ("127.0.0.1", Endpoint.parse(plain).port)
    with socket.create_connection(address, PATIENCE_S) as connection, pytest.raises((ssl.SSLError, OSError)):
        context.wrap_socket(connection)


def test_plain_http_and_noise_are_dropped_and_the_server_lives_on(world: World, plain: str) -> None:
    address = ("127.0.0.1", Endpoint.parse(plain).port)
    for noise in (b"GET /ready HTTP/1.1\r\nHost: a\r\n\r\n", bytes(1000), b"\x16\x03\x01\xff\xff" + bytes(100)):
        with socket.create_connection(address, PATIENCE_S) as connection:
            connection.sendall(noise)
            connection.shutdown(socket.SHUT_WR)
            assert b"HTTP/1.1 200" not in connection.recv(1000)
    assert ask(plain, world.ours.trusted()).status in (200, 503)


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        self.now_s += 10
        return self.now_s


@contextmanager
def served_in_process(world: World, client_auth_type: str, pair: Pair | None = None) -> Iterator[tuple[int, Path]]:
    """A loop that accepts with a ListenerTls of its own; the port, and the folder with copies of its files."""
    import threading

    pair = pair or world.server
    settings = ServerTls(str(pair.cert), str(pair.key), client_auth_type, str(world.ours.file))
    tls = ListenerTls(settings, Clock())
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def accept() -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with tls.context.wrap_socket(connection, server_side=True) as wrapped:
                    wrapped.sendall(b"in")
            except OSError:
                connection.close()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield listener.getsockname()[1], pair.cert.parent
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(PATIENCE_S)


def handshake(port: int, tls: TlsSettings) -> bool:
    """Whether both sides trust each other. TLS 1.3 tells a client that it was refused when it reads."""
    context = ssl.create_default_context(cafile=tls.ca_file)
    if tls.cert_file is not None:
        context.load_cert_chain(tls.cert_file, tls.key_file)
    try:
        with (
            socket.create_connection(("127.0.0.1", port), PATIENCE_S) as connection,
            context.wrap_socket(connection, server_hostname="localhost") as wrapped,
        ):
            return wrapped.recv(2) == b"in"
    except OSError:
        return False


def copied(world: World, folder: Path) -> Pair:
    pair = Pair(folder / "server.cert.pem", folder / "server.key.pem")
    shutil.copy(world.server.cert, pair.cert)
    shutil.copy(world.server.key, pair.key)
    return pair


def test_a_new_certificate_is_shown_without_a_restart(world: World, tmp_path: Path) -> None:
    pair = copied(world, tmp_path)
    with served_in_process(world, "NoClientCert", pair) as (port, _):
        assert handshake(port, world.ours.trusted())
        made = world.foreign.pair("server", "localhost")
        pair.cert.write_bytes(made.cert.read_bytes())
        # Between the two files the pair does not fit: the old one stays.
        assert handshake(port, world.ours.trusted())
        pair.key.write_bytes(made.key.read_bytes())
        assert handshake(port, world.foreign.trusted())
        assert not handshake(port, world.ours.trusted())


@pytest.mark.parametrize("content", [b"", b"oops", None])
def test_a_broken_certificate_changes_nothing(world: World, tmp_path: Path, content: bytes | None) -> None:
    pair = copied(world, tmp_path)
    with served_in_process(world, "NoClientCert", pair) as (port, _):
        if content is None:
            pair.cert.unlink()
        else:
            pair.cert.write_bytes(content)
        assert handshake(port, world.ours.trusted())


def test_a_new_authority_of_clients_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    world = World(tmp_path)
    with served_in_process(world, "RequireAndVerifyClientCert") as (port, _):
        assert handshake(port, world.ours.trusted(world.client))
        assert not handshake(port, world.ours.trusted(world.stranger))
        ours = Authority(tmp_path / "kept")
        shutil.copy(world.ours.file, ours.file)
        shutil.copy(world.foreign.file, world.ours.file)
        trusting_ours = TlsSettings(True, str(ours.file), str(world.stranger.cert), str(world.stranger.key))
        assert handshake(port, trusting_ours)
        assert not handshake(port, TlsSettings(True, str(ours.file), str(world.client.cert), str(world.client.key)))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"cert_file": "missing"}, "No such file"),
        ({"key_file": "missing"}, "No such file"),
        ({"key_file": ""}, "are no certificate with its key"),
        ({"key_file": "client.key.pem"}, "KEY_VALUES_MISMATCH"),
        ({"cert_file": "server.key.pem"}, "are no certificate with its key"),
        ({"client_auth_type": "RequireAndVerifyClientCert"}, "needs client_ca_file"),
        ({"client_auth_type": "VerifyClientCertIfGiven", "client_ca_file": "missing"}, "client_ca_file"),
        ({"client_auth_type": "VerifyClientCertIfGiven", "client_ca_file": "server.key.pem"}, "has no certificates"),
    ],
)
def test_files_that_cannot_be_used_are_told_by_their_setting(world: World, changes: dict[str, str], text: str) -> None:
    given = {"cert_file": "server.cert.pem", "key_file": "server.key.pem", **changes}
    folder = world.server.cert.parent
    paths = {name: str(folder / value) if value and name.endswith("file") else value for name, value in given.items()}
    with pytest.raises(TlsError) as caught:
        ListenerTls(ServerTls(**paths), time.monotonic)
    assert str(caught.value).startswith("server.http_tls_config")
    assert text in str(caught.value)
