"""Whose payment is it? Asked in batches."""

import asyncio
from collections.abc import Iterable

import pytest

from api.lookup import AccountLookup


def test_questions_that_come_together_are_asked_together() -> None:
    asked: list[list[str]] = []

    async def ask(ids: Iterable[str]) -> dict[str, str]:
        asked.append(sorted(ids))
        await asyncio.sleep(0.01)
        return {"t-1": "c-1"}

    async def main() -> list[str | None]:
        lookup = AccountLookup(ask)
        first = asyncio.create_task(lookup.account_of("t-1"))
        await asyncio.sleep(0.001)
        return await asyncio.gather(first, *(lookup.account_of(f"t-{n}") for n in range(1, 50)))

    answers = asyncio.run(main())
    assert answers == ["c-1", "c-1", *[None] * 48]
    assert len(asked) == 2


def test_an_error_reaches_everyone_who_asked_and_nobody_later() -> None:
    broken = True

    async def ask(ids: Iterable[str]) -> dict[str, str]:
        if broken:
            raise OSError("away")
        return dict.fromkeys(ids, "c-1")

    async def main() -> None:
        nonlocal broken
        lookup = AccountLookup(ask)
        for found in await asyncio.gather(*(lookup.account_of("t") for _ in range(3)), return_exceptions=True):
            assert isinstance(found, OSError)
        broken = False
        assert await lookup.account_of("t") == "c-1"

    asyncio.run(main())


def test_the_first_account_keeps_the_id_until_it_is_released() -> None:
    async def ask(_: Iterable[str]) -> dict[str, str]:
        pytest.fail("nobody was to be asked")

    lookup = AccountLookup(ask)
    assert lookup.claim("t", "c-1") == "c-1"
    assert lookup.claim("t", "c-2") == "c-1"
    lookup.release("t")
    assert lookup.claim("t", "c-2") == "c-2"
