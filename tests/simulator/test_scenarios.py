"""The mission's use cases, as a finance person reads them."""

import pytest

from ledger.money import money
from ledger.wire import epoch_ms
from simulator import hours, scenarios
from simulator.bank import Bank
from simulator.scenarios import SCENARIOS, Scenario
from tests.simulator.reading import SPAN, event_of, kind

AT_MS = SPAN.start_ms + 10 * hours.HOUR_MS

ER_PREAPPROVAL = """
consent.changed    |
consent.changed    |
payment.initiated  | 1000.00 preapproval
payment.submitted  |
payment.settled    | 1000.00
balance.opened     | 1000.00
"""
MONTHLY = """
consent.changed    |
mandate.granted    |
plan.opened        | 250.00 250.00 250.00 250.00
payment.initiated  | 250.00 repayment
payment.initiated  | 250.00 repayment
payment.initiated  | 100.00 repayment
payment.submitted  |
payment.submitted  |
payment.submitted  |
payment.settled    |
payment.settled    |
payment.settled    |
payment.initiated  | 999.99 repayment
payment.submitted  |
payment.settled    | 999.99
"""
RETURNED = """
consent.changed    |
consent.changed    |
mandate.granted    |
balance.opened     | 312.50
payment.initiated  | 312.50 repayment
payment.submitted  |
payment.settled    | 312.50
payment.returned   | 312.50 R01
payment.submitted  |
payment.settled    | 312.50
"""


def lines(scenario: Scenario, width: int | None = None) -> list[str]:
    """The messages of a scenario, one a line."""
    told = []
    for step in scenario.steps:
        for message in step.messages:
            data = event_of(message).data
            amounts = [part.amount for part in getattr(data, "instalments", ())] or [getattr(data, "amount", None)]
            words = [money(amount) for amount in amounts if amount is not None]
            words += [str(value) for name in ("direction", "return_code") if (value := getattr(data, name, None))]
            told.append(f"{kind(message):<19}| {' '.join(words)}".rstrip())
    return told


@pytest.mark.parametrize(
    ("name", "text"), [("er-preapproval", ER_PREAPPROVAL), ("monthly-reconciliation", MONTHLY), ("returned-for-funds", RETURNED)]
)
def test_a_use_case_tells_its_story(name: str, text: str) -> None:
    expected = [line.rstrip() for line in text.strip().splitlines()]
    told = lines(_with_settlement(name))
    assert [line.split("|")[0] for line in told] == [line.split("|")[0] for line in expected]
    for line, wanted in zip(told, expected, strict=True):
        if wanted.split("|")[1].strip():
            assert line == wanted


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_a_use_case_is_the_same_every_time_in_order_and_apart_from_others(name: str) -> None:
    first, again, other = (SCENARIOS[name](tag, AT_MS) for tag in ("a", "a", "b"))
    assert first == again
    assert first.account != other.account
    assert not set(first.transactions.values()) & set(other.transactions.values())
    times = [message.at_ms for step in first.steps for message in step.messages]
    assert times == sorted(times)
    assert [step.tick_ms for step in first.steps] == sorted(step.tick_ms for step in first.steps)
    for step in first.steps:
        assert all(epoch_ms(event_of(message).time) == message.at_ms for message in step.messages)
        assert step.expect


def test_the_returned_repayment_is_due_again_five_days_later_on_a_banking_day() -> None:
    scenario = scenarios.returned_for_funds("a", AT_MS)
    returned, due = scenario.steps[2], scenario.steps[3]
    assert not due.messages, "the clock alone brings it"
    days = (hours.day_of(due.tick_ms) - hours.day_of(returned.tick_ms)).days
    assert 5 <= days <= 8
    assert scenario.steps[4].messages[0].at_ms > due.tick_ms


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_in_the_demo_credit_speaks_and_the_bank_gives_the_scripted_outcomes(name: str) -> None:
    scenario = SCENARIOS[name]("a", AT_MS)
    spoken = scenario.credit()
    assert {message.topic for message in spoken} == {"credit.payments.v1"}
    bank = Bank(1, SPAN, scenario.script)
    for message in spoken:
        if message.entry:
            assert (message.entry.transaction_id, 1) in scenario.script
            ends = {kind(answer) for answer in bank.answers(message.entry)}
            assert ("payment.returned" in ends) == (name == "returned-for-funds")


def _with_settlement(name: str) -> Scenario:
    """The scenario under the first tag whose return, if any, follows a settlement: either is a true course of events."""
    candidates = (SCENARIOS[name](f"tag-{number}", AT_MS) for number in range(50))
    return next(found for found in candidates if name != "returned-for-funds" or len(found.steps[2].messages) == 3)
