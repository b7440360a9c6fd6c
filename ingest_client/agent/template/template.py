"""A template, compiled to closures once and rendered often.

Output is bounded, and there are no loops, so that no template takes long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ingest_client.agent.template.errors import TemplateError
from ingest_client.agent.template.expressions import Evaluate, Scope, parse_pipeline
from ingest_client.agent.template.lexer import Token, split_actions, tokens_of
from ingest_client.agent.template.values import is_true, printed

__all__ = ["Template"]

_MAX_CHARS = 1 << 20
_MAX_DEPTH = 32

Render = Callable[[Scope, list[str]], None]


class Template:
    """Raises TemplateError when it cannot be read."""

    def __init__(self, text: str) -> None:
        pieces = iter(list(split_actions(text)))
        self.text = text
        self._render, ended_by = _block(pieces, 0)
        if ended_by is not None:
            raise TemplateError(f"unexpected {{{{{ended_by[0].text}}}}}")

    def render(self, values: dict[str, Any]) -> str:
        """The text for these values. Raises TemplateError."""
        out: list[str] = []
        try:
            self._render(Scope(values, {"$": values}), out)
        except TemplateError:
            raise
        except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
            raise TemplateError(f"{self.text!r}: {error}") from error
        text = "".join(out)
        if len(text) > _MAX_CHARS:
            raise TemplateError(f"{self.text!r} makes more than {_MAX_CHARS} characters")
        return text


def _block(pieces: Iterator[tuple[str, bool]], depth: int) -> tuple[Render, list[Token] | None]:
    """What stands up to ``end`` or ``else``, and that action; None at the end of the template."""
    if depth > _MAX_DEPTH:
        raise TemplateError("actions are nested too deeply")
    parts: list[Render] = []
    for text, is_action in pieces:
        if not is_action:
            if text:
                parts.append(_text(text))
            continue
        if not text or text.startswith("/*"):
            continue
        tokens = tokens_of(text)
        word = tokens[0].text if tokens[0].kind == "name" else ""
        if word in ("end", "else"):
            return _sequence(parts), tokens
        if word in ("if", "with"):
            parts.append(_branch(word, tokens[1:], pieces, depth + 1))
        elif word in ("range", "define", "template", "block", "break", "continue"):
            raise TemplateError(f"{{{{{word}}}}} is not supported here")
        else:
            parts.append(_action(tokens))
    return _sequence(parts), None


def _branch(word: str, condition: list[Token], pieces: Iterator[tuple[str, bool]], depth: int) -> Render:
    test = parse_pipeline(condition)
    then, ended_by = _block(pieces, depth)
    if ended_by is None:
        raise TemplateError(f"{{{{{word}}}}} has no {{{{end}}}}")
    otherwise = _sequence([])
    if ended_by[0].text == "else":
        if len(ended_by) > 1:
            otherwise = _branch(ended_by[1].text, ended_by[2:], pieces, depth + 1)
        else:
            otherwise, last = _block(pieces, depth)
            if last is None or last[0].text != "end":
                raise TemplateError(f"{{{{{word}}}}} has no {{{{end}}}}")

    def render(scope: Scope, out: list[str]) -> None:
        value = test(scope)
        if not is_true(value):
            otherwise(scope, out)
        else:
            then(scope if word == "if" else Scope(value, scope.variables), out)

    return render


def _action(tokens: list[Token]) -> Render:
    if len(tokens) > 2 and tokens[0].kind == "variable" and tokens[1].text in (":=", "="):
        return _assignment(tokens[0].text, parse_pipeline(tokens[2:]))
    evaluate = parse_pipeline(tokens)
    return lambda scope, out: out.append(printed(evaluate(scope)))


def _assignment(name: str, evaluate: Evaluate) -> Render:
    def render(scope: Scope, out: list[str]) -> None:
        scope.variables[name] = evaluate(scope)

    return render


def _text(text: str) -> Render:
    return lambda scope, out: out.append(text)


def _sequence(parts: list[Render]) -> Render:
    if len(parts) == 1:
        return parts[0]

    def render(scope: Scope, out: list[str]) -> None:
        for part in parts:
            part(scope, out)

    return render
