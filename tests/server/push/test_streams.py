"""Service names and the judgement of label sets."""

from __future__ import annotations

import pytest

from server.limits import PushLimits
from server.push.errors import Reason
from server.push.streams import StreamResolver, resolver_of


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("{}", "unknown_service"),
        ('{a="b"}', "unknown_service"),
        ('{app="a1", container="c1"}', "a1"),
        ('{job="j", component="c"}', "c"),
        ('{service="", job="j"}', "j"),
        ('{service="s", service_name="mine"}', "mine"),
        ('{service="s", service_name=""}', "s"),
        ('{k8s_job_name="k"}', "k"),
        ('{__aggregated_metric__="x", app="a"}', None),
        ('{__pattern__="x"}', None),
    ],
)
def test_the_service_name_is_the_first_label_of_the_list(text: str, service: str | None) -> None:
    assert resolver_of(PushLimits()).resolve(text.encode()).labels.get("service_name") == service


def test_of_a_name_that_is_there_twice_the_first_value_names_the_service() -> None:
    refusal = resolver_of(PushLimits()).resolve(b'{job="p", job="q"}').refusal
    assert refusal is not None
    assert refusal.text == 'stream \'{job="p", job="q", service_name="p"}\' has duplicate label name: \'job\''


def test_an_empty_list_switches_discovery_off() -> None:
    stream = resolver_of(PushLimits(discover_service_name=())).resolve(b'{app="a"}')
    assert stream.text == '{app="a"}'


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ('{level="WARN"}', "WARN"),
        ('{lvl="x", severity="y"}', "y"),
        ('{"log.level"="x", severity="y"}', "x"),
        ('{level="", lvl="x"}', "x"),
        ('{detected_level="x"}', None),
    ],
)
def test_the_label_that_tells_the_level(text: str, level: str | None) -> None:
    assert resolver_of(PushLimits()).resolve(text.encode()).level == level


def test_sizes_of_labels_are_bytes() -> None:
    resolve = StreamResolver(PushLimits(max_label_name_length=20, max_label_value_length=20)).resolve
    value, name = "é" * 11, "é" * 11
    assert resolve(f'{{a="{value[1:]}"}}'.encode()).refusal is None
    for text, reason in (
        (f'{{a="{value}"}}', Reason.LABEL_VALUE_TOO_LONG),
        (f'{{"{name}"="v"}}', Reason.LABEL_NAME_TOO_LONG),
    ):
        refusal = resolve(text.encode()).refusal
        assert refusal is not None
        assert refusal.reason is reason


def test_streams_are_remembered_per_limits() -> None:
    one, other = resolver_of(PushLimits()), resolver_of(PushLimits(max_label_names_per_series=0))
    assert one.resolve(b'{a="b"}') is resolver_of(PushLimits()).resolve(b'{a="b"}')
    assert one.resolve(b'{a="b"}').refusal is None
    assert other.resolve(b'{a="b"}').refusal is not None


def test_enormous_label_strings_are_not_remembered() -> None:
    resolver = StreamResolver(PushLimits())
    text = b'{a="' + b"x" * 4000 + b'"}'
    assert resolver.resolve(text) is not resolver.resolve(text)
