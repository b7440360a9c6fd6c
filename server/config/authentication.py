"""The settings of who may ask: authentication, which Loki leaves to others, and TLS under Loki's names."""

from __future__ import annotations

from typing import Any

from server.config.kinds import BOOL, TEXT, Kind
from server.config.setting import Setting

__all__ = ["AUTHENTICATION"]

_SECTION = "authentication"

_TLS = "server.http_tls_config"
_CLIENT_AUTH_NAMES = ("NoClientCert", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert")
_CLIENT_AUTH = {name.lower(): name for name in _CLIENT_AUTH_NAMES}


def _read_client_auth(raw: Any) -> str:
    name = _CLIENT_AUTH.get(str(raw).lower())
    if name is None:
        raise ValueError(f"{raw!r} is none of {', '.join(_CLIENT_AUTH.values())}")
    return name


AUTHENTICATION = (
    Setting(
        f"{_TLS}.cert_file",
        TEXT,
        "tls.cert_file",
        "The server's certificate, with those between it and its authority; TLS is off without one. It is read again "
        "when it changes, as are the others.",
    ),
    Setting(f"{_TLS}.key_file", TEXT, "tls.key_file", "Its key."),
    Setting(
        f"{_TLS}.client_auth_type",
        Kind(" or ".join(f"`{name}`" for name in _CLIENT_AUTH.values()), _read_client_auth, str),
        "tls.client_auth_type",
        "Whether clients show a certificate. (Loki has two kinds more, which verify nothing.)",
    ),
    Setting(f"{_TLS}.client_ca_file", TEXT, "tls.client_ca_file", "Authorities of clients' certificates."),
    Setting(
        "server.allow_public_access_without_authentication",
        BOOL,
        "http.allow_public_access_without_authentication",
        "Listen on an address that others reach although nothing asks who they are "
        "(`--allow-public-access-without-authentication`). Without it the server refuses to start there.",
    ),
    Setting(
        f"{_SECTION}.enabled",
        BOOL,
        "authentication.enabled",
        "Ask every request for a token or a password; `logctl token` and `logctl user` make them "
        "([security.md](security.md)).",
    ),
    Setting(
        f"{_SECTION}.tokens_file",
        TEXT,
        "authentication.tokens_file",
        "Where tokens are kept; empty means `auth/tokens.json` in the data folder.",
    ),
    Setting(
        f"{_SECTION}.users_file",
        TEXT,
        "authentication.users_file",
        "Where users are kept; empty means `auth/users.json` in the data folder.",
    ),
    Setting(f"{_SECTION}.open_ready", BOOL, "authentication.open_ready", "`/ready` asks nobody who they are."),
    Setting(
        f"{_SECTION}.open_metrics",
        BOOL,
        "authentication.open_metrics",
        "`/metrics` asks nobody who they are. It names tenants; otherwise it takes a reader of all of them.",
    ),
)
