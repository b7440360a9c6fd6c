"""Who may ask for what: tokens and users, what they are granted, and the gate that every request passes."""

from server.auth.errors import CredentialError
from server.auth.gate import EVERYBODY, Caller, Gate, open_gate
from server.auth.grant import Grant
from server.auth.rights import Need, Right

__all__ = ["EVERYBODY", "Caller", "CredentialError", "Gate", "Grant", "Need", "Right", "open_gate"]
