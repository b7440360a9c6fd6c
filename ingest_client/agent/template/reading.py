"""A template below a key of the configuration."""

from __future__ import annotations

from ingest_client.agent.config.section import Section
from ingest_client.agent.template.errors import TemplateError
from ingest_client.agent.template.template import Template

__all__ = ["read_template"]


def read_template(section: Section, name: str) -> Template | None:
    """The template; None for a wrong one, which is noted."""
    try:
        return Template(section.text(name))
    except TemplateError as error:
        section.mistake(str(error), name)
        return None
