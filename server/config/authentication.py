"""The settings of who may ask: authentication, which Loki leaves to others, and TLS under Loki's names."""

from __future__ import annotations

from server.config.kinds import BOOL, TEXT
from server.config.setting import Setting

__all__ = ["AUTHENTICATION"]

_SECTION = "authentication"

AUTHENTICATION = (
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
