"""What a template can fail with: TemplateSyntaxError when it is read, TemplateError when it runs on a row."""

from __future__ import annotations

__all__ = ["TemplateError", "TemplateSyntaxError"]


class TemplateSyntaxError(ValueError):
    """``template: line:1: unclosed action``."""


class TemplateError(Exception):
    """``template: line:1:2: executing "line" at <substr 3 1 .s>: error calling substr: ...``."""
