"""How people pay."""

from datetime import date, timedelta
from random import Random

import pytest

from ledger import events
from simulator import hours
from simulator.hospitals import HOSPITALS
from simulator.message import Message
from simulator.patients import Patient, Temper
from simulator.repayments import EARLIEST_DAYS, mistyped, repayment
from simulator.scribe import Scribe
from tests.simulator.reading import event_of

DUE = date(2026, 5, 1)
CENTS = 25_000


def paid(temper: Temper, seed: int) -> list[Message]:
    """The events by which somebody of this temper pays $250.00."""
    who = Patient(f"CR-{seed}", "P-1", "M-1", HOSPITALS[0], temper, "WEB")
    scribe = Scribe(seed, who)
    return repayment(Random(seed), scribe, scribe.balance(CENTS, DUE))


def sums(temper: Temper) -> list[int]:
    """Cents that each of 300 people of this temper pays in all, what was withdrawn left out."""
    return [
        sum(
            event.data.amount
            for message in paid(temper, seed)
            if isinstance(event := event_of(message), events.DepositReceived) or message.entry is not None
            if isinstance(event, events.DepositReceived | events.PaymentInitiated)
        )
        for seed in range(300)
    ]


@pytest.mark.parametrize("temper", [Temper.PUNCTUAL, Temper.EARLY, Temper.LATE])
def test_orderly_people_pay_what_they_owe_or_nothing(temper: Temper) -> None:
    assert set(sums(temper)) <= {0, CENTS}
    assert sums(temper).count(0) < 10


def test_those_who_pay_in_parts_never_pay_more_and_some_leave_a_rest() -> None:
    assert max(sums(Temper.PARTIAL)) == CENTS
    assert 20 < sum(0 < amount < CENTS for amount in sums(Temper.PARTIAL)) < 140


def test_the_careless_round_up_and_the_risky_pay_many_times() -> None:
    assert 60 < sum(amount > CENTS for amount in sums(Temper.CARELESS)) < 200
    assert max(len(paid(Temper.RISKY, seed)) for seed in range(50)) >= 5


@pytest.mark.parametrize("temper", list(Temper))
def test_nobody_begins_before_the_earliest_day_and_every_amount_is_positive(temper: Temper) -> None:
    earliest_ms = hours.instant(DUE - timedelta(days=EARLIEST_DAYS), 0)
    for seed in range(200):
        for message in paid(temper, seed):
            assert message.at_ms >= earliest_ms
            event = event_of(message)
            assert isinstance(event, events.PaymentCanceled) or event.data.amount > 0  # type: ignore[union-attr]


def test_a_mistyped_reference_is_another_reference_and_still_a_token() -> None:
    rng = Random(1)
    for _ in range(500):
        wrong = mistyped(rng, "INV-H02-00420042-7")
        assert wrong != "INV-H02-00420042-7"
        assert wrong.isascii()
        assert " " not in wrong
