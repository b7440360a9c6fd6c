"""``clients``: where lines go, and as whom."""

from __future__ import annotations

import os

from ingest_client.agent.config.model import ClientConfig
from ingest_client.agent.config.section import Section
from ingest_client.errors import InvalidSettings
from ingest_client.settings import ClientSettings, Credentials, TlsSettings

__all__ = ["read_clients"]


def read_clients(top: Section) -> tuple[ClientConfig, ...]:
    """``clients`` and the old ``client``."""
    sections = top.sections("clients")
    if top.has("client"):
        sections.append(top.section("client"))
    if not sections:
        top.mistake("name at least one server to push to: - url: http://localhost:3100/loki/api/v1/push", "clients")
    clients = tuple(client for section in sections if (client := _read(section)) is not None)
    names = [client.name for client in clients]
    for name in {name for name in names if names.count(name) > 1}:
        top.mistake(f"two clients are called {name!r}: give them different names or addresses", "clients")
    return clients


def _read(section: Section) -> ClientConfig | None:
    backoff = section.section("backoff_config")
    base_s, cap_s = backoff.duration_s("min_period", 0.5), backoff.duration_s("max_period", 300.0)
    if backoff.raw("max_retries") is not None:
        backoff.warn("has no effect: a batch is offered until the server takes or refuses it", "max_retries")
    backoff.finish()
    # The path that Loki's first releases had is where the server takes old clients' pushes: this is no old client.
    url = section.text("url", required=True).removesuffix("/api/prom/push")
    tenant = section.text("tenant_id")
    for name, why in (
        ("headers", "has no effect: only the tenant is sent"),
        ("drop_rate_limited_batches", "has no effect: what is limited is sent later"),
        ("oauth2", "is not supported: use bearer_token_file"),
        ("proxy_url", "is not supported"),
        ("follow_redirects", "has no effect"),
        ("enable_http2", "has no effect"),
    ):
        section.unsupported((name,), why)
    client = _client(section, url, tenant, base_s, cap_s)
    section.finish()
    return client


def _client(section: Section, url: str, tenant: str, base_s: float, cap_s: float) -> ClientConfig | None:
    credentials, tls = _credentials(section, tenant), _tls(section.section("tls_config"))
    timeout_s = section.duration_s("timeout", 10.0)
    wait_s, batch_bytes = section.duration_s("batchwait", 1.0), section.size_bytes("batchsize", 1 << 20)
    labels, name = section.mapping("external_labels"), section.text("name")
    if credentials is None:
        return None
    try:
        settings = ClientSettings(
            url=url,
            credentials=credentials,
            tls=tls,
            timeout_s=timeout_s,
            backoff_base_s=base_s,
            backoff_cap_s=cap_s,
            batch_wait_s=wait_s,
            batch_bytes=batch_bytes,
        )
    except InvalidSettings as error:
        section.mistake(str(error))
        return None
    return ClientConfig(name or url, settings, tenant, labels, wait_s, batch_bytes)


def _credentials(section: Section, tenant: str) -> Credentials | None:
    basic, authorization = section.section("basic_auth"), section.section("authorization")
    username, password = basic.text("username"), basic.text("password")
    password_file = "" if password else _file(basic, "password_file")
    kind = authorization.text("type", "Bearer")
    token = section.text("bearer_token") or authorization.text("credentials")
    token_file = "" if token else _file(section, "bearer_token_file") or _file(authorization, "credentials_file")
    if (token or token_file) and kind != "Bearer":
        authorization.mistake(f"only Bearer is supported, not {kind!r}", "type")
    basic.finish()
    authorization.finish()
    try:
        return Credentials(*(each or None for each in (tenant, username, password, token, token_file, password_file)))
    except InvalidSettings as error:
        section.mistake(str(error))
        return None


def _file(section: Section, name: str) -> str:
    """The path of a secret. It may come later, as in a pod that starts: the server says until then what is missing."""
    path = section.text(name)
    if path and not os.access(path, os.R_OK):
        section.warn(f"{path} cannot be read: it is tried again whenever the server refuses", name)
    return path


def _tls(section: Section) -> TlsSettings:
    tls = TlsSettings(
        verify=not section.boolean("insecure_skip_verify"),
        ca_file=section.text("ca_file") or None,
        cert_file=section.text("cert_file") or None,
        key_file=section.text("key_file") or None,
    )
    section.unsupported(("server_name", "min_version", "max_version"), "has no effect")
    section.finish()
    return tls
