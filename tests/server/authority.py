"""Authorities and certificates made by the tests, as files that servers and clients are given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import trustme

from ingest_client import TlsSettings

__all__ = ["Authority", "Pair"]


@dataclass(frozen=True)
class Pair:
    """A certificate and its key."""

    cert: Path
    key: Path


class Authority:
    """Its own certificate is in ``file``."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._ca = folder, trustme.CA()
        self.file = folder / f"{name}.pem"
        self._ca.cert_pem.write_to_path(self.file)

    def pair(self, name: str, *identities: str) -> Pair:
        """A new certificate for these hosts or people, in files of this name, which are overwritten."""
        made = self._ca.issue_cert(*identities)
        pair = Pair(self._folder / f"{name}.cert.pem", self._folder / f"{name}.key.pem")
        pair.cert.write_bytes(b"".join(blob.bytes() for blob in made.cert_chain_pems))
        made.private_key_pem.write_to_path(pair.key)
        return pair

    def trusted(self, pair: Pair | None = None) -> TlsSettings:
        """What a client needs that trusts this authority, and shows ``pair`` if it has one."""
        shown = (str(pair.cert), str(pair.key)) if pair is not None else (None, None)
        return TlsSettings(True, str(self.file), *shown)
