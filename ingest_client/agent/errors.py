"""What stops the agent from starting.

AgentError (ValueError)
`-- ConfigError      a configuration that cannot be used: every mistake of it, one a line, each with its place
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["AgentError", "ConfigError"]


class AgentError(ValueError):
    """Base of what a person can mend."""


class ConfigError(AgentError):
    """All mistakes that were found; ``mistakes`` has them one by one."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)
