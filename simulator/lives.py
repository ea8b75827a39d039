"""Lives: one patient's events from the first consent on, chapter by chapter, so that only the near future is held in memory."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import NamedTuple

from simulator import episodes, hours
from simulator.dice import dice
from simulator.message import Message
from simulator.patients import Patient
from simulator.repayments import EARLIEST_DAYS, repayment
from simulator.scribe import Balance, Scribe

Shares = tuple[tuple[str, float], ...]
"""By purpose: the part of the patients that consents."""
CONSENT_SHARES: Shares = (("payments", 0.993), ("analytics", 0.71), ("sms", 0.78), ("email", 0.86))
SILENT = 0.4
"""of those who do not consent, the share that says nothing at all"""
CONSENT_WITHDRAWN = 0.02
MANDATE_REVOKED = 0.02
STUBBORN = 0.3
"""repayments that CREDIT still asks for after the mandate was revoked"""
NEXT_EPISODE_DAYS = (14, 75)


class Chapter(NamedTuple):
    """Some messages of a life, and an instant that none of them, or of any later chapter, precedes."""

    starts_ms: int
    messages: list[Message]


def life(seed: int, patient: Patient, start_ms: int) -> Iterator[Chapter]:
    """A patient's chapters, in the order of their starts; endless."""
    rng = dice(seed, "life", patient.account)
    scribe = Scribe(seed, patient)
    at_ms = hours.office_hours(rng, hours.day_of(start_ms))
    revoked_ms = _some_day(rng, at_ms, MANDATE_REVOKED)
    yield Chapter(at_ms, [*agreements(rng, scribe, at_ms), *_changes_of_mind(rng, scribe, at_ms, revoked_ms)])
    at_ms += rng.randint(2, 30) * hours.MINUTE_MS
    pending: list[Balance] = []
    while True:
        episode = episodes.draw(rng)(rng, scribe, at_ms)
        yield Chapter(at_ms, episode.messages)
        at_ms += rng.randint(*NEXT_EPISODE_DAYS) * hours.DAY_MS + rng.randint(-600, 600) * hours.MINUTE_MS
        pending = sorted(pending + episode.balances, key=lambda balance: balance.due)
        while pending and (starts_ms := _earliest_ms(pending[0])) <= at_ms:
            balance = pending.pop(0)
            if revoked_ms is None or starts_ms < revoked_ms or rng.random() < STUBBORN:
                yield Chapter(starts_ms, repayment(rng, scribe, balance))


def agreements(rng: Random, scribe: Scribe, at_ms: int, shares: Shares = CONSENT_SHARES) -> list[Message]:
    """What is signed at the front desk: consents by purpose, and the mandate for debits."""
    signed: list[Message] = []
    for purpose, share in shares:
        granted = rng.random() < share
        if granted or rng.random() > SILENT:
            at_ms += rng.randint(2, 20) * hours.SECOND_MS
            signed.append(scribe.consent(at_ms, purpose, granted))
    return [*signed, scribe.mandate_granted(at_ms + rng.randint(5, 60) * hours.SECOND_MS)]


def _changes_of_mind(rng: Random, scribe: Scribe, at_ms: int, revoked_ms: int | None) -> list[Message]:
    changes = [] if revoked_ms is None else [scribe.mandate_revoked(revoked_ms)]
    withdrawn_ms = _some_day(rng, at_ms, CONSENT_WITHDRAWN)
    if withdrawn_ms is not None:
        changes.append(scribe.consent(withdrawn_ms, rng.choice(("sms", "email", "payments")), False))
    return changes


def _some_day(rng: Random, at_ms: int, share: float) -> int | None:
    """An instant within the next year or so for this share of people, none for the others."""
    return at_ms + rng.randint(20, 400) * hours.DAY_MS if rng.random() < share else None


def _earliest_ms(balance: Balance) -> int:
    return hours.instant(balance.due - timedelta(days=EARLIEST_DAYS), 0)
