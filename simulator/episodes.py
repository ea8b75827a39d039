"""What brings a patient into debt: a plan, a single bill, or an emergency. Each episode opens balances that `repayments` pays."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from simulator import hours, statements
from simulator.dice import dice
from simulator.message import Message, token
from simulator.repayments import mistyped
from simulator.scribe import Balance, Scribe

PREAPPROVAL_CENTS = 100_000
"""the emergency room's pre-approval: $1,000 (mission, 5.1)"""
PAYERS = 9
"""insurers that pay by ACH"""
DUE_DAYS_MIN = 14
"""days that a patient has at least; no repayment begins before its balance is opened (`repayments.EARLIEST_DAYS`)"""
ADVISED = 0.85
"""deposits of insurers that name no bill, and whose remittance advice comes"""
INSURED = 0.30
"""single bills of which an insurer pays a part"""


class Episode(NamedTuple):
    """The events that open it, and the balances that are to be repaid."""

    messages: list[Message]
    balances: list[Balance]


def plan(rng: Random, scribe: Scribe, at_ms: int) -> Episode:
    """A treatment financed over 3 to 24 months: the plan, and the disbursement of the whole sum to the hospital."""
    count = rng.choice((3, 4, 6, 6, 6, 9, 12, 12, 18, 24))
    total = min(max(int(rng.lognormvariate(12.2, 0.75)), 30_000), 2_500_000)
    each = max(total // count, 1_500)
    first = hours.day_of(at_ms) + timedelta(days=rng.randint(18, 32))
    first = first.replace(day=1 if rng.random() < 0.5 else min(first.day, 28))
    while (first - hours.day_of(at_ms)).days < DUE_DAYS_MIN:
        first = following_month(first)
    balances = [scribe.balance(each, first)]
    for _ in range(count - 1):
        balances.append(scribe.balance(each, following_month(balances[-1].due)))
    opened = scribe.plan_opened(at_ms, balances)
    paid_ms = at_ms + rng.randint(2, 240) * hours.MINUTE_MS
    return Episode([opened, scribe.initiated(paid_ms, "disbursement", each * count)], balances)


def single(rng: Random, scribe: Scribe, at_ms: int) -> Episode:
    """One bill, due within 30 days; of some an insurer pays a part before the patient does."""
    amount = min(max(int(rng.lognormvariate(9.9, 0.9)), 1_200), 600_000)
    due = hours.day_of(at_ms) + timedelta(days=rng.choice((14, 21, 30, 30, 30)))
    balance = scribe.balance(amount, due)
    messages = [scribe.balance_opened(at_ms, balance)]
    if rng.random() >= INSURED:
        return Episode(messages, [balance])
    covered = amount * rng.randint(30, 90) // 100
    messages += insurers_money(rng, scribe, balance, covered, at_ms)
    return Episode(messages, [balance._replace(amount_cents=amount - covered)])


def emergency(rng: Random, scribe: Scribe, at_ms: int) -> Episode:
    """An emergency: $1,000 pre-approved on arrival, owed as a balance once treatment is billed (mission, 5.1)."""
    approved = scribe.initiated(at_ms, "preapproval", PREAPPROVAL_CENTS)
    billed_ms = at_ms + rng.randint(120, 1_800) * hours.MINUTE_MS
    balance = scribe.balance(PREAPPROVAL_CENTS, hours.day_of(billed_ms) + timedelta(days=30))
    return Episode([approved, scribe.balance_opened(billed_ms, balance)], [balance])


Opening = Callable[[Random, Scribe, int], Episode]


def draw(rng: Random) -> Opening:
    """The kind of episode that comes next."""
    drawn = rng.random()
    return plan if drawn < 0.34 else single if drawn < 0.87 else emergency


def insurers_money(rng: Random, scribe: Scribe, balance: Balance, amount_cents: int, opened_ms: int) -> list[Message]:
    """An insurer's health-care payment: CCD, described HCCLAIMPMT, its TRN trace in the reference; few name the invoice.

    Of one that names nothing comes the remittance advice, before it or after it; once in a while none does.
    """
    day = hours.banking_day_after(opened_ms, rng.randint(3, 9))
    at_ms = hours.instant(day, 9, 0, rng.randrange(2 * hours.HOUR_MS))
    drawn = rng.random()
    reference, balance_id = trace(rng), ""
    named = drawn < 0.85
    if drawn < 0.55:
        balance_id = balance.balance_id
    elif drawn < 0.80:
        reference = balance.reference
    elif drawn < 0.85:
        reference = mistyped(rng, balance.reference)
    hospital = scribe.patient.hospital.hospital_id
    deposit_id = token("D-", balance.balance_id, "insurer")
    account = scribe.patient.account
    messages = [statements.deposit(deposit_id, account, hospital, at_ms, amount_cents, day, reference, balance_id)]
    dated = dice("advice", deposit_id)
    if not named and dated.random() < ADVISED:
        advised_ms = at_ms + dated.randint(-30, 50) * hours.HOUR_MS
        messages.append(statements.advised(deposit_id, account, hospital, advised_ms, amount_cents, day, reference, balance.balance_id))
    return messages


def trace(rng: Random) -> str:
    """The reassociation trace of a health-care payment (X12 835 TRN), in the characters of a reference."""
    return f"HCCLAIMPMT/TRN:1:{rng.randrange(10**10):010d}:1{500_000_000 + rng.randrange(PAYERS)}"


def following_month(day: date) -> date:
    """The same day in the next month; `day` is at most the 28th."""
    return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
