"""One partition's messages: order for each account, what a restart knows, and where it may begin."""

from datetime import UTC, datetime
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from sinks.outbox.due import Due
from sinks.outbox.events import Attempt
from sinks.outbox.lane import Lane, Task, Tried, fold


def due(offset: int, account: str = "a") -> Due:
    return Due(0, offset, f"id-{offset}", "webhook.due.v1", account, b"{}")


def lane_of(*accounts: str) -> Lane:
    lane = Lane(0, 0, 0, {})
    for offset, account in enumerate(accounts):
        assert lane.add(due(offset, account), account, 0)
    return lane


def offsets(tasks: list[Task]) -> list[int]:
    return [task.due.offset for task in tasks]


def test_an_accounts_next_message_waits_for_the_one_before() -> None:
    lane = lane_of("a", "b", "a", "b", "c")
    first = list(lane.ready(0))
    assert offsets(first) == [0, 1, 4]
    lane.again(first[0], 5000)
    lane.done(first[1])
    assert offsets(list(lane.ready(0))) == [3]
    assert not list(lane.ready(4999))
    (again,) = lane.ready(5000)
    assert (again.due.offset, again.attempts) == (0, 1)
    lane.done(again)
    assert offsets(list(lane.ready(5000))) == [2]


def test_the_low_water_is_the_first_that_is_not_done() -> None:
    lane = lane_of("a", "b", "c")
    first, second, third = lane.ready(0)
    assert lane.low_water == 0
    lane.done(second)
    assert lane.low_water == 0
    lane.done(first)
    assert lane.low_water == 2
    lane.done(third)
    lane.passed(3)
    assert (lane.low_water, lane.log_low(77), len(lane), lane.next_ms) == (4, 77, 0, None)


def test_a_restart_knows_what_arrived_and_what_failed() -> None:
    tried = {5: Tried(1, 0, "delivered"), 6: Tried(3, 9000, "failed"), 2: Tried(1, 0, "delivered")}
    lane = Lane(0, 4, 30, tried)
    assert [lane.add(due(offset, str(offset)), str(offset), 50) for offset in (4, 5, 6, 7)] == [True, False, True, True]
    assert offsets(list(lane.ready(0))) == [4, 7]
    (late,) = lane.ready(9000)
    assert (late.due.offset, late.attempts) == (6, 3)


def test_a_second_restart_still_reads_what_the_first_process_wrote() -> None:
    """Message 4 never was tried, 5 arrived before the restart: the log must be read from there on as long as 4 waits."""
    lane = Lane(0, 4, 30, {5: Tried(1, 0, "delivered")})
    lane.add(due(4), "a", 50)
    lane.add(due(5), "a", 50)
    lane.add(due(6, "b"), "b", 50)
    assert (lane.low_water, lane.log_low(60)) == (4, 30)
    four, six = lane.ready(0)
    lane.done(four)
    assert (lane.low_water, lane.log_low(60)) == (6, 50)
    lane.done(six)
    assert lane.log_low(60) == 60


def test_a_replay_goes_behind_what_waits_and_never_doubles_it() -> None:
    lane = lane_of("a", "a")
    (first,) = lane.ready(0)
    assert not lane.repeat(due(0), "a", "request")
    lane.done(first)
    assert lane.repeat(due(0), "a", "request")
    assert lane.replaying("request") == 1
    (second,) = lane.ready(0)
    assert second.due.offset == 1
    lane.done(second)
    (again,) = lane.ready(0)
    assert (again.due.offset, again.replay) == (0, "request")
    lane.done(again)
    assert (lane.replaying("request"), lane.low_water) == (0, 2)


FOLDED = """
attempts of one message                   known afterwards: attempts, next, outcome
1 failed 50                               1 50000 failed
1 failed 50, 2 delivered                  2 0 delivered
1 delivered, 1 failed 50                  1 0 delivered
1 failed 50, 2 gone                       1 0 gone
1 failed 50, 2 gone, 2 failed 60          2 60000 failed
10 exhausted                              10 0 exhausted
0 suppressed                              0 0 suppressed
1 exhausted, replay 1 delivered           1 0 exhausted
"""


def test_attempts_are_folded() -> None:
    for line in FOLDED.strip().splitlines()[1:]:
        said, wanted = (part.strip() for part in line.split("   ", 1))
        tried: dict[int, Tried] = {}
        for each in said.split(", "):
            words = each.split()
            replay = "r" if words[0] == "replay" else ""
            number, outcome, *at = words[1:] if replay else words
            fold(tried, attempt(int(number), outcome, float(at[0]) if at else None, replay))
        attempts, next_ms, outcome = wanted.split()
        assert tried == {3: Tried(int(attempts), int(next_ms), outcome)}, line


def attempt(number: int, outcome: str, next_s: float | None, replay: str) -> Attempt:
    next_at = datetime.fromtimestamp(next_s, UTC) if next_s is not None else None
    fields = {"credit_reference": "a", "delivery_id": "d", "transaction_id": "t", "partition": 0, "offset": 3}
    return Attempt(**fields, number=number, outcome=outcome, next_at=next_at, replay=replay)  # type: ignore[arg-type]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=25), st.integers(0, 2**32))
def test_whatever_fails_each_account_keeps_its_order_and_all_arrive(accounts: list[int], seed: int) -> None:
    dice = Random(seed)
    lane = lane_of(*map(str, accounts))
    arrived: dict[str, list[int]] = {}
    now_ms = 0
    while len(lane):
        under_way = list(lane.ready(now_ms))
        assert len({task.key for task in under_way}) == len(under_way)
        for task in under_way:
            if dice.random() < 0.4:
                lane.again(task, now_ms + dice.randint(1, 9))
            else:
                arrived.setdefault(task.key, []).append(task.due.offset)
                lane.done(task)
        now_ms += 1
    wanted: dict[str, list[int]] = {}
    for offset, account in enumerate(accounts):
        wanted.setdefault(str(account), []).append(offset)
    assert arrived == wanted
    assert lane.low_water == len(accounts)
