"""Whoever waits gets the decision on the very event that was sent, and nobody else's."""

import asyncio
from threading import Thread

from api.decisions import Decision, Decisions
from journal import topics
from journal.chain import Accepted, Place
from ledger.effects import AnyEffect, DeadLettered, Refused
from ledger.record import GENESIS, VERSION, Entry, Link, Record, encode

PLACE = (topics.PAYMENTS, 0, 7)


def record(*entries: Entry) -> Accepted:
    value = encode(Record(VERSION, 0, 5, GENESIS, 1000, topics.INPUTS, (8, 0, 0, 0), 0, entries))
    return Accepted(0, 5, value, Place(6, Link(6)))


def entry(event_id: str, *effects: AnyEffect, offset: int = 7) -> Entry:
    return Entry(0, offset, event_id, "payment.initiated.v1", 1000, "credit-1", effects)


def take_elsewhere(decisions: Decisions, accepted: Accepted) -> None:
    """The journal is read in a thread of its own."""
    thread = Thread(target=decisions.take, args=(accepted,))
    thread.start()
    thread.join()


async def result(future: "asyncio.Future[Decision]") -> Decision:
    return await asyncio.wait_for(future, 2)


def test_each_waiter_gets_its_own_decision() -> None:
    async def main() -> None:
        decisions = Decisions()
        waiting = [decisions.expect() for _ in range(3)]
        accepted = record(
            entry("somebody-elses", Refused("DUPLICATE", "other")),
            *(entry(event_id, Refused("DUPLICATE", event_id)) for event_id, _ in reversed(waiting)),
        )
        take_elsewhere(decisions, accepted)
        for event_id, future in waiting:
            found = await result(future)
            assert found == Decision((Refused("DUPLICATE", event_id),), 0, 5, 1000)

    asyncio.run(main())


def test_another_process_has_other_event_ids() -> None:
    async def main() -> None:
        first, second = Decisions(), Decisions()
        [(mine, future), (theirs, _)] = [first.expect(), second.expect()]
        assert mine != theirs
        take_elsewhere(first, record(entry(theirs, Refused("DUPLICATE"))))
        await asyncio.sleep(0.01)
        assert not future.done()

    asyncio.run(main())


def test_a_dead_letter_is_known_by_its_place_whichever_comes_first() -> None:
    async def main(journal_first: bool) -> None:
        decisions = Decisions()
        event_id, future = decisions.expect()
        dead = record(entry("", DeadLettered("HANDLER_ERROR")))
        if journal_first:
            take_elsewhere(decisions, dead)
        decisions.placed(event_id, PLACE)
        if not journal_first:
            take_elsewhere(decisions, dead)
        assert (await result(future)).effects == (DeadLettered("HANDLER_ERROR"),)
        decisions.forget(event_id, PLACE)

    asyncio.run(main(journal_first=True))
    asyncio.run(main(journal_first=False))


def test_what_was_given_up_is_dropped() -> None:
    async def main() -> None:
        decisions = Decisions()
        event_id, future = decisions.expect()
        future.cancel()
        take_elsewhere(decisions, record(entry(event_id, Refused("DUPLICATE"))))
        event_id, _ = decisions.expect()
        decisions.forget(event_id, None)
        take_elsewhere(decisions, record(entry(event_id, Refused("DUPLICATE"))))
        await asyncio.sleep(0.01)

    asyncio.run(main())
