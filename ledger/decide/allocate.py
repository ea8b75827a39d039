"""Incoming money meets what is owed: matched parts pay balances, the rest lies in suspense."""

from typing import NamedTuple

from ledger.account import Account
from ledger.decide import accrual, postings, tell
from ledger.decide.context import Context
from ledger.effects import AnyEffect, ChargeWaived, Matched, Suspended
from ledger.matching.charged import match_charged
from ledger.matching.item import Expected, Incoming
from ledger.matching.match import match


class Allocation(NamedTuple):
    """Effects of an allocation, by how many cents less is owed after it, and its problems as the webhook tells them."""

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
            item.component,
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
    effects: list[AnyEffect] = []
    allocated = 0
    if any(item.kind for item in expected):
        effects += accrual.paid_in_time(account, amount_cents, day, context)
        waived = {effect.balance_id for effect in effects if type(effect) is ChargeWaived}
        parents = {item.balance_id: item.parent for item in account.items.values()}
        owed = [item for item in expected if item.balance_id not in waived]
        outcome = match_charged(owed, parents, money, context.rules.allocate)
    else:
        outcome = match(expected, money)
    for part in outcome.allocations:
        allocated += part.amount_cents
        effects.append(Matched(source_id, part.balance_id, part.amount_cents, part.rule, part.evidence, part.score))
        effects.append(postings.received(source_id, hospital_id, part.amount_cents))
    rest = amount_cents - allocated
    assert 0 <= rest == outcome.residual_cents, (allocated, outcome.residual_cents)
    waived_cents = sum([effect.waived_cents for effect in effects if type(effect) is ChargeWaived])
    if not rest:
        return Allocation(effects, allocated + waived_cents, ())
    code = "UNKNOWN_ACCOUNT" if not account.items else "OVERPAID" if allocated or not expected else "UNMATCHED"
    detail = ", ".join(sorted({reason.code.value for reason in outcome.reasons})) or "NOTHING_OPEN"
    effects += [
        Suspended(source_id, rest, code),
        postings.suspended(source_id, hospital_id, rest),
        *tell.exception(account, source_id, code, "medium", rest, detail, hospital_id),
    ]
    return Allocation(effects, allocated + waived_cents, ((code, detail, "", 0),))
