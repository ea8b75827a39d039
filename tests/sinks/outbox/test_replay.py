"""Which messages a replay sends again, and when."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sinks.outbox.due import Due
from sinks.outbox.events import Attempt, ReplayRequested, ReplayWish
from sinks.outbox.memory import Wish
from sinks.outbox.replay import Job, chosen

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
ATTEMPTS = "a5 failed, b6 delivered, a5 delivered, a7 failed, b8 exhausted, b9 gone, a3 delivered, b4 exhausted, b4 delivered"
CHOSEN = """
account   undelivered only   offsets
-         no                 3 4 5 6 8
-         yes                8
a         no                 3 5
b         no                 4 6 8
b         yes                8
c         no                 -
"""


def attempts() -> Iterator[Attempt]:
    for each in ATTEMPTS.split(", "):
        place, outcome = each.split()
        fields = {"delivery_id": "d", "transaction_id": "t", "partition": 0, "number": 1, "outcome": outcome}
        yield Attempt(credit_reference=place[0], offset=int(place[1:]), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("line", CHOSEN.strip().splitlines()[1:])
def test_what_is_sent_again(line: str) -> None:
    account, undelivered, offsets = line.split(None, 2)
    wish = ReplayWish(since=AT, until=AT, credit_reference=account.strip("-"), undelivered_only=undelivered == "yes")
    assert " ".join(map(str, chosen(wish, attempts()))) == offsets.strip().strip("-")


def test_a_message_waits_until_the_outbox_was_read_to_it() -> None:
    """After a restart a replay may be ahead of the lane, which must know first whether the message waits anyway."""
    due = Due(0, 7, "id", "type", "a", b"")
    wish = Wish(ReplayRequested(id="r", time=AT, source="/test", data=ReplayWish(since=AT, until=AT)), 0)
    job = Job(wish, iter([None, due]))
    assert (job.take(7), job.searched) == (None, False)
    assert (job.take(7), job.searched) == (None, False)
    assert job.take(8) == due
    assert (job.take(8), job.searched) == (None, True)
