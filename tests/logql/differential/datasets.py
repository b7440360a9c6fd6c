"""Generated entries: few streams with few labels, lines of all formats and broken ones, times that meet."""

from __future__ import annotations

import json
from random import Random

from storage.labels import Labels
from tests.logql.differential.words import AGENTS, BASE_NS, PATHS, SECOND_NS, SPAN_S, VALUES, WORDS
from tests.storage.entries import Entry

__all__ = ["dataset", "segments"]

_STREAMS = (
    {"app": "web", "env": "prod"},
    {"app": "web", "env": "dev"},
    {"app": "api", "env": "prod", "level": "info"},
    {"app": "api", "env": "dev", "status": "200"},
    {"app": "db", "user": "u1"},
    {"app": "db", "env": "prod", "msg": "ok"},
)
_ODD_KEYS = ("with space", "k-1", "0n", "é", "level", "", " app ", "req", "req_took")
_ODD_LINES = (
    "",
    " ",
    "{",
    "{}",
    "null",
    '["a",1]',
    '"quoted"',
    "\x1b[31mred\x1b[0m level=error",
    "line\nbreak level=warn",
    "日本 ünï 🔥",
    "\ufffd=\ufffd a=\ufffd",
    '{"a":"\ufffd","level":"x"}',
    '{"_entry":"level=error status=500","user":"u2","n":1}',
    '{"_entry":"GET /a 200","app":"packed","msg":"m1","msg":"m2"}',
    '{"user":"u3"}',
    "10.0.0.1:80 fe80::1%eth0 ::1 1.2.3.4.5 v6",
    'a="x\\"y" b="z\\n" c="bad\\q" d=1',
    "foo='a b' zed=3 =x a==b \"q\" level=info",
)


def dataset(random: Random) -> list[Entry]:
    """Entries in the order of ingestion, without duplicates."""
    streams = [Labels(each) for each in random.sample(_STREAMS, random.randint(2, 4))]
    entries = [_entry(random, random.choice(streams)) for _ in range(random.randint(20, 60))]
    if random.random() < 0.7:
        entries.sort(key=lambda entry: entry.ts)
    return list(dict.fromkeys(entries))


def segments(random: Random, entries: list[Entry]) -> list[list[Entry]]:
    """The entries cut into what is flushed one after the other, and what stays in the head; a part may be empty."""
    cuts = sorted(random.randint(0, len(entries)) for _ in range(random.randint(0, 3)))
    return [entries[start:end] for start, end in zip([0, *cuts], [*cuts, len(entries)], strict=True)]


def _entry(random: Random, labels: Labels) -> Entry:
    ts = BASE_NS + random.randrange(2 * SPAN_S) * SECOND_NS // 2 + random.choice((0, 0, 0, 1, -1, 123_456_789))
    return Entry(labels, ts, _line(random), frozenset(_metadata(random).items()))


def _metadata(random: Random) -> dict[str, str]:
    if random.random() < 0.6:
        return {}
    names = random.sample(("trace", "level", "status", "env", "dur", "user", "env_extracted"), random.randint(1, 2))
    pairs = {name: random.choice(VALUES.get(name, WORDS)) for name in names}
    if random.random() < 0.02:
        pairs["__error__"] = "Pushed"
    return {name: value for name, value in pairs.items() if value}


def _line(random: Random) -> str:
    kind = random.random()
    if kind < 0.35:
        return _json(random)
    if kind < 0.45:
        return _broken(random, _json(random))
    if kind < 0.7:
        return _logfmt(random)
    if kind < 0.8:
        status, method = random.choice(VALUES["status"]), random.choice(("GET", "POST"))
        return f'{random.choice(VALUES["ip"])} - "{method} {random.choice(PATHS)}" {status} {random.choice(AGENTS)}'
    return random.choice(_ODD_LINES) if kind < 0.92 else " ".join(random.choices(WORDS, k=random.randint(1, 5)))


def _typed(text: str) -> object:
    """Numbers as JSON numbers, half of the rest as they are."""
    try:
        return int(text)
    except ValueError:
        return {"true": True, "null": None}.get(text, text)


def _object(random: Random, depth: int) -> dict[str, object]:
    names = random.sample(sorted(VALUES), random.randint(2, 8))
    members: dict[str, object] = {
        name: _typed(text) if random.random() < 0.6 else text
        for name, text in ((name, random.choice(VALUES[name])) for name in names)
    }
    if depth and random.random() < 0.4:
        members["req"] = _object(random, depth - 1)
    if random.random() < 0.2:
        members["tags"] = random.choice(([], ["a", 1, {"k": "v"}], {}, [[1, 2], None], None))
    if random.random() < 0.15:
        members[random.choice(_ODD_KEYS)] = random.choice(("odd", 7, "", 'quo"te', "tab\t", "日本"))
    return members


def _json(random: Random) -> str:
    separators = random.choice(((",", ":"), (", ", ": ")))
    text = json.dumps(_object(random, 2), separators=separators, ensure_ascii=random.random() < 0.5)
    if random.random() < 0.1:
        name, value = random.choice(list(VALUES.items()))
        text = text[:-1] + (", " if len(text) > 2 else "") + f'"{name}": "{value[0]}"' + "}"
    return text


def _broken(random: Random, text: str) -> str:
    place = random.randint(0, len(text))
    match random.randrange(6):
        case 0 | 1 | 2:
            return text[:place]
        case 3:
            return text[:place] + random.choice((",", "}", "x", '"', ":")) + text[place:]
        case 4:
            return random.choice((" ", "\n")) + text + random.choice((" trailing", "}", ""))
        case _:
            return text.replace(": ", ":").replace(":2", ":tru2").replace('"a"', "a")


def _logfmt(random: Random) -> str:
    names = random.choices(sorted(VALUES), k=random.randint(2, 8))
    pairs = [f"{name}={_logfmt_value(random, random.choice(VALUES[name]))}" for name in names]
    if random.random() < 0.15:
        pairs.insert(
            random.randint(0, len(pairs)), random.choice(("=x", "bare", "a=b=c", 'x"y"', 'u="open', "k.k=v", "é=1"))
        )
    return random.choice((" ", "\t", "  ")).join(pairs)


def _logfmt_value(random: Random, text: str) -> str:
    if any(char in text for char in ' ="') or random.random() < 0.2:
        return json.dumps(text, ensure_ascii=False)
    return text
