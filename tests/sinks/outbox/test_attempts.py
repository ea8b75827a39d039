"""What the log says of an attempt."""

from datetime import UTC, datetime

import pytest

from sinks.outbox.attempts import attempt_of, attempted
from sinks.outbox.courier import Answer, Parcel
from sinks.outbox.due import Due
from sinks.outbox.events import ATTEMPT_MARK, decode, encode
from sinks.outbox.lane import Task

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
SAID = """
tried before   answer                          the log says   number   again in s
0              delivered 204                   delivered      1        -
0              failed 500                      failed         1        5
3              failed 500                      failed         4        7200
8              failed 0                        failed         9        86400
9              failed 500                      exhausted      10       -
0              gone 410                        gone           1        -
0              suppressed 0                    suppressed     0        -
2              suppressed 0                    suppressed     0        -
0              undeliverable 0                 undeliverable  0        -
1              undeliverable 550 tried         undeliverable  2        -
"""


@pytest.mark.parametrize("line", SAID.strip().splitlines()[1:])
def test_an_attempt(line: str) -> None:
    before, answer, outcome, number, again = (part.strip() for part in line.split("  ") if part.strip())
    words, status, *tried = answer.split()
    took_ms = 12 if tried or words in ("delivered", "failed", "gone") else 0
    task = Task(Due(3, 41, "id-1", "webhook.due.v1", "CR-1", b""), "CR-1", 0, attempts=int(before))
    said = attempt_of(task, Answer(words, int(status), duration_ms=took_ms), Parcel("t-1", "webhook"), "https://c", NOW)  # type: ignore[arg-type]
    assert (said.outcome, said.number, said.offset, said.partition) == (outcome, int(number), 41, 3)
    if again == "-":
        assert said.next_at is None
    else:
        assert said.next_at is not None
        assert int(again) <= (said.next_at - NOW).total_seconds() <= int(again) * 1.1


def test_it_is_an_event_that_readers_can_pass_over_unread() -> None:
    task = Task(Due(3, 41, "id-1", "webhook.due.v1", "CR-1", b""), "CR-1", 0)
    event = attempted(attempt_of(task, Answer("delivered", 204), Parcel("t-1", "webhook"), "https://c", NOW), "/test", NOW)
    assert ATTEMPT_MARK in encode(event)
    assert decode(encode(event)) == event
