"""Decisions on adjustments of the books: one person proposes, another approves, and only then something moves.

write_off: what a balance has open is given up (Dr write_offs Cr patient_receivable); reinstate is its reverse. refund: money in
suspense was given back outside ACH, by check or card (Dr suspense Cr cash).
"""

from collections.abc import Sequence

from ledger.account import Account
from ledger.casework import Adjustment
from ledger.chart import Account as Gl
from ledger.decide import alerts, tell
from ledger.decide.acts import acted, not_open, repeated
from ledger.decide.context import Context
from ledger.decide.sources import source_of
from ledger.effects import (
    AdjustmentDecided,
    AdjustmentProposed,
    AnyEffect,
    BalanceAdjusted,
    ExceptionClosed,
    Posted,
    Refused,
    Suspended,
)
from ledger.events import AdjustmentApproved as ApprovedEvent
from ledger.events import AdjustmentProposed as ProposedEvent
from ledger.events import AdjustmentRejected as RejectedEvent
from ledger.money import money
from ledger.people_events import ProposedData
from ledger.refusal import Refusal

WRITE_OFF, REINSTATE, REFUND = "write_off", "reinstate", "refund"
APPROVED, REJECTED = "approved", "rejected"


def proposed(account: Account, event: ProposedEvent, context: Context) -> Sequence[AnyEffect]:
    """The maker's proposal; nothing moves. Refused at once when it could not be approved as things stand."""
    data = event.data
    if data.currency != "USD":
        return [Refused(Refusal.CURRENCY_NOT_SUPPORTED, data.adjustment_id, data.currency)]
    if data.amount <= 0:
        return [Refused(Refusal.AMOUNT_NOT_POSITIVE, data.adjustment_id)]
    known = account.adjustments.get(data.adjustment_id)
    wanted = Adjustment(data.form, data.about, int(data.amount), _hospital(account, data), data.actor, data.reason, data.exception_id)
    if known is not None:
        same = (known.form, known.about, known.amount_cents, known.maker) == (wanted.form, wanted.about, wanted.amount_cents, wanted.maker)
        standing = known.verdict or "proposed"
        if same:
            return [Refused(Refusal.DUPLICATE, data.adjustment_id, standing)]
        return alerts.conflict(account, data.adjustment_id, standing, wanted.hospital_id, wanted.amount_cents, context)
    refused = (not_open(account, data.exception_id) if data.exception_id else []) or _impossible(account, data.adjustment_id, wanted)
    if refused:
        return refused
    return [
        acted(event, "proposed", data.adjustment_id, data.reason),
        AdjustmentProposed(
            data.adjustment_id,
            wanted.form,
            wanted.about,
            wanted.amount_cents,
            wanted.hospital_id,
            wanted.maker,
            wanted.reason,
            wanted.exception_id,
        ),
    ]


def approved(account: Account, event: ApprovedEvent, _: Context) -> Sequence[AnyEffect]:
    """The checker agrees: a person other than the maker. Checked once more against how things stand now."""
    data = event.data
    identity = data.adjustment_id
    known = account.adjustments.get(identity)
    refused = repeated(account, event, identity) or _not_pending(identity, known)
    if refused or known is None:
        return refused
    if data.actor.casefold() == known.maker.casefold():
        return [Refused(Refusal.SAME_PERSON, identity, f"proposed by {known.maker}: somebody else approves it")]
    refused = _impossible(account, identity, known)
    if refused:
        return refused
    # must succeed from here
    return [
        acted(event, APPROVED, identity, data.comment),
        AdjustmentDecided(identity, APPROVED, data.actor),
        *_moved(identity, known),
        *_closed(account, known, data.actor),
    ]


def rejected(account: Account, event: RejectedEvent, _: Context) -> Sequence[AnyEffect]:
    """The checker does not agree, or the maker thinks better of it."""
    data = event.data
    identity = data.adjustment_id
    refused = repeated(account, event, identity) or _not_pending(identity, account.adjustments.get(identity))
    return refused or [acted(event, REJECTED, identity, data.comment), AdjustmentDecided(identity, REJECTED, data.actor)]


def _not_pending(identity: str, known: Adjustment | None) -> list[Refused]:
    if known is None:
        return [Refused(Refusal.UNKNOWN_ADJUSTMENT, identity, "nobody proposed it in this account")]
    return [Refused(Refusal.ADJUSTMENT_DECIDED, identity, f"it was {known.verdict} before")] if known.verdict else []


def _impossible(account: Account, identity: str, wanted: Adjustment) -> list[Refused]:
    """A refusal when there is less than the amount to adjust."""
    if wanted.form == REFUND:
        source = source_of(account, wanted.about)
        if source is None:
            return [Refused(Refusal.UNKNOWN_SOURCE, identity, f"no settled payment or deposit is called {wanted.about}")]
        there, what = source.suspended_cents, "of it lies in suspense"
    else:
        item = account.items.get(wanted.about)
        if item is None:
            return [Refused(Refusal.UNKNOWN_BALANCE, identity, f"no balance is called {wanted.about}")]
        there, what = item.open_cents, "of it is open"
        if wanted.form == REINSTATE:
            there, what = written_off_cents(account, wanted.about), "was written off"
    if wanted.amount_cents > there:
        return [Refused(Refusal.AMOUNT_EXCEEDED, identity, f"{money(there)} {what}, less than {money(wanted.amount_cents)}")]
    return []


def written_off_cents(account: Account, balance_id: str) -> int:
    """What of a balance was written off and not reinstated."""
    done = [known for known in account.adjustments.values() if known.about == balance_id and known.verdict == APPROVED]
    return sum(known.amount_cents * ((known.form == WRITE_OFF) - (known.form == REINSTATE)) for known in done)


def _hospital(account: Account, data: ProposedData) -> str:
    if data.form == REFUND:
        source = source_of(account, data.about)
        return source.hospital_id if source else account.hospital_id
    item = account.items.get(data.about)
    return item.hospital_id if item else account.hospital_id


def _moved(identity: str, known: Adjustment) -> list[AnyEffect]:
    cents, about, hospital_id = known.amount_cents, known.about, known.hospital_id
    if known.form == WRITE_OFF:
        posted = Posted(Gl.WRITE_OFFS.value, Gl.PATIENT_RECEIVABLE.value, cents, hospital_id, about, "written off")
        return [BalanceAdjusted(about, identity, -cents, hospital_id), posted]
    if known.form == REINSTATE:
        posted = Posted(Gl.PATIENT_RECEIVABLE.value, Gl.WRITE_OFFS.value, cents, hospital_id, about, "write-off reversed")
        return [BalanceAdjusted(about, identity, cents, hospital_id), posted]
    return [
        Suspended(about, -cents, "refunded"),
        Posted(Gl.SUSPENSE.value, Gl.CASH.value, cents, hospital_id, about, "refunded"),
    ]


def _closed(account: Account, known: Adjustment, actor: str) -> list[AnyEffect]:
    """Exceptions whose cause the adjustment takes away."""
    names: dict[str, str] = {}
    if known.exception_id in account.exceptions and not (known.form == REFUND and _left(account, known)):
        names[known.exception_id] = known.form
    if known.form == REFUND and not _left(account, known):
        names.update({closed.exception_id: known.form for closed in tell.closed(account, known.about, known.form)})
    elif known.form == WRITE_OFF and account.open_cents() == known.amount_cents:
        names.update({paid.exception_id: known.form for paid in tell.all_paid(account)})
    return [ExceptionClosed(name, how, actor) for name, how in names.items()]


def _left(account: Account, known: Adjustment) -> int:
    """What of a refund's source still lies in suspense after it."""
    source = source_of(account, known.about)
    return source.suspended_cents - known.amount_cents if source else 0
