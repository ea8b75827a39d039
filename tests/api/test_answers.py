"""An answer holds while the tables stand where they stood, and not a moment longer."""

import asyncio

import pytest

from api.answers import AGES_S, KEPT_MAX, Answers, Given
from tests.api.ledger_fake import EmptyStore


class Counted:
    """A question that counts how often it is really asked, and may take until it is let go."""

    def __init__(self) -> None:
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False

    async def __call__(self) -> int:
        self.asked += 1
        mine = self.asked
        await self.gate.wait()
        if self.fails:
            raise OSError("gone")
        return mine


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_the_same_question_at_the_same_position_is_asked_once_and_anew_after_each_move() -> None:
    async def run() -> None:
        clock, question = Clock(), Counted()
        answers = Answers(EmptyStore(), clock)
        assert [await answers.give("q", 7, question) for _ in range(3)] == [Given(1, True)] * 3
        assert await answers.give("q", 8, question) == Given(2, True)
        clock.now_s += 10_000
        assert await answers.give("q", 8, question) == Given(2, True)
        assert await answers.give("other", 8, question) == Given(3, True)

    asyncio.run(run())


def test_who_asks_while_it_is_being_made_gets_the_same_answer_even_when_the_first_one_leaves() -> None:
    async def run() -> None:
        answers, question = Answers(EmptyStore()), Counted()
        question.gate.clear()
        first = asyncio.create_task(answers.give("q", 1, question))
        second = asyncio.create_task(answers.give("q", 1, question))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        first.cancel()
        question.gate.set()
        assert await second == Given(1, True)
        assert question.asked == 1

    asyncio.run(run())


def test_an_answer_begun_before_a_move_is_not_given_to_who_asks_after_it() -> None:
    async def run() -> None:
        answers, question = Answers(EmptyStore()), Counted()
        question.gate.clear()
        before = asyncio.create_task(answers.give("q", 1, question))
        await asyncio.sleep(0)
        after = asyncio.create_task(answers.give("q", 2, question))
        await asyncio.sleep(0)
        question.gate.set()
        assert (await before, await after) == (Given(1, True), Given(2, True))
        assert await answers.give("q", 2, question) == Given(2, True)

    asyncio.run(run())


def test_who_is_content_with_an_earlier_answer_gets_it_at_once_and_the_newer_one_is_made() -> None:
    async def run() -> None:
        clock, question = Clock(), Counted()
        answers = Answers(EmptyStore(), clock)
        await answers.give("q", 1, question)
        question.gate.clear()
        clock.now_s += 30
        assert await answers.give("q", 2, question, within_s=60) == Given(1, False)
        assert await answers.give("q", 2, question, within_s=60) == Given(1, False)
        waits = asyncio.create_task(answers.give("q", 2, question, within_s=29))
        await asyncio.sleep(0)
        question.gate.set()
        assert await waits == Given(2, True)
        assert await answers.give("q", 2, question, within_s=60) == Given(2, True)
        assert question.asked == 2

    asyncio.run(run())


def test_an_answer_that_speaks_of_ages_ages() -> None:
    async def run() -> None:
        clock, question = Clock(), Counted()
        answers = Answers(EmptyStore(), clock)
        await answers.give("q", 1, question, ages=True)
        clock.now_s += AGES_S
        assert await answers.give("q", 1, question, ages=True) == Given(1, True)
        clock.now_s += 1
        assert await answers.give("q", 1, question, ages=True) == Given(2, True)

    asyncio.run(run())


def test_a_failure_is_told_and_not_remembered() -> None:
    async def run() -> None:
        answers, question = Answers(EmptyStore()), Counted()
        question.fails = True
        with pytest.raises(OSError, match="gone"):
            await answers.give("q", 1, question)
        question.fails = False
        assert await answers.give("q", 1, question) == Given(2, True)

    asyncio.run(run())


def test_the_memory_is_bounded() -> None:
    async def run() -> None:
        answers, question = Answers(EmptyStore()), Counted()
        for number in range(KEPT_MAX + 5):
            await answers.give(number, 1, question)
        await answers.give(0, 1, question)
        assert question.asked == KEPT_MAX + 6

    asyncio.run(run())
