"""TLS of the listener: certificates that are read again when their files change, without a restart.

The listener holds one context for good. In each handshake, before a certificate is shown, it is swapped for the newest.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable
from pathlib import Path

from server.config.settings import TlsSettings

__all__ = ["LOOK_EVERY_S", "ListenerTls", "TlsError"]

log = logging.getLogger("skaldlog.tls")

LOOK_EVERY_S = 1.0
_VERIFY = {
    "NoClientCert": ssl.CERT_NONE,
    "VerifyClientCertIfGiven": ssl.CERT_OPTIONAL,
    "RequireAndVerifyClientCert": ssl.CERT_REQUIRED,
}

Signature = tuple[tuple[int, int, int], ...]


class TlsError(Exception):
    """The files cannot be used; ``str()`` names the setting and the cause."""


class ListenerTls:
    """``context`` is for the listener. ``clock`` tells seconds. Handshakes come one at a time, from the event loop."""

    def __init__(self, settings: TlsSettings, clock: Callable[[], float]) -> None:
        """Raises TlsError."""
        self._settings, self._clock = settings, clock
        self._signature = self._sign()
        self._looked_s = clock()
        self._newest = _made(settings)
        self.context = _made(settings)
        self.context.sni_callback = self._swap

    def _swap(self, connection: ssl.SSLObject, _: str | None, __: ssl.SSLContext) -> None:
        self._look()
        connection.context = self._newest

    def _look(self) -> None:
        now_s = self._clock()
        if now_s - self._looked_s < LOOK_EVERY_S:
            return
        self._looked_s = now_s
        signature = self._sign()
        if signature == self._signature:
            return
        self._signature = signature
        try:
            self._newest = _made(self._settings)
            log.info("certificates were read again")
        except TlsError as error:
            # Certificate and key change one after the other: with the second the signature changes again.
            log.error("%s, the certificates of before stay in use", error)

    def _sign(self) -> Signature:
        names = (self._settings.cert_file, self._settings.key_file, self._settings.client_ca_file)
        return tuple(_signature(name) for name in names if name)


def _signature(name: str) -> tuple[int, int, int]:
    try:
        status = Path(name).stat()
    except OSError:
        return (0, 0, 0)
    return status.st_mtime_ns, status.st_ino, status.st_size


def _made(settings: TlsSettings) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    context.set_alpn_protocols(["http/1.1"])
    try:
        # An encrypted key would be asked for on a terminal.
        context.load_cert_chain(settings.cert_file, settings.key_file, password=_no_password)
    except (OSError, ValueError) as error:
        files = f"{settings.cert_file} and {settings.key_file}"
        raise TlsError(f"server.http_tls_config: {files} are no certificate with its key: {_cause(error)}") from error
    context.verify_mode = _VERIFY[settings.client_auth_type]
    if context.verify_mode is not ssl.CERT_NONE and not settings.client_ca_file:
        raise TlsError(f"server.http_tls_config: {settings.client_auth_type} needs client_ca_file, to verify against")
    if settings.client_ca_file:
        try:
            context.load_verify_locations(settings.client_ca_file)
        except (OSError, ValueError) as error:
            cause = f"{settings.client_ca_file} has no certificates: {_cause(error)}"
            raise TlsError(f"server.http_tls_config.client_ca_file: {cause}") from error
    return context


def _no_password() -> str:
    raise ValueError("the key is encrypted: give it without a password, readable by the server only")


def _cause(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return error.reason or str(error)
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
