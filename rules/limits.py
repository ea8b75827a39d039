"""Limits per hospital: what one account may move there. Looked up by hospital, so a thousand hospitals cost what one does."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ledger.facts import Facts
from ledger.policy import Fired
from rules.explain import dollars
from rules.rulebook import Limit

EVERY_HOSPITAL = "*"

LimitTable = Mapping[str, tuple[Limit, ...]]


def limit_table(limits: Iterable[Limit]) -> LimitTable:
    """Limits by hospital; `*` holds those for hospitals without their own."""
    table: dict[str, tuple[Limit, ...]] = {}
    for limit in limits:
        table[limit.hospital] = (*table.get(limit.hospital, ()), limit)
    return MappingProxyType(table)


def exceeded(table: LimitTable, facts: Facts) -> tuple[Fired, ...]:
    """The limits this payment goes beyond. Day and 30-day sums are the account's payments in event time, this one included."""
    if facts.event_type != "payment.initiated":
        return ()
    limits = table.get(facts.hospital_id) or table.get(EVERY_HOSPITAL, ())
    return tuple(
        fired for limit in limits if not limit.directions or facts.direction in limit.directions for fired in _beyond(limit, facts)
    )


def _beyond(limit: Limit, facts: Facts) -> list[Fired]:
    money = (
        ("per-payment", "the amount", facts.amount_cents, limit.per_payment_cents),
        ("per-day", "the sum of 24 hours", facts.sum_1d_cents, limit.per_day_cents),
        ("per-30-days", "the sum of 30 days", facts.sum_30d_cents, limit.per_30_days_cents),
    )
    found = [
        _fired(limit, name, f"{what}, {dollars(value)}, is above this hospital's limit of {dollars(bound)}")
        for name, what, value, bound in money
        if bound is not None and value > bound
    ]
    most = limit.payments_per_day
    if most is not None and facts.count_1d > most:
        found.append(_fired(limit, "payments-per-day", f"{facts.count_1d} payments in 24 hours; this hospital allows {most}"))
    return found


def _fired(limit: Limit, name: str, explanation: str) -> Fired:
    return Fired(f"limit-{name}", limit.outcome, explanation[:1].upper() + explanation[1:] + ".", limit.severity)
