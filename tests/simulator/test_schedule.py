"""CREDIT's schedule in the demo."""

from simulator import hours
from simulator.bank import Bank, Span
from simulator.noise import QUIET, USUAL
from simulator.schedule import credit, script, use_cases
from simulator.world import World
from tests.simulator.reading import SPAN, WORLD, until


def test_the_use_cases_lie_within_the_history_and_end_before_real_time() -> None:
    cases = use_cases(WORLD)
    assert sorted(case.mission for case in cases) == ["5.1", "5.2", "5.3"]
    for case in cases:
        times = [message.at_ms for step in case.steps for message in step.messages]
        assert SPAN.start_ms <= min(times)
        if case.mission == "5.3":
            assert max(times) < SPAN.live_from_ms, "the re-presentment has settled"


def test_a_history_too_short_for_a_use_case_goes_without_it() -> None:
    short = World(7, 10, Span(SPAN.live_from_ms - 10 * hours.DAY_MS, SPAN.live_from_ms))
    assert [case.mission for case in use_cases(short)] == ["5.1"]


def test_faults_leave_the_use_cases_alone() -> None:
    bank = Bank(WORLD.seed, SPAN, script(WORLD))
    quiet, noisy = (list(until(SPAN.live_from_ms, credit(WORLD, bank, rates))) for rates in (QUIET, USUAL))
    accounts = {case.account.encode() for case in use_cases(WORLD)}
    assert [message for message in quiet if message.key in accounts] == [message for message in noisy if message.key in accounts]
    assert len(noisy) > len(quiet)
    for told in (quiet, noisy):
        assert [message.at_ms for message in told] == sorted(message.at_ms for message in told)
