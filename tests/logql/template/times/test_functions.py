"""Functions and methods of moments, as templates call them."""

# ruff: noqa: E501 (tables read best with a case a line)

from __future__ import annotations

import pytest

from tests.logql.template.execution import run

DAY = '(toDateInZone "2006-01-02 15:04:05" "UTC" "2024-02-29 23:59:58")'

OUTPUTS = [
    ("{{__timestamp__ | unixEpoch}}", "1795366201"),
    ("{{__timestamp__ | unixEpochMillis}}", "1795366201123"),
    ("{{unixEpochNanos __timestamp__}}", "1795366201123456789"),
    ('{{date "2006-01-02" (toDate "2006-01-02" "2021-11-02")}}', "2021-11-02"),
    ('{{toDateInZone "2006-01-02 15:04" "Asia/Shanghai" "2026-01-02 03:04" | unixEpoch}}', "1767294240"),
    ('{{toDateInZone "2006" "No/Where" "2021"}}', "2021-01-01 00:00:00 +0000 UTC"),
    ('{{toDate "2006-01-02" "bad"}}', "0001-01-01 00:00:00 +0000 UTC"),
    ('{{toDateInZone "2006" "UTC" "bad"}}', "0001-01-01 00:00:00 +0000 UTC"),
    ('{{now | date "2006" | len}}', "4"),
    ('{{date "2006" "x" | len}} {{date "2006" nil | len}}', "4 4"),
    ('{{(unixToTime "1795366201").Unix}} {{(unixToTime "1795366201123").UnixMilli}}', "1795366201 1795366201123"),
    ('{{(unixToTime "1795366201123456").UnixMicro}}', "1795366201123456"),
    ('{{(unixToTime "1795366201123456789").UnixNano}}', "1795366201123456789"),
    ('{{(unixToTime "19000").Unix}} {{(unixToTime "-9000").Unix}}', "1641600000 -777600000"),
    (f"{{{{with {DAY}}}}}{{{{.Year}}}} {{{{.Month}}}} {{{{.Day}}}} {{{{.YearDay}}}}{{{{end}}}}", "2024 February 29 60"),
    (f"{{{{with {DAY}}}}}{{{{.Hour}}}} {{{{.Minute}}}} {{{{.Second}}}} {{{{.Nanosecond}}}}{{{{end}}}}", "23 59 58 0"),
    (f"{{{{{DAY}.Weekday}}}} {{{{int {DAY}.Weekday}}}} {{{{int {DAY}.Month}}}}", "Thursday 4 2"),
    (f"{{{{{DAY}.AddDate 1 0 1}}}}", "2025-03-02 23:59:58 +0000 UTC"),
    (f"{{{{{DAY}.AddDate 0 -14 0}}}}", "2022-12-29 23:59:58 +0000 UTC"),
    (f"{{{{{DAY}.Add 2000000000}}}}", "2024-03-01 00:00:00 +0000 UTC"),
    (f"{{{{{DAY}.Truncate 3600000000000}}}}", "2024-02-29 23:00:00 +0000 UTC"),
    (f"{{{{{DAY}.Round 3600000000000}}}}", "2024-03-01 00:00:00 +0000 UTC"),
    (f"{{{{$d := {DAY}}}}}{{{{($d.Add 90000000000).Sub $d}}}} {{{{(($d.Add 90000000000).Sub $d).Seconds}}}}", "1m30s 90"),
    (f"{{{{$d := {DAY}}}}}{{{{($d.Sub ($d.Add 90000000000)).Abs.Minutes}}}}", "1.5"),
    (f"{{{{$d := ({DAY}.Add 1500000000).Sub {DAY}}}}}{{{{$d.Round 1000000000}}}} {{{{$d.Truncate 1000000000}}}}", "2s 1s"),
    (f"{{{{$d := {DAY}}}}}{{{{$d.Before now}}}} {{{{$d.After now}}}} {{{{$d.Equal $d}}}} {{{{$d.Compare now}}}}", "true false true -1"),
    (f"{{{{{DAY}.IsZero}}}} {{{{(toDate `x` `y`).IsZero}}}}", "false true"),
    (f'{{{{printf "%s|%d|%T" {DAY}.Month {DAY}.Month {DAY}}}}}', "February|2|time.Time"),
    (f"{{{{{DAY}.String}}}}", "2024-02-29 23:59:58 +0000 UTC"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "output"), OUTPUTS)
def test_moments_answer(text: str, output: str) -> None:
    assert run(text) == output
