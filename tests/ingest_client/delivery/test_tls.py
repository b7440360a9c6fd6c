"""TLS against a real server with a certificate of its own authority."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest_client import TlsSettings
from tests.ingest_client.clients import quick_client
from tests.ingest_client.receiver import Receiver, receiving

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is needed to make certificates")


def make_certificate(folder: Path) -> None:
    """Write cert.pem and key.pem for localhost."""
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    extra = ["-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*command.split(), *extra], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with cert.pem and key.pem for localhost."""
    folder = tmp_path_factory.mktemp("tls")
    make_certificate(folder)
    return folder


@pytest.fixture
def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return context


@pytest.fixture
def receiver(server_context: ssl.SSLContext) -> Iterator[Receiver]:
    with receiving(tls=server_context) as receiver:
        yield receiver


def deliver(receiver: Receiver, tls: TlsSettings, host: str = "localhost") -> list[str]:
    """Push one line over https with one try and return what arrived."""
    url = receiver.url.replace("http://127.0.0.1", f"https://{host}")
    with quick_client(url, tls=tls, max_tries=1) as client:
        client.push("line", urgent=True)
        assert client.flush(5)
    return receiver.lines


def test_a_known_authority_is_trusted(receiver: Receiver, certificate: Path) -> None:
    assert deliver(receiver, TlsSettings(ca_file=str(certificate / "cert.pem"))) == ["line"]


def test_checking_can_be_switched_off(receiver: Receiver) -> None:
    assert deliver(receiver, TlsSettings(verify=False), host="127.0.0.1") == ["line"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_an_unknown_authority_or_a_wrong_name_gets_nothing(
    receiver: Receiver, certificate: Path, host: str, capfd: pytest.CaptureFixture[str]
) -> None:
    trusted = TlsSettings(ca_file=str(certificate / "cert.pem"))
    assert deliver(receiver, TlsSettings() if host == "localhost" else trusted, host) == []
    assert "certificate verify failed" in capfd.readouterr().err.lower()


def test_a_client_certificate_is_shown_when_asked_for(
    receiver: Receiver, server_context: ssl.SSLContext, certificate: Path
) -> None:
    server_context.verify_mode = ssl.CERT_REQUIRED
    server_context.load_verify_locations(certificate / "cert.pem")
    ca_file, key_file = str(certificate / "cert.pem"), str(certificate / "key.pem")
    assert deliver(receiver, TlsSettings(ca_file=ca_file)) == []
    assert deliver(receiver, TlsSettings(ca_file=ca_file, cert_file=ca_file, key_file=key_file)) == ["line"]


def test_a_certificate_that_is_replaced_is_shown_at_the_next_connection(
    receiver: Receiver, server_context: ssl.SSLContext, certificate: Path, tmp_path: Path
) -> None:
    server_context.verify_mode = ssl.CERT_REQUIRED
    server_context.load_verify_locations(certificate / "cert.pem")
    make_certificate(tmp_path)
    mine = TlsSettings(
        ca_file=str(certificate / "cert.pem"), cert_file=str(tmp_path / "cert.pem"), key_file=str(tmp_path / "key.pem")
    )
    with quick_client(receiver.url.replace("http://127.0.0.1", "https://localhost"), tls=mine) as client:
        client.push("line", urgent=True)
        assert not client.flush(0.2)
        for name in ("cert.pem", "key.pem"):
            shutil.copyfile(certificate / name, tmp_path / name)
        assert client.flush(10)
    assert receiver.lines == ["line"]
