"""What a template cannot do."""

from __future__ import annotations

__all__ = ["TemplateError"]


class TemplateError(ValueError):
    """The template cannot be read, or not be rendered with these values."""
