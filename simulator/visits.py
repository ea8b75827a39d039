"""Real time: people at the front desk, one visit after the other, each a short story of a minute or two."""

from collections.abc import Callable
from random import Random

from simulator import hours, statements
from simulator.dice import dice
from simulator.episodes import PREAPPROVAL_CENTS, trace
from simulator.lives import agreements
from simulator.message import Message, token
from simulator.patients import Patient, Temper, patient
from simulator.repayments import pay
from simulator.scribe import Scribe

EVENTS_OF_FIRST_VISIT, EVENTS_OF_VISIT = 7.7, 5.0
"""input events of a visit on average, the bank's answers among them; what an event rate means in visits"""
POOL_FACTOR = 20
"""visitors for each account of the world: enough that nobody comes so often that the rules take offence (20 payments a day)"""
CONSENT_SHARES = (("payments", 0.993), ("sms", 0.78))


def visit(seed: int, pool: int, number: int, at_ms: int) -> list[Message]:
    """Visit number `number`, which begins at `at_ms`; patients come in turns, and sign on their first visit only."""
    rng = dice(seed, "visit", number)
    who = patient(seed, number % pool, family="visitor")
    scribe = Scribe(seed, who, f"visit/{number}")
    signed = agreements(rng, scribe, at_ms, CONSENT_SHARES) if number < pool else []
    begins_ms = signed[-1].at_ms + 1_000 if signed else at_ms
    return sorted([*signed, *_story(rng, who)(rng, scribe, begins_ms)], key=lambda message: message.at_ms)


def _story(rng: Random, who: Patient) -> Callable[[Random, Scribe, int], list[Message]]:
    if who.temper is Temper.RISKY:
        return _burst
    drawn = rng.random()
    return _copayment if drawn < 0.62 else _emergency if drawn < 0.76 else _plan if drawn < 0.90 else _insured


def _copayment(rng: Random, scribe: Scribe, at_ms: int) -> list[Message]:
    """A bill at the desk, paid at once."""
    balance = scribe.balance(rng.randint(1_500, 45_000), hours.day_of(at_ms))
    paid_ms = at_ms + rng.randint(5, 40) * 1000
    return [scribe.balance_opened(at_ms, balance), pay(rng, scribe, balance, paid_ms, balance.amount_cents)]


def _emergency(rng: Random, scribe: Scribe, at_ms: int) -> list[Message]:
    """$1,000 pre-approved on arrival; billed soon after, to be repaid within 30 days."""
    billed_ms = at_ms + rng.randint(30, 90) * 1000
    balance = scribe.balance(PREAPPROVAL_CENTS, hours.day_of(at_ms + 30 * hours.DAY_MS))
    return [scribe.initiated(at_ms, "preapproval", PREAPPROVAL_CENTS), scribe.balance_opened(billed_ms, balance)]


def _plan(rng: Random, scribe: Scribe, at_ms: int) -> list[Message]:
    """A plan of three, six or twelve months, whose first instalment is paid at the desk."""
    count = rng.choice((3, 6, 12))
    each = rng.randint(4_000, 60_000)
    today = hours.day_of(at_ms)
    balances = [scribe.balance(each, hours.day_of(at_ms + 30 * month * hours.DAY_MS) if month else today) for month in range(count)]
    paid_ms = at_ms + rng.randint(10, 50) * 1000
    return [
        scribe.plan_opened(at_ms, balances),
        scribe.initiated(at_ms + 2_000, "disbursement", each * count),
        pay(rng, scribe, balances[0], paid_ms, each),
    ]


def _insured(rng: Random, scribe: Scribe, at_ms: int) -> list[Message]:
    """A bill that an insurer pays."""
    balance = scribe.balance(rng.randint(8_000, 250_000), hours.day_of(at_ms))
    paid_ms = at_ms + rng.randint(20, 90) * 1000
    hospital = scribe.patient.hospital.hospital_id
    deposit = statements.deposit(
        token("D-", balance.balance_id),
        scribe.patient.account,
        hospital,
        paid_ms,
        balance.amount_cents,
        hours.banking_day_after(paid_ms, 0),
        trace(rng),
        balance.balance_id if rng.random() < 0.7 else "",
    )
    return [scribe.balance_opened(at_ms, balance), deposit]


def _burst(rng: Random, scribe: Scribe, at_ms: int) -> list[Message]:
    """Large payments within seconds of each other: what the alerts are for."""
    balance = scribe.balance(rng.randint(50_000, 300_000), hours.day_of(at_ms))
    messages = [scribe.balance_opened(at_ms, balance)]
    for _ in range(rng.randint(3, 6)):
        at_ms += rng.randint(2, 12) * 1000
        messages.append(pay(rng, scribe, balance, at_ms, rng.randint(40_000, 480_000)))
    return messages
