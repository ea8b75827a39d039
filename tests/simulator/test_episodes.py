"""What brings patients into debt."""

from datetime import date
from random import Random

import pytest

from ledger import events
from ledger.advice import Trace, trace_of
from simulator import episodes, hours
from simulator.episodes import Episode, Opening
from simulator.patients import patient
from simulator.repayments import EARLIEST_DAYS
from simulator.scribe import Scribe
from tests.simulator.reading import SPAN, event_of

AT_MS = SPAN.start_ms + 12 * hours.HOUR_MS


def episode(opening: Opening, seed: int) -> Episode:
    """One episode of this kind."""
    return opening(Random(seed), Scribe(seed, patient(7, seed)), AT_MS + seed * hours.DAY_MS)


@pytest.mark.parametrize("opening", [episodes.plan, episodes.single, episodes.emergency])
def test_no_balance_can_be_paid_before_it_is_opened(opening: Opening) -> None:
    for seed in range(150):
        opened_day = hours.day_of(AT_MS + seed * hours.DAY_MS)
        for balance in episode(opening, seed).balances:
            assert (balance.due - opened_day).days > EARLIEST_DAYS
            assert balance.amount_cents > 0


def test_a_plan_is_disbursed_to_the_hospital_in_full() -> None:
    for seed in range(50):
        opened, paid = (event_of(message) for message in episode(episodes.plan, seed).messages)
        assert isinstance(opened, events.PlanOpened)
        assert isinstance(paid, events.PaymentInitiated)
        assert paid.data.direction == "disbursement"
        assert paid.data.amount == sum(part.amount for part in opened.data.instalments)
        days = [part.due_date for part in opened.data.instalments]
        assert days == sorted(set(days))


def test_an_emergency_is_a_thousand_dollars_first_approved_then_billed() -> None:
    asked, billed = (event_of(message) for message in episode(episodes.emergency, 1).messages)
    assert isinstance(asked, events.PaymentInitiated)
    assert isinstance(billed, events.BalanceOpened)
    assert (asked.data.direction, asked.data.amount, billed.data.amount) == ("preapproval", 100_000, 100_000)
    assert billed.time > asked.time


def test_what_an_insurer_pays_is_left_out_of_what_the_patient_pays() -> None:
    insured = 0
    for seed in range(200):
        messages, balances = episode(episodes.single, seed)
        opened = event_of(messages[0])
        assert isinstance(opened, events.BalanceOpened)
        deposits = [event.data.amount for message in messages[1:] if isinstance(event := event_of(message), events.DepositReceived)]
        insured += len(deposits)
        assert balances[0].amount_cents + sum(deposits) == opened.data.amount
    assert 35 < insured < 90


def test_an_insurers_money_that_names_nothing_is_explained_by_its_advice() -> None:
    told = [[event_of(message).data for message in episode(episodes.single, seed).messages[1:]] for seed in range(400)]
    advised = [(data[0], data[1]) for data in told if len(data) == 2]
    assert 4 < len(advised) < 30
    for deposit, advice in advised:
        assert isinstance(deposit, events.DepositData)
        assert isinstance(advice, events.RemittanceData)
        assert trace_of(deposit.reference) == Trace(advice.reassociation_trace, advice.payer_id)
        assert deposit.balance_id == ""
        assert [bill.amount for bill in advice.bills] == [advice.amount] == [deposit.amount]


@pytest.mark.parametrize(
    ("day", "following"),
    [(date(2026, 1, 28), date(2026, 2, 28)), (date(2026, 12, 1), date(2027, 1, 1))],
)
def test_instalments_fall_on_the_same_day_of_each_month(day: date, following: date) -> None:
    assert episodes.following_month(day) == following
