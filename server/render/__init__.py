"""Answers as the JSON of Loki's API: bytes that Grafana's streaming reader takes, key order included."""

from server.render.answer import render_answer
from server.render.detected import render_fields, render_labels, render_values
from server.render.lists import render_list

__all__ = ["render_answer", "render_fields", "render_labels", "render_list", "render_values"]
