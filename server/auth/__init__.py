"""Who may ask for what: tokens and users, what they are granted, and the gate that every request passes."""

from server.auth.errors import CredentialError
from server.auth.gate import EVERYBODY, Caller, Gate, open_gate
from server.auth.grant import Grant
from server.auth.rights import Need, Right
from server.auth.standing import NO_LONGER_VALID, OVER, Standing, Watched

__all__ = [
    "EVERYBODY",
    "NO_LONGER_VALID",
    "OVER",
    "Caller",
    "CredentialError",
    "Gate",
    "Grant",
    "Need",
    "Right",
    "Standing",
    "Watched",
    "open_gate",
]
