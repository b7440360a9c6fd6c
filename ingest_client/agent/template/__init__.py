"""Go's templates, as far as pipelines use them: fields, pipes, functions, variables, ``if`` and ``with``."""

from __future__ import annotations

from ingest_client.agent.template.errors import TemplateError
from ingest_client.agent.template.template import Template

__all__ = ["Template", "TemplateError"]
