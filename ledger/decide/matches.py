"""Decisions on matches that people make or take back. What a match does is undone by its exact reverse."""

from collections.abc import Sequence

from ledger.account import Account
from ledger.chart import Account as Gl
from ledger.decide import differences, tell
from ledger.decide.acts import acted, repeated
from ledger.decide.context import Context
from ledger.decide.sources import Source, open_items, source_of
from ledger.effects import AnyEffect, ExceptionClosed, ExceptionOpened, Matched, Posted, Refused, Suspended, Unmatched
from ledger.events import MatchConfirmed as ConfirmedEvent
from ledger.events import MatchRevoked as RevokedEvent
from ledger.matching.outcome import Allocation
from ledger.matching.people import confirm
from ledger.refusal import Refusal

REVOKED = "MATCH_REVOKED"


def confirmed(account: Account, event: ConfirmedEvent, context: Context) -> Sequence[AnyEffect]:
    """Money in suspense pays these balances, in the order given; what is left over stays in suspense."""
    data = event.data
    refused = repeated(account, event, data.source_id)
    if refused:
        return refused
    source = source_of(account, data.source_id)
    if source is None:
        return [Refused(Refusal.UNKNOWN_SOURCE, data.source_id, "no payment or deposit of this account has this id")]
    if not source.suspended_cents:
        return [Refused(Refusal.NOTHING_SUSPENDED, data.source_id, "nothing of it lies in suspense; revoke a match first")]
    outcome = confirm(open_items(account), source.incoming(account.patient_id, context.at_ms), data.balance_ids, data.actor)
    if not outcome.allocations:
        which = ", ".join(reason.right for reason in outcome.reasons)
        return [Refused(Refusal.BALANCE_NOT_OPEN, data.source_id, f"not open for this money: {which}")]
    # must succeed from here
    return [
        acted(event, "confirmed", data.source_id, data.comment),
        *out_of_suspense(source, outcome.allocations),
        *settled(account, source, outcome.residual_cents, data.actor, "left over after a person matched the rest"),
    ]


def out_of_suspense(source: Source, allocations: Sequence[Allocation]) -> list[AnyEffect]:
    """Suspended money finds its balances."""
    effects: list[AnyEffect] = []
    for part in allocations:
        effects += [
            Suspended(source.source_id, -part.amount_cents, "matched"),
            Matched(source.source_id, part.balance_id, part.amount_cents, part.rule, part.evidence, part.score),
            _post(Gl.SUSPENSE, Gl.PATIENT_RECEIVABLE, source, part.amount_cents, "suspended payment allocated"),
        ]
    return effects


def revoked(account: Account, event: RevokedEvent, _: Context) -> Sequence[AnyEffect]:
    """What this money paid, one balance or all of them, is owed again, and the money lies in suspense until its place is known."""
    data = event.data
    refused = repeated(account, event, data.source_id)
    if refused:
        return refused
    source = source_of(account, data.source_id)
    if source is None:
        return [Refused(Refusal.UNKNOWN_SOURCE, data.source_id, "no payment or deposit of this account has this id")]
    parts = [part for part in source.allocated if not data.balance_id or part[0] == data.balance_id]
    if not parts:
        return [Refused(Refusal.NOT_MATCHED, data.source_id, f"it does not pay {data.balance_id or 'any balance'}")]
    # must succeed from here
    effects: list[AnyEffect] = [acted(event, "revoked", data.source_id, data.comment)]
    for balance_id, cents in parts:
        effects += [
            Unmatched(source.source_id, balance_id, cents, "revoked"),
            Suspended(source.source_id, cents, "revoked"),
            _post(Gl.PATIENT_RECEIVABLE, Gl.SUSPENSE, source, cents, f"reopened {balance_id}"),
        ]
    effects += differences.taken_back(account, source.source_id, source.hospital_id, {balance_id for balance_id, _ in parts})
    taken = sum(cents for _, cents in parts)
    name = f"{source.source_id}/{REVOKED}"
    if name in account.exceptions:
        effects.append(ExceptionClosed(name, "revoked more", data.actor))
    lies = source.suspended_cents + taken
    return [*effects, _opened(source, REVOKED, lies, data.comment), *_told(source, account.open_cents() + taken)]


def settled(account: Account, source: Source, left_cents: int, actor: str, rest: str, explained_cents: int = 0) -> list[AnyEffect]:
    """Exceptions about money that has its place now; an open rest is an overpayment, and `rest` says how it came about.

    `explained_cents` are owed no longer beside what the money pays.
    """
    effects: list[AnyEffect] = [*tell.closed(account, source.source_id, "matched", actor)]
    if left_cents:
        effects.append(_opened(source, "OVERPAID", left_cents, rest))
    open_cents = account.open_cents() - (source.suspended_cents - left_cents) - explained_cents
    if not open_cents:
        effects += tell.all_paid(account, source.source_id, actor)
    return [*effects, *_told(source, open_cents)]


def _opened(source: Source, code: str, cents: int, detail: str) -> ExceptionOpened:
    return ExceptionOpened(f"{source.source_id}/{code}", code, "medium", source.source_id, cents, detail, source.hospital_id)


def _told(source: Source, open_cents: int) -> list[AnyEffect]:
    """CREDIT hears what is open now."""
    return [tell.credit(source.payment, source.payment.status, 0, open_cents)] if source.payment else []


def _post(debit: Gl, credit: Gl, source: Source, cents: int, memo: str) -> Posted:
    return Posted(debit.value, credit.value, cents, source.hospital_id, source.source_id, memo)
