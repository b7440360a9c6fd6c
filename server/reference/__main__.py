"""Prints the page."""

from __future__ import annotations

from server.reference import reference_page

print(reference_page(), end="")
