"""What the agent says on stderr: the deliveries' words, put right where lines wait on the disk and not in memory."""

from __future__ import annotations

import sys

from ingest_client.complaints import Complaints

__all__ = ["Troubles"]


class Troubles(Complaints):
    """A line for each kind of trouble until it is settled."""

    def complain(self, kind: str, text: str) -> None:
        """Nothing is undelivered at the end: it is committed."""
        if kind == "end":
            text = "lines that the server has not taken are kept on the disk, and go first at the next start"
        super().complain(
            kind, text.replace("lines are kept in memory meanwhile", "lines are kept on the disk meanwhile")
        )

    def say(self, text: str) -> None:
        """Write one line."""
        print(f"logctl agent: {text}", file=sys.stderr, flush=True)
