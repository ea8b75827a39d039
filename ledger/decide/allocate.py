"""Incoming money meets what is owed: matched parts pay balances, the rest lies in suspense."""

from typing import NamedTuple

from ledger.account import Account
from ledger.decide import postings, tell
from ledger.decide.context import Context
from ledger.effects import AnyEffect, Matched, Suspended
from ledger.matching.item import Expected, Incoming
from ledger.matching.match import match


class Allocation(NamedTuple):
    """Effects of an allocation, what it paid in cents, and its problems as the webhook tells them."""

    effects: list[AnyEffect]
    allocated_cents: int
    problems: tuple[tuple[str, str, str, int], ...]


def incoming(
    account: Account,
    source_id: str,
    hospital_id: str,
    amount_cents: int,
    reference: str,
    balance_id: str,
    trace_number: str,
    day: str,
    context: Context,
) -> Allocation:
    """Allocate cash to the account's open balances; nothing is ever applied beyond what is open."""
    expected = [
        Expected(
            item.balance_id,
            item.reference,
            item.open_cents,
            item.due_date,
            item.opened_at_ms,
            item.patient_id,
            item.hospital_id,
        )
        for item in account.items.values()
        if item.open_cents
    ]
    money = Incoming(
        source_id,
        amount_cents,
        reference=reference,
        balance_id=balance_id,
        patient_id=account.patient_id,
        hospital_id=hospital_id,
        trace_number=trace_number,
        at_ms=context.at_ms,
        day=day,
    )
    outcome = match(expected, money)
    effects: list[AnyEffect] = []
    allocated = 0
    for part in outcome.allocations:
        allocated += part.amount_cents
        effects.append(Matched(source_id, part.balance_id, part.amount_cents, part.rule, part.evidence, part.score))
        effects.append(postings.received(source_id, hospital_id, part.amount_cents))
    rest = amount_cents - allocated
    assert 0 <= rest == outcome.residual_cents, (allocated, outcome.residual_cents)
    if not rest:
        return Allocation(effects, allocated, ())
    code = "UNKNOWN_ACCOUNT" if not account.items else "OVERPAID" if allocated or not expected else "UNMATCHED"
    detail = ", ".join(sorted({reason.code.value for reason in outcome.reasons})) or "NOTHING_OPEN"
    effects += [
        Suspended(source_id, rest, code),
        postings.suspended(source_id, hospital_id, rest),
        *tell.exception(account, source_id, code, "medium", rest, detail, hospital_id),
    ]
    return Allocation(effects, allocated, ((code, detail, "", 0),))
