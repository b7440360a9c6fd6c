"""Prints the page."""

from __future__ import annotations

from server.reference import reference_page

if __name__ == "__main__":
    print(reference_page(), end="")
