"""A server that others can reach starts only when something asks who they are, or when it is told not to mind."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from server.config import load_settings
from server.listener.public_access import public_access_complaint
from tests.server.test_run import LOGCTL, PATIENCE_S


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_loopback_needs_nothing(address: str) -> None:
    assert public_access_complaint(load_settings(), address) is None


@pytest.mark.parametrize(
    "address", ["0.0.0.0", "::", "192.168.1.2", "10.0.0.1", "8.8.8.8", "fe80::1%eth0", "2001:db8::1"]
)
@pytest.mark.parametrize(
    ("assignment", "is_refused"),
    [
        ("auth_enabled=false", True),
        ("auth_enabled=true", True),
        ("authentication.enabled=true", False),
        ("server.allow_public_access_without_authentication=true", False),
    ],
)
def test_any_other_address_needs_authentication_or_a_word(address: str, assignment: str, is_refused: bool) -> None:
    complaint = public_access_complaint(load_settings(assignments=[assignment]), address)
    assert (complaint is not None) == is_refused
    assert complaint is None or complaint.startswith(f"{address} can be reached by others")


def test_certificates_of_all_clients_say_who_they_are() -> None:
    tls = ["server.http_tls_config.cert_file=c", "server.http_tls_config.client_auth_type=RequireAndVerifyClientCert"]
    assert public_access_complaint(load_settings(assignments=tls), "0.0.0.0") is None
    assert public_access_complaint(load_settings(assignments=tls[1:]), "0.0.0.0") is not None
    assert public_access_complaint(load_settings(assignments=tls[:1]), "0.0.0.0") is not None


def test_the_process_ends_with_the_reason(tmp_path: Path) -> None:
    command = [str(LOGCTL), "serve", "--listen", "0.0.0.0:0", "--data", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("logctl serve: 0.0.0.0 can be reached by others")
    assert "--allow-public-access-without-authentication" in done.stderr
