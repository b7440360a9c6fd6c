"""Parameters from URL and form, and the tags header."""

from __future__ import annotations

import pytest

from server.http.errors import BadRequest
from server.parameters.form import parse_parameters
from server.parameters.tags import is_from_drilldown


@pytest.mark.parametrize(
    ("url", "form", "value"),
    [
        (b"q=url", b"", "url"),
        (b"q=url", b"q=form", "form"),
        (b"q=1&q=2", b"", "1"),
        (b"q=url", b"q=", "url"),
        (b"q=", b"", ""),
        (b"", b"", ""),
        (b"q=%7Ba%3D%22b%22%7D+%7C%3D+x", b"", '{a="b"} |= x'),
        (b"q=%ff", b"", "\ufffd"),
        (b"q=a;b", b"", "a;b"),
    ],
)
def test_the_first_value_wins_and_the_form_comes_first(url: bytes, form: bytes, value: str) -> None:
    assert parse_parameters(url, form).first("q") == value


def test_repeated_names_keep_all_values_in_order() -> None:
    assert list(parse_parameters(b"m=3&m=&x=1", b"m=1&m=2").all("m")) == ["1", "2", "3"]


def test_only_selectors_of_series_may_be_empty() -> None:
    given = parse_parameters(b"m=&match=&match[]=&match[]=%7B%7D")
    assert [list(given.all(name)) for name in ("m", "match", "match[]")] == [[], [""], ["", "{}"]]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Source=grafana-lokiexplore-app", True),
        ("source=GRAFANA-LokiExplore-App", True),
        ("a=b,Source=grafana-lokiexplore-app", True),
        ("Source=grafana", False),
        ("grafana-lokiexplore-app", False),
        ("", False),
        (None, False),
    ],
)
def test_drilldown_is_recognised_by_its_tag(header: str | None, found: bool) -> None:
    assert is_from_drilldown(header) is found


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"&" * 10_000_000, "too many parameters: 10000001, limit: 1000"),
        (b"a=b&" * 1000, "too many parameters: 1001, limit: 1000"),
        (b"query=" + b"%41" * 3_000_000, "parameters too long: 3000000 escaped bytes, limit: 262144"),
    ],
)
@pytest.mark.parametrize("place", ["form", "query_string"])
def test_too_much_is_refused_before_it_is_read(source: bytes, told: str, place: str) -> None:
    with pytest.raises(BadRequest, match=told):
        parse_parameters(**{"query_string": b"", place: source})
