"""Bearer tokens: ``skald_`` for scanners that look for leaked secrets, 8 digits that name it, 64 that nobody can guess.

A token is told once, when it is made. What is kept is its SHA-256: with 256 random bits nothing slower is needed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

__all__ = ["hash_of", "is_token_of", "new_token", "token_id"]

_ID_BYTES, _SECRET_BYTES = 4, 32
_FORM = re.compile(r"skald_([0-9a-f]{8})_[0-9a-f]{64}")


def new_token() -> str:
    return f"skald_{secrets.token_hex(_ID_BYTES)}_{secrets.token_hex(_SECRET_BYTES)}"


def token_id(token: str) -> str | None:
    """Its public part; None for what is no token of ours."""
    match = _FORM.fullmatch(token)
    return match[1] if match else None


def hash_of(token: str) -> str:
    """What is kept of it, as hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token_of(token: str, sha256: str) -> bool:
    """In a time that says nothing about how close a guess was."""
    return hmac.compare_digest(hash_of(token).encode(), sha256.encode())
