"""A credential, or the file it is kept in, that cannot be used."""

from __future__ import annotations

__all__ = ["CredentialError"]


class CredentialError(Exception):
    """``str()`` names the cause and what would be right, never a secret."""
