"""How a patient pays one balance: when, how much, in how many payments, and under which reference."""

from datetime import date, timedelta
from random import Random

from simulator import hours, statements
from simulator.message import Message
from simulator.patients import Temper
from simulator.scribe import Balance, Scribe

EARLIEST_DAYS = 13
"""no repayment begins more days before its due date"""
NEVER_PAID = 0.008
WITHDRAWN = 0.015
BILL_PAY = 0.05
"""repayments that come as a deposit from the patient's own bank"""


def repayment(rng: Random, scribe: Scribe, balance: Balance) -> list[Message]:
    """The events by which this patient pays a balance; empty when it is never paid."""
    if rng.random() < NEVER_PAID:
        return []
    temper = scribe.patient.temper
    at_ms = hours.waking_hours(rng, _pay_day(rng, temper, balance.due))
    if rng.random() < BILL_PAY and temper is not Temper.RISKY:
        return [_bill_payment(rng, scribe, balance, at_ms)]
    if temper is Temper.PARTIAL:
        return _in_parts(rng, scribe, balance, at_ms)
    if temper is Temper.CARELESS:
        return _carelessly(rng, scribe, balance, at_ms)
    if temper is Temper.RISKY:
        return _in_a_burst(rng, scribe, balance, at_ms)
    if rng.random() < WITHDRAWN:
        return _second_thoughts(rng, scribe, balance, at_ms)
    return [pay(rng, scribe, balance, at_ms, balance.amount_cents)]


def pay(rng: Random, scribe: Scribe, balance: Balance, at_ms: int, amount_cents: int, withdrawn: bool = False) -> Message:
    """One repayment towards a balance; most name it by its reference, some by its id, a few by nothing or by a mistyped reference."""
    drawn = rng.random()
    careless = scribe.patient.temper is Temper.CARELESS
    wrong, missing = (0.20, 0.45) if careless else (0.015, 0.06)
    reference, balance_id = balance.reference, ""
    if drawn < wrong:
        reference = mistyped(rng, balance.reference)
    elif drawn < missing:
        reference = ""
    elif drawn < missing + 0.10:
        reference, balance_id = "", balance.balance_id
    elif drawn < missing + 0.40:
        balance_id = balance.balance_id
    return scribe.initiated(at_ms, "repayment", amount_cents, reference, balance_id, withdrawn)


def mistyped(rng: Random, reference: str) -> str:
    """A reference as people type it: two neighbouring digits swapped, one digit wrong, or something else altogether."""
    digits = [place for place, sign in enumerate(reference[:-1]) if sign.isdigit() and place > 7]
    place = rng.choice(digits)
    kind = rng.random()
    if kind < 0.4 and reference[place + 1].isdigit() and reference[place] != reference[place + 1]:
        return reference[:place] + reference[place + 1] + reference[place] + reference[place + 2 :]
    if kind < 0.8:
        return reference[:place] + str((int(reference[place]) + 1 + rng.randrange(9)) % 10) + reference[place + 1 :]
    return f"ACCT-{rng.randrange(10_000_000):07d}"


def _pay_day(rng: Random, temper: Temper, due: date) -> date:
    if temper is Temper.EARLY:
        return due - timedelta(days=rng.randint(4, 12))
    if temper is Temper.LATE:
        return due + timedelta(days=int(rng.triangular(2, 28, 5)))
    if temper is Temper.CARELESS:
        return due + timedelta(days=rng.randint(-4, 8))
    return due - timedelta(days=rng.randint(1, 3))


def _bill_payment(rng: Random, scribe: Scribe, balance: Balance, at_ms: int) -> Message:
    patient = scribe.patient
    day = hours.banking_day_after(at_ms, 1)
    reference = balance.reference if rng.random() < 0.85 else ""
    posted_ms = hours.instant(day, 9, 0, rng.randrange(hours.HOUR_MS))
    deposit_id = f"D-{balance.balance_id}"
    return statements.deposit(deposit_id, patient.account, patient.hospital.hospital_id, posted_ms, balance.amount_cents, day, reference)


def _in_parts(rng: Random, scribe: Scribe, balance: Balance, at_ms: int) -> list[Message]:
    first = max(1, balance.amount_cents * rng.randint(35, 70) // 100)
    rest = balance.amount_cents - first
    parts = [pay(rng, scribe, balance, at_ms, first)]
    if rest and rng.random() < 0.75:
        later = hours.day_of(at_ms) + timedelta(days=rng.randint(7, 20))
        parts.append(pay(rng, scribe, balance, hours.waking_hours(rng, later), rest))
    return parts


def _carelessly(rng: Random, scribe: Scribe, balance: Balance, at_ms: int) -> list[Message]:
    amount = balance.amount_cents
    if rng.random() < 0.35:
        step = rng.choice((1_000, 5_000))
        amount = (amount // step + 1) * step
    payments = [pay(rng, scribe, balance, at_ms, amount)]
    if rng.random() < 0.06:
        payments.append(pay(rng, scribe, balance, at_ms + rng.randint(1, 40) * hours.MINUTE_MS, amount))
    return payments


def _in_a_burst(rng: Random, scribe: Scribe, balance: Balance, at_ms: int) -> list[Message]:
    payments = [pay(rng, scribe, balance, at_ms, balance.amount_cents)]
    for _ in range(rng.randint(0, 5)):
        at_ms += rng.randint(20, 900) * hours.SECOND_MS
        payments.append(pay(rng, scribe, balance, at_ms, rng.randint(40_000, 480_000)))
    return payments


def _second_thoughts(rng: Random, scribe: Scribe, balance: Balance, at_ms: int) -> list[Message]:
    first = pay(rng, scribe, balance, at_ms, balance.amount_cents, withdrawn=True)
    transaction = scribe.last_transaction
    canceled_ms = at_ms + rng.randint(1, 25) * hours.MINUTE_MS
    again_ms = hours.waking_hours(rng, hours.day_of(at_ms) + timedelta(days=rng.randint(1, 4)))
    return [first, scribe.canceled(canceled_ms, transaction), pay(rng, scribe, balance, again_ms, balance.amount_cents)]
