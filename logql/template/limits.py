"""What one template, and one execution of it, may use; a template comes from a user and runs once a row."""

from __future__ import annotations

__all__ = [
    "CHARS_PER_STEP",
    "MAX_FAST_FIELDS",
    "MAX_JSON_DEPTH",
    "MAX_LEVELS",
    "MAX_NESTING",
    "MAX_OUTPUT_CHARS",
    "MAX_STEPS",
    "check_length",
]

MAX_OUTPUT_CHARS = 1 << 20  # of one execution, beyond the line itself, and of each value on the way
MAX_STEPS = 100_000  # actions, calls, iterations
CHARS_PER_STEP = 64  # text that goes through a function costs, too
MAX_NESTING = 64  # of blocks and parentheses in the text: the parser and the closures recurse that deep
MAX_LEVELS = 100  # of blocks and parentheses across templates that call each other
MAX_JSON_DEPTH = 50  # printing recurs that deep
MAX_FAST_FIELDS = 64


def check_length(chars: int) -> None:
    """Raises ValueError, before the memory is taken."""
    if chars > MAX_OUTPUT_CHARS:
        raise ValueError(f"output exceeds {MAX_OUTPUT_CHARS} characters")
