"""Passwords are checked at a bounded cost."""

from __future__ import annotations

import asyncio

import pytest

from server.auth import passwords
from server.auth.password import hash_password, is_password_of
from server.auth.passwords import PasswordChecker
from server.http.errors import TooManyPasswords

STORED = hash_password("right", 2)


class Counted:
    """A checker whose real checks are counted, on a clock that only the test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.checks, self.now_s = 0, 0.0
        self.checker = PasswordChecker(lambda: self.now_s)

        def counted(password: str, stored: str) -> bool:
            self.checks += 1
            return is_password_of(password, stored)

        monkeypatch.setattr(passwords, "is_password_of", counted)

    async def ask(self, password: str, stored: str | None = STORED, name: str = "ada") -> bool:
        return await self.checker.is_right(name, password, stored)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


@pytest.mark.parametrize(("password", "remembered_s"), [("right", 300), ("wrong", 10)])
def test_an_answer_is_remembered_for_a_while(counted: Counted, password: str, remembered_s: int) -> None:
    async def play() -> None:
        for moment_s, checks in ((0, 1), (remembered_s - 1, 1), (remembered_s + 1, 2)):
            counted.now_s = moment_s
            assert await counted.ask(password) == (password == "right")
            assert counted.checks == checks

    asyncio.run(play())


def test_what_is_remembered_is_of_one_name_one_password_and_one_hash(counted: Counted) -> None:
    other = hash_password("other", 2)

    async def play() -> None:
        assert await counted.ask("right")
        assert not await counted.ask("right", other)
        assert not await counted.ask("wrong")
        assert await counted.ask("right", name="bob")
        assert counted.checks == 4

    asyncio.run(play())


def test_nobody_has_no_password_and_that_takes_a_check_as_well(counted: Counted) -> None:
    assert not asyncio.run(counted.ask("right", None))
    assert counted.checks == 1


def test_many_who_ask_the_same_at_once_cost_one_check(counted: Counted) -> None:
    async def play() -> None:
        assert all(await asyncio.gather(*(counted.ask("right") for _ in range(100))))

    asyncio.run(play())
    assert counted.checks == 1


def test_more_than_can_wait_are_sent_away(counted: Counted) -> None:
    async def play() -> list[bool | BaseException]:
        return await asyncio.gather(*(counted.ask(str(number)) for number in range(100)), return_exceptions=True)

    answers = asyncio.run(play())
    assert sum(isinstance(answer, TooManyPasswords) for answer in answers) == 100 - 32
    assert counted.checks == 32


def test_who_leaves_does_not_end_the_check_of_others(counted: Counted) -> None:
    async def play() -> bool:
        first = asyncio.ensure_future(counted.ask("right"))
        second = asyncio.ensure_future(counted.ask("right"))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(play())


def test_memory_is_bounded(counted: Counted) -> None:
    async def play() -> None:
        for number in range(1100):
            await counted.ask(str(number))

    asyncio.run(play())
    assert len(counted.checker._remembered) == 1024
