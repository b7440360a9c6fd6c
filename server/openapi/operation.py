"""What the document says of one method of one path."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Operation"]


@dataclass(frozen=True, slots=True)
class Operation:
    """``parameters`` and ``headers`` name those of ``parameters.py``, ``success`` is a status and names an answer.

    takes      the name of a body; None for none
    refusals   names of the answers that errors have
    is_public  whether it asks for no tenant
    in_url     whether parameters count in the URL only, whatever the method
    """

    tag: str
    summary: str
    parameters: tuple[str, ...] = ()
    success: tuple[int, str] = (200, "data")
    takes: str | None = None
    refusals: tuple[str, ...] = ("text",)
    headers: tuple[str, ...] = ()
    is_public: bool = False
    in_url: bool = False
    details: str = ""
