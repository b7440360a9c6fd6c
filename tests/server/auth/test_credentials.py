"""Tokens, passwords, the Authorization header: forms, guesses, what is kept."""

from __future__ import annotations

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.auth import CredentialError, Grant
from server.auth.authorization import Basic, Bearer, parse_authorization
from server.auth.password import DUMMY_HASH, check_stored, hash_password, is_password_of
from server.auth.records import TokenRecord, UserRecord, parse_records, print_records
from server.auth.token import hash_of, is_token_of, new_token, token_id
from server.http.errors import BadRequest

GRANT = Grant.of(["a"], ["read"])
CHEAP = 2


def test_a_token_is_recognised_and_no_two_are_alike() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    for token in tokens:
        assert len(token) == len("skald_") + 8 + 1 + 64
        assert token_id(token) == token[6:14]
        assert is_token_of(token, hash_of(token))


@given(st.text() | st.from_regex(r"skald_[0-9a-f]{8}_[0-9a-f]{60,70}", fullmatch=True))
def test_no_other_text_is_that_token(text: str) -> None:
    token = "skald_" + "0" * 8 + "_" + "1" * 64
    assert text == token or not is_token_of(text.encode("utf-8", "replace").decode(), hash_of(token))


@given(st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_only_the_password_itself_is_right(password: str, guess: str) -> None:
    stored = hash_password(password, CHEAP)
    check_stored(stored)
    assert is_password_of(password, stored)
    assert is_password_of(guess, stored) == (guess == password)


def test_equal_passwords_are_kept_as_different_texts() -> None:
    assert hash_password("x", CHEAP) != hash_password("x", CHEAP)
    assert "secret" not in hash_password("secret", CHEAP)


@pytest.mark.parametrize("password", ["", "x" * 1025])
def test_impossible_passwords(password: str) -> None:
    with pytest.raises(CredentialError):
        hash_password(password, CHEAP)
    assert not is_password_of("y" * 2000, hash_password("x", CHEAP))


@pytest.mark.parametrize(
    "stored",
    ["", "plain", "scrypt$2$8$5$AAAA", "bcrypt$2$8$5$AAAA$AAAA", "scrypt$x$8$5$AAAA$AAAA", "scrypt$2$8$5$!$AAAA"]
    + [
        f"scrypt${n}${r}${p}${'A' * 24}${'A' * 43}="
        for n, r, p in ((3, 8, 1), (0, 8, 1), (2, 0, 1), (2, 8, 0), (2**30, 8, 1))
    ]
    + [DUMMY_HASH[:-8]],
)
def test_what_is_no_password_as_it_is_kept(stored: str) -> None:
    with pytest.raises(CredentialError):
        check_stored(stored)


def basic(text: str) -> bytes:
    return b"Basic " + base64.b64encode(text.encode())


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        (b"Bearer abc", Bearer("abc")),
        (b"bearer   abc ", Bearer("abc")),
        (b"BEARER", Bearer("")),
        (basic("ada:x"), Basic("ada", "x")),
        (basic("ada:"), Basic("ada", "")),
        (basic("ada:a:b"), Basic("ada", "a:b")),
        (basic("ädä:ö"), Basic("ädä", "ö")),
    ],
)
def test_headers_that_are_understood(header: bytes, meant: Bearer | Basic) -> None:
    assert parse_authorization(header) == meant
    assert "abc" not in repr(meant)


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"Digest x",
        b"abc",
        b"Basic",
        b"Basic !!!",
        b"Basic " + base64.b64encode(b"ada"),
        b"Basic /w==",
        b"B" * 9000,
    ],
)
def test_headers_that_are_not(header: bytes) -> None:
    with pytest.raises(BadRequest):
        parse_authorization(header)


@given(st.binary(max_size=200))
def test_no_header_does_worse(header: bytes) -> None:
    with suppress(BadRequest):
        parse_authorization(header)


TOKEN = TokenRecord("0" * 8, "grafana", hash_of("x"), GRANT, 1, 2)
USER = UserRecord("ada", hash_password("x", CHEAP), Grant.of(["*"], ["write"], '{a="b"}'), 3)


def test_records_are_read_back_as_they_were_written() -> None:
    assert parse_records(print_records([TOKEN], TokenRecord), TokenRecord) == (TOKEN,)
    assert parse_records(print_records([USER], UserRecord), UserRecord) == (USER,)
    assert parse_records(b"", UserRecord) == ()


@pytest.mark.parametrize(
    "data",
    [
        b"[]",
        b"{",
        b"\xff",
        b"null",
        b'{"version":2,"tokens":[]}',
        b'{"version":1}',
        b'{"version":1,"tokens":[1]}',
        b'{"version":1,"tokens":[{"id":"1"}]}',
        print_records([TOKEN], TokenRecord).replace(b'"read"', b'"root"'),
        print_records([TOKEN], TokenRecord).replace(b'"created": 1', b'"created": "now"'),
    ],
)
def test_files_that_are_none(data: bytes) -> None:
    with pytest.raises(CredentialError):
        parse_records(data, TokenRecord)


@pytest.mark.parametrize(("now_s", "is_expired"), [(1.9, False), (2.0, True), (3.0, True)])
def test_a_token_ends(now_s: float, is_expired: bool) -> None:
    assert TOKEN.is_expired(now_s) == is_expired
    assert not TokenRecord("0", "x", "", GRANT, 1).is_expired(now_s)
