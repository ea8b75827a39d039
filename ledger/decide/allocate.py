"""Incoming money meets what is owed: matched parts pay balances, the rest lies in suspense."""

from collections.abc import Sequence
from typing import NamedTuple

from ledger.account import Account
from ledger.decide import accrual, postings, tell
from ledger.decide.context import Context
from ledger.decide.differences import explained
from ledger.decide.sources import open_items
from ledger.effects import AnyEffect, ChargeWaived, ExceptionOpened, Matched, Suspended
from ledger.matching.charged import match_charged
from ledger.matching.fit import named_by
from ledger.matching.item import Expected, Incoming
from ledger.matching.match import match
from ledger.matching.near import explained as known_cause
from ledger.matching.outcome import Differs, Outcome, State
from ledger.matching.terms import DEFAULT, Terms
from ledger.matching.told import said

_CODES = {state: state.value for state in (State.PROPOSED, State.AMBIGUOUS, State.MISMATCHED)}
"""money that came near: its exception names the candidates"""


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
    terms: Terms = DEFAULT,
) -> Allocation:
    """Allocate cash to the account's open balances; nothing is ever applied beyond what is open."""
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
    effects, outcome = placed(account, money, terms, context)
    allocated = 0
    for part in outcome.allocations:
        allocated += part.amount_cents
        effects.append(Matched(source_id, part.balance_id, part.amount_cents, part.rule, part.evidence, part.score))
        effects.append(postings.received(source_id, hospital_id, part.amount_cents))
    rest = amount_cents - allocated
    assert 0 <= rest == outcome.residual_cents, (allocated, outcome.residual_cents)
    effects += explained(source_id, hospital_id, outcome.allocations)
    waived_cents = sum([effect.waived_cents for effect in effects if type(effect) is ChargeWaived])
    fallen = allocated + waived_cents + sum([part.fee_cents for part in outcome.allocations])
    if allocated and account.exceptions and fallen == account.open_cents():
        effects += tell.all_paid(account, source_id)
    if not rest:
        return Allocation(effects, fallen, ())
    code = (
        "UNKNOWN_ACCOUNT"
        if not account.items
        else "OVERPAID"
        if allocated or not account.open_items()
        else _CODES.get(outcome.state, "UNMATCHED")
    )
    causes = ", ".join(sorted({reason.code.value for reason in outcome.reasons})) or Differs.NOTHING_OPEN.value
    effects += [Suspended(source_id, rest, code), postings.suspended(source_id, hospital_id, rest)]
    if f"{source_id}/{code}" not in account.exceptions:
        where = hospital_id or account.hospital_id
        effects.append(
            ExceptionOpened(f"{source_id}/{code}", code, "medium", source_id, rest, said(outcome), where, candidates=_candidates(outcome))
        )
    return Allocation(effects, fallen, ((code, causes, "", 0),))


def placed(account: Account, money: Incoming, terms: Terms, context: Context) -> tuple[list[AnyEffect], Outcome]:
    """Where the money goes, and before it the late fees that it takes back, having settled within their grace."""
    expected = open_items(account)
    owed = expected if terms is DEFAULT else _debt(account, expected, money)
    if not any(item.kind for item in owed):
        return [], match(expected, money, terms)
    effects = accrual.paid_in_time(account, _settles(owed, money, terms), money.day, context)
    waived = {effect.balance_id for effect in effects if type(effect) is ChargeWaived}
    parents = {item.balance_id: item.parent for item in account.items.values()}
    still = [item for item in owed if item.balance_id not in waived]
    return effects, match_charged(still, parents, money, context.rules.allocate, terms)


def _settles(owed: Sequence[Expected], money: Incoming, terms: Terms) -> int:
    """The cents that the money settles: its own, or all of the one bill that it is short of for a cause which the terms know."""
    bills = [item.open_cents for item in owed if not item.kind]
    return bills[0] if len(bills) == 1 and known_cause(bills[0], money.amount_cents, terms) else money.amount_cents


def _debt(account: Account, expected: Sequence[Expected], money: Incoming) -> list[Expected]:
    """What money that nobody announced may be used up on: the one balance that it names, with its charges."""
    names = {account.items[item.balance_id].parent or item.balance_id for item in named_by(expected, money)}
    if len(names) != 1:
        return []
    return [item for item in expected if item.balance_id in names or account.items[item.balance_id].parent in names]


def _candidates(outcome: Outcome) -> tuple[tuple[tuple[str, ...], int], ...]:
    return tuple((candidate.balance_ids, candidate.score) for candidate in outcome.candidates)
