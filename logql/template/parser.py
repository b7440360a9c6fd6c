"""From tokens to the tree, with the mistakes that Go's text/template finds and the words it has for them."""

from __future__ import annotations

from collections.abc import Container

from logql.template.lexer import Token
from logql.template.nodes import (
    Action,
    Body,
    Branch,
    LoopControl,
    Pipeline,
    Range,
    Statement,
    TemplateCall,
    Text,
)
from logql.template.pipeline_parser import PipelineParser
from logql.template.token_stream import TokenStream
from storage.text import go_quote

__all__ = ["parse_bodies"]


def parse_bodies(text: str, name: str, functions: Container[str]) -> dict[str, Body]:
    """The main template under ``name`` and those it defines. Raises TemplateSyntaxError."""
    return _Parser(text, name, functions).run()


class _Parser:
    def __init__(self, text: str, name: str, functions: Container[str]) -> None:
        self.stream = TokenStream(text, name)
        self.pipelines = PipelineParser(self.stream, functions)
        self.name, self.loops = name, 0
        self.bodies: dict[str, Body] = {}

    def run(self) -> dict[str, Body]:
        statements: list[Statement] = []
        while self.stream.peek().kind != "end of text":
            if self.stream.peek().kind == "left delimiter" and self.stream.kind_after_delimiter() == "define":
                self._definition()
                continue
            statement = self._statement()
            if isinstance(statement, Token):
                self.stream.fail(f"unexpected {{{{{statement.kind}}}}}")
            statements.append(statement)
        self._add(self.name, tuple(statements))
        return self.bodies

    def _add(self, name: str, body: Body) -> None:
        known = self.bodies.get(name)
        if known is None or _is_empty(known):
            self.bodies[name] = body
        elif not _is_empty(body):
            self.stream.fail(f"template: multiple definition of template {go_quote(name)}")

    def _definition(self) -> None:
        context = "define clause"
        self.stream.next()
        self.stream.next_solid()
        name = self.stream.template_name(context)
        self.stream.expect("right delimiter", context)
        self._add(name, self._own_body(context))

    def _own_body(self, context: str) -> Body:
        """Of a template of its own: nothing around it is visible."""
        outer = self.pipelines.variables, self.loops
        self.pipelines.variables, self.loops = ["$"], 0
        body, end = self._body()
        if end.kind != "end":
            self.stream.fail(f"unexpected {{{{{end.kind}}}}} in {context}")
        self.pipelines.variables, self.loops = outer
        return body

    def _body(self) -> tuple[Body, Token]:
        """Statements up to ``end`` or ``else``, and that token."""
        statements: list[Statement] = []
        self.stream.nest()
        while self.stream.peek_solid().kind != "end of text":
            statement = self._statement()
            if isinstance(statement, Token):
                self.stream.unnest()
                return tuple(statements), statement
            statements.append(statement)
        return self.stream.fail("unexpected EOF")

    def _statement(self) -> Statement | Token:
        """A token stands for ``end`` or ``else``."""
        token = self.stream.next_solid()
        if token.kind == "text":
            return Text(token.position, token.text)
        if token.kind != "left delimiter":
            self.stream.unexpected(token, "input")
        self.stream.action_line = token.line
        statement = self._action()
        self.stream.action_line = 0
        return statement

    def _action(self) -> Statement | Token:
        token = self.stream.next_solid()
        match token.kind:
            case "if" | "with":
                return self._branch(token.kind)
            case "range":
                return self._range()
            case "break" | "continue":
                return self._loop_control(token)
            case "end":
                self.stream.expect("right delimiter", "end")
                return token
            case "else":
                return self._else(token)
            case "template":
                return self._template_call()
            case "block":
                return self._block(token)
        self.stream.index -= 1
        return Action(token.position, self.pipelines.parse("command", "right delimiter"))

    def _else(self, token: Token) -> Token:
        if self.stream.peek_solid().kind not in ("if", "with"):
            self.stream.expect("right delimiter", "else")
        return token

    def _branch(self, keyword: str) -> Branch:
        visible = len(self.pipelines.variables)
        cases: list[tuple[Pipeline, Body]] = []
        otherwise: Body = ()
        is_open = True
        while is_open:
            pipeline = self.pipelines.parse(keyword, "right delimiter")
            body, end = self._body()
            cases.append((pipeline, body))
            is_open = end.kind == "else" and self.stream.peek().kind == keyword
            if is_open:
                self.stream.next()
            elif end.kind == "else":
                otherwise = self._last_body()
        del self.pipelines.variables[visible:]
        return Branch(cases[0][0].position, keyword, tuple(cases), otherwise)

    def _last_body(self) -> Body:
        body, end = self._body()
        if end.kind != "end":
            self.stream.fail(f"expected end; found {{{{{end.kind}}}}}")
        return body

    def _range(self) -> Range:
        visible = len(self.pipelines.variables)
        pipeline = self.pipelines.parse("range", "right delimiter")
        self.loops += 1
        body, end = self._body()
        self.loops -= 1
        otherwise = self._last_body() if end.kind == "else" else ()
        del self.pipelines.variables[visible:]
        return Range(pipeline.position, pipeline, body, otherwise)

    def _loop_control(self, keyword: Token) -> LoopControl:
        token = self.stream.next_solid()
        if token.kind != "right delimiter":
            self.stream.unexpected(token, f"{{{{{keyword.kind}}}}}")
        if self.loops == 0:
            self.stream.fail(f"{{{{{keyword.kind}}}}} outside {{{{range}}}}")
        return LoopControl(keyword.position, keyword.kind)

    def _template_call(self) -> TemplateCall:
        context = "template clause"
        start = self.stream.peek_solid()
        name = self.stream.template_name(context)
        pipeline = None
        if self.stream.next_solid().kind != "right delimiter":
            self.stream.index -= 1
            pipeline = self.pipelines.parse(context, "right delimiter")
        return TemplateCall(start.position, name, pipeline)

    def _block(self, keyword: Token) -> TemplateCall:
        context = "block clause"
        start = self.stream.peek_solid()
        name = self.stream.template_name(context)
        pipeline = self.pipelines.parse(context, "right delimiter")
        self._add(name, self._own_body(context))
        return TemplateCall(start.position, name, pipeline)


def _is_empty(body: Body) -> bool:
    return all(isinstance(statement, Text) and not statement.text.strip() for statement in body)
