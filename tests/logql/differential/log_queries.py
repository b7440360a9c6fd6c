"""Generated log queries over the vocabulary of the generated data; most select something."""

from __future__ import annotations

from random import Random

from logql.ast import (
    Comparison,
    Decolorize,
    Drop,
    Extraction,
    JsonParser,
    Keep,
    LabelFilter,
    LabelFilterAnd,
    LabelFilterBytes,
    LabelFilterDuration,
    LabelFilterIp,
    LabelFilterMatch,
    LabelFilterNumber,
    LabelFilterOr,
    LabelFilterStage,
    LabelFormat,
    LabelRename,
    LabelTemplate,
    LineFilter,
    LineFilterOp,
    LineFormat,
    LineIp,
    LineText,
    LogfmtParser,
    LogQuery,
    Matcher,
    MatchOp,
    ParserStage,
    PatternParser,
    RegexpParser,
    Selector,
    Stage,
    UnpackParser,
)
from tests.logql.differential.words import VALUES, WORDS

__all__ = ["label_filter", "log_query", "parser", "pipeline", "selector"]

NAMES = (*VALUES, "env", "trace", "req_status", "req_n", "app_extracted", "env_extracted", "method", "nosuch")
_GIVEN = ("app", "env", "level", "user", "trace", "dur")
_REGEXES = (r"\d+", "(?i)ERROR", r"^\{", "level=(error|warn)", ".*", "", "o.*r", "ünï|x", "^$", "a|", r"\x1b", "k$")
_PATTERNS = ("<_>level<_>", "GET <_>", "<_>error", "", "<_>", '<_> - "<_>" <_>', "error", "{<_>}")
_VALUE_REGEXES = (
    "web|api",
    ".+",
    ".*",
    "",
    "i.*",
    "(?i)error",
    "[0-9]+",
    "50.",
    "u1|u2",
    "warn(ing)?",
    "w.*b|db",
    "u|",
)
_IPS = ("10.0.0.0/8", "10.0.0.1", "10.0.0.0-10.9.9.9", "2001:db8::/32", "192.168.4.7", "::1")
_TEMPLATES = (
    "{{.level}}",
    "{{.msg}} {{.status}}",
    "x",
    "{{__line__}}",
    "level={{.level}} a={{.nosuch}}",
    "{{.app}}-{{.n}}",
    "{{.level | ToUpper}}",
    "{{if .status}}{{.status}}{{else}}-{{end}}",
    "{{div 10 .n}}",
    "{{substr 2 1 .user}}",
    '{{__line__ | replace "e" "E" | trunc 9}}',
)
_EXPRESSIONS = (
    "level",
    "status",
    "req.status",
    "tags[0]",
    "tags[2].k",
    "req",
    '["with space"]',
    "n",
    "req.req.n",
    "msg",
)
_LOGFMT_KEYS = ("level", "status", "n", "nosuch", "msg", '"é"', "bare", "k_k")


def log_query(random: Random) -> LogQuery:
    return LogQuery(selector(random), pipeline(random, random.choices(range(6), (2, 4, 5, 4, 2, 1))[0]))


def selector(random: Random) -> Selector:
    always = (
        Matcher("app", MatchOp.RE, ".+"),
        Matcher("app", MatchOp.NEQ, ""),
        Matcher("app", MatchOp.EQ, random.choice(("web", "api", "db"))),
        Matcher("app", MatchOp.RE, "web|api"),
        Matcher("env", MatchOp.EQ, "prod"),
        Matcher("app", MatchOp.EQ, "nosuch"),
    )
    chosen = random.choices(always, (12, 6, 3, 4, 2, 0.3))
    if random.random() < 0.15:
        chosen.append(matcher(random, random.choice(("env", "level", "user", "nosuch"))))
    return Selector(tuple(chosen))


def matcher(random: Random, name: str) -> Matcher:
    op = random.choices(list(MatchOp), (2, 3, 3, 2))[0]
    if op.is_regex:
        is_killer = op is MatchOp.NRE and random.random() < 0.8
        return Matcher(name, op, random.choice(_VALUE_REGEXES[3:] if is_killer else _VALUE_REGEXES))
    return Matcher(name, op, random.choice((*VALUES.get(name, WORDS), "prod", "t1")))


def pipeline(random: Random, size: int) -> tuple[Stage, ...]:
    """Stages that may follow each other: ``| drop a != "x"`` would be read as a matcher."""
    stages: list[Stage] = []
    while len(stages) < size:
        stage = _stage(random, any(isinstance(before, ParserStage) for before in stages))
        before = stages[-1] if stages else None
        is_swallowed = isinstance(before, Drop | Keep) and isinstance(before.targets[-1], str)
        if not (is_swallowed and isinstance(stage, LineFilter) and stage.op.is_negative):
            stages.append(stage)
    return tuple(stages)


def _stage(random: Random, is_parsed: bool) -> Stage:
    """Before a parser there is little to filter."""
    kind = random.choices(range(5), (2, 2, 6, 3, 2) if is_parsed else (4, 9, 2, 1, 1))[0]
    match kind:
        case 0:
            return line_filter(random)
        case 1:
            return parser(random)
        case 2:
            return LabelFilterStage(label_filter(random, 2, is_parsed))
        case 3:
            return _formatter(random)
    return _projection(random)


def line_filter(random: Random) -> Stage:
    op = random.choices(list(LineFilterOp), (5, 4, 4, 3, 2, 1))[0]
    size = 1 if op.is_negative else random.choice((1, 1, 1, 2, 3))
    return LineFilter(op, tuple(_alternative(random, op) for _ in range(size)))


def _alternative(random: Random, op: LineFilterOp) -> LineText | LineIp:
    if op in (LineFilterOp.MATCHES, LineFilterOp.NOT_MATCHES):
        return LineText(random.choice(_REGEXES))
    if op in (LineFilterOp.PATTERN, LineFilterOp.NOT_PATTERN):
        return LineText(random.choice(_PATTERNS))
    if random.random() < 0.1:
        return LineIp(random.choice(_IPS))
    return LineText(random.choice((*WORDS, "a", "e", "level", "=", '"', "", "a", "e")))


def parser(random: Random) -> Stage:
    match random.choices(range(7), (6, 2, 5, 2, 2, 2, 1))[0]:
        case 0:
            return JsonParser()
        case 1:
            return JsonParser(_extractions(random, _EXPRESSIONS))
        case 2:
            return LogfmtParser(random.random() < 0.2, random.random() < 0.2)
        case 3:
            return LogfmtParser(random.random() < 0.2, False, _extractions(random, _LOGFMT_KEYS))
        case 4:
            return RegexpParser(
                random.choice((r"(?P<method>GET|POST) (?P<path>\S+)", r"(?P<n>\d+)(?P<v>x)?", "(?P<app>.)"))
            )
        case 5:
            return PatternParser(
                random.choice(('<ip> - "<method> <path>" <status> <_>', "<level>=<_>", "<a> <b>", "x<c>"))
            )
    return UnpackParser()


def _extractions(random: Random, sources: tuple[str, ...]) -> tuple[Extraction, ...]:
    names = random.sample(("level", "status", "x", "y", "env", "trace"), random.randint(1, 3))
    return tuple(Extraction(name, random.choice(sources)) for name in names)


def label_filter(random: Random, depth: int, is_parsed: bool = True) -> LabelFilter:
    if depth and random.random() < 0.25:
        first, second = (label_filter(random, depth - 1, is_parsed) for _ in range(2))
        return LabelFilterOr((first, second)) if random.random() < 0.7 else LabelFilterAnd((first, second))
    name, op = random.choice(NAMES), random.choice(list(Comparison))
    if not is_parsed and random.random() < 0.9:
        return LabelFilterMatch(matcher(random, random.choice(_GIVEN)))
    match random.choices(range(6), (6, 3, 1, 1, 1, 2))[0]:
        case 1:
            name = random.choice(("status", "n", "v", "req_status", name))
            return LabelFilterNumber(name, op, random.choice((0.0, 2.0, 200.0, 3.5, -4.0, 1000.0)))
        case 2:
            return LabelFilterDuration(random.choice(("dur", name)), op, random.choice((250_000_000, 10**9, 90_000)))
        case 3:
            return LabelFilterBytes(
                random.choice(("size", name)), op, random.choice((900.0, 12_000.0, 1_572_864.0, 10.0))
            )
        case 4:
            return LabelFilterIp(random.choice(("ip", name)), random.random() < 0.3, random.choice(_IPS))
        case 5:
            return LabelFilterMatch(
                Matcher("__error__", random.choice(list(MatchOp)), random.choice(("", "JSONParserErr")))
            )
    return LabelFilterMatch(matcher(random, name))


def _formatter(random: Random) -> Stage:
    match random.choices(range(4), (3, 3, 3, 1))[0]:
        case 0:
            return LineFormat(random.choice(_TEMPLATES))
        case 1 | 2:
            targets = random.sample(("level", "x", "app", "trace", "status", "new"), random.randint(1, 2))
            return LabelFormat(tuple(_format_item(random, target) for target in targets))
    return Decolorize()


def _format_item(random: Random, target: str) -> LabelRename | LabelTemplate:
    if random.random() < 0.5:
        return LabelRename(target, random.choice(NAMES))
    return LabelTemplate(target, random.choice(_TEMPLATES))


def _projection(random: Random) -> Stage:
    names = random.sample((*NAMES, "__error__", "__error_details__"), random.randint(1, 3))
    targets = tuple(
        matcher(random, name) if random.random() < 0.3 and not name.startswith("__") else name for name in names
    )
    return Drop(targets) if random.random() < 0.6 else Keep(targets)
