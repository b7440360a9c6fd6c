"""The template language of line_format and label_format: Go's text/template with Loki's functions."""

from __future__ import annotations

from logql.template.errors import TemplateError, TemplateSyntaxError
from logql.template.template import Template

__all__ = ["Template", "TemplateError", "TemplateSyntaxError"]
