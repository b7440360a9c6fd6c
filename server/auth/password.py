"""Passwords at rest: scrypt with a salt of their own, in one text that says how it was made."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from server.auth.errors import CredentialError

__all__ = ["DUMMY_HASH", "check_stored", "hash_password", "is_password_of"]

# 16 MiB and about 0.2 s of one core for each guess.
_N, _R, _P = 1 << 14, 8, 5
_SALT_BYTES, _HASH_BYTES = 16, 32
_MEMORY_MAX_BYTES = 256 << 20
_SCHEME = "scrypt"
_PASSWORD_MAX_BYTES = 1024
_UNKNOWN = "a password is kept in a form that is not known here: set it again"


def hash_password(password: str, cost: int = _N) -> str:
    """``scrypt$N$R$P$SALT$HASH``. Raises CredentialError for an empty or endless one."""
    if not 0 < len(password.encode()) <= _PASSWORD_MAX_BYTES:
        raise CredentialError(f"a password has 1 to {_PASSWORD_MAX_BYTES} bytes")
    salt = secrets.token_bytes(_SALT_BYTES)
    made = _scrypt(password, salt, cost, _R, _P)
    return "$".join((_SCHEME, str(cost), str(_R), str(_P), _text(salt), _text(made)))


def is_password_of(password: str, stored: str) -> bool:
    """``stored`` has passed ``check_stored``."""
    if len(password.encode()) > _PASSWORD_MAX_BYTES:
        return False
    n, r, p, salt, expected = _parts(stored)
    return hmac.compare_digest(_scrypt(password, salt, n, r, p), expected)


def check_stored(stored: str) -> None:
    """Raises CredentialError for a text that ``hash_password`` has not made."""
    n, r, p, _, expected = _parts(stored)
    is_power = n > 1 and n & (n - 1) == 0
    if not is_power or r < 1 or p < 1 or 128 * n * r > _MEMORY_MAX_BYTES // 2 or len(expected) != _HASH_BYTES:
        raise CredentialError(_UNKNOWN)


def _parts(stored: str) -> tuple[int, int, int, bytes, bytes]:
    try:
        scheme, n, r, p, salt, expected = stored.split("$")
        if scheme != _SCHEME:
            raise ValueError(scheme)
        decoded = (base64.b64decode(text, validate=True) for text in (salt, expected))
        return int(n), int(r), int(p), *decoded  # type: ignore[return-value]
    except (ValueError, binascii.Error):
        raise CredentialError(_UNKNOWN) from None


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY_MAX_BYTES, dklen=_HASH_BYTES)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


# Checked where there is no such user, so that time does not tell who there is. No password has it.
DUMMY_HASH = "$".join((_SCHEME, str(_N), str(_R), str(_P), _text(bytes(_SALT_BYTES)), _text(bytes(_HASH_BYTES))))
