"""Insurers' money and the remittance advices (X12 835) that say which bills it is for: whichever comes first waits for the other.

The same trace makes the pair. The advice is then followed to the cent or not at all, and a person is told why not.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from ledger.account import Account, Deposit
from ledger.advice import Advice, Trace, trace_of
from ledger.decide import accrual, alerts, allocate, duties, postings, tell
from ledger.decide.context import Context, plausible
from ledger.decide.matches import REVOKED, out_of_suspense, settled
from ledger.decide.sources import SEEN, expected, open_items, source_of
from ledger.effects import (
    AnyEffect,
    DepositReceived,
    DutyClosed,
    DutyOpened,
    ExceptionOpened,
    Reassociated,
    Refused,
    RemittanceAdvised,
    Suspended,
)
from ledger.events import RemittanceAdvised as AdvisedEvent
from ledger.evolve import evolve
from ledger.matching.deadline import GRACE
from ledger.matching.fit import named_by
from ledger.matching.item import Incoming
from ledger.matching.outcome import Outcome
from ledger.matching.remittance import APART_BANKING_DAYS, agreed
from ledger.matching.told import said
from ledger.money import money
from ledger.refusal import Refusal
from ledger.standing import ADVICE, MONEY, Duty

ADVICE_UNPAID = "ADVICE_UNPAID"
ADVICE_MISSING = "ADVICE_MISSING"
ADVICE_MISMATCH = "ADVICE_MISMATCH"
AWAITED = "ADVICE_AWAITED"
"""why money lies in suspense that nobody need look at yet"""
_FOR_A_PERSON = (REVOKED, SEEN)
"""exceptions of money that nothing but a person places"""
ANY_HOSPITAL = "*"
Candidates = tuple[tuple[tuple[str, ...], int], ...]


def advised(account: Account, event: AdvisedEvent, context: Context) -> list[AnyEffect]:
    """An advice: its money, if it is here, pays the bills that it names; otherwise it waits for it."""
    data = event.data
    day = data.payment_date.isoformat()
    if data.currency != "USD":
        return [Refused(Refusal.CURRENCY_NOT_SUPPORTED, data.advice_id, data.currency)]
    pays = tuple((bill.bill, int(bill.amount)) for bill in data.bills if bill.amount > 0)
    if data.amount <= 0 or not pays:
        return [Refused(Refusal.AMOUNT_NOT_POSITIVE, data.advice_id)]
    if not plausible(day, context):
        return [Refused(Refusal.IMPLAUSIBLE_TIME, data.advice_id, f"payment date {day}")]
    trace = Trace(data.reassociation_trace, data.payer_id)
    advice = Advice(data.advice_id, data.hospital_id, trace, int(data.amount), day, pays)
    if refused := _known(account, advice):
        if refused.reason == Refusal.DUPLICATE:
            return [refused]
        return alerts.conflict(account, advice.advice_id, refused.detail, advice.hospital_id, advice.amount_cents, context)
    taken_in = RemittanceAdvised(advice.advice_id, advice.hospital_id, trace.number, trace.payer_id, advice.amount_cents, day, pays)
    deposit = _unexplained(account, trace)
    if deposit is None:
        return [taken_in, _waits(MONEY, advice.advice_id, day, advice.amount_cents, advice.hospital_id, context)]
    account = evolve(account, taken_in, context.at_ms)
    return [taken_in, *_found(account, advice, deposit, context)]


def traced(account: Account, received: DepositReceived, context: Context) -> list[AnyEffect] | None:
    """What becomes of an insurer's deposit, but for its receipt; None when neither an advice nor the book says more of it than of another.

    A deposit that names a bill pays it; its advice is compared. Any other is placed by its advice or by a person.
    """
    trace = trace_of(received.reference)
    if trace is None:
        return None
    advice = _advice_with(account, trace)
    if advice is None and not _wished(received.hospital_id, context):
        return None
    named = named_by(open_items(account), Incoming(received.deposit_id, 0, balance_id=received.balance_id))
    effects = _ordinary(account, received, context) if named else _aside(received)
    for effect in (received, *effects):
        account = evolve(account, effect, context.at_ms)
    deposit = account.deposits[received.deposit_id]
    if advice is None:
        waits = _waits(ADVICE, deposit.deposit_id, deposit.day, deposit.amount_cents, deposit.hospital_id, context)
        return effects if named else [*effects, waits]
    if advice.deposit_id:
        return [*effects, *_mismatch(account, deposit, f"advice {advice.advice_id} is of {advice.deposit_id} already")]
    return [*effects, *_found(account, advice, deposit, context)]


def lapsed(account: Account, duty: Duty, _: Context) -> list[AnyEffect]:
    """One of the two did not come within its time."""
    name = duty.transaction_id
    closed = DutyClosed(duty.kind, name, "did not come")
    if duty.kind == MONEY:
        advice = account.advices[name]
        detail = f"{money(advice.amount_cents)} of payer {advice.trace.payer_id}, trace {advice.trace.number}, had not come by {duty.until}"
        return [closed, *tell.exception(account, name, ADVICE_UNPAID, "medium", advice.amount_cents, detail, advice.hospital_id)]
    deposit = account.deposits[name]
    if not deposit.suspended_cents or _for_a_person(account, name):
        return [DutyClosed(duty.kind, name, "a person has seen to it")]
    detail = f"no remittance advice for {deposit.reference} had come by {duty.until}"
    return [closed, *tell.exception(account, name, ADVICE_MISSING, "medium", deposit.suspended_cents, detail, deposit.hospital_id)]


def placed(account: Account, advice: Advice, deposit_id: str, context: Context) -> list[AnyEffect]:
    """The deposit leaves suspense for the bills of its advice; nothing where a single field differs."""
    outcome = _agreed(account, advice, deposit_id, context)
    source = source_of(account, deposit_id)
    if source is None or not outcome.allocations:
        return []
    pays = {part.balance_id: part.amount_cents for part in outcome.allocations}
    in_time = accrual.paid_in_time(account, source.suspended_cents, source.day, context, pays)
    for effect in in_time:
        account = evolve(account, effect, context.at_ms)
    return [*in_time, *out_of_suspense(source, outcome.allocations), *settled(account, source, 0, "", "")]


def advice_of(account: Account, deposit_id: str) -> Advice | None:
    """The advice whose money this is."""
    deposit = account.deposits.get(deposit_id)
    trace = trace_of(deposit.reference) if deposit else None
    advice = _advice_with(account, trace) if trace else None
    return advice if advice and advice.deposit_id == deposit_id else None


def left_alone(account: Account, source_id: str) -> bool:
    """Whether what the account comes to owe is no place for this money: it waits for its advice, or for a person."""
    if _for_a_person(account, source_id):
        return True
    if account.duties and duties.find(account, ADVICE, source_id) is not None:
        return True
    told = f"{source_id}/{ADVICE_MISSING}" in account.exceptions or f"{source_id}/{ADVICE_MISMATCH}" in account.exceptions
    return told and advice_of(account, source_id) is None


def _found(account: Account, advice: Advice, deposit: Deposit, context: Context) -> list[AnyEffect]:
    """Advice and money have met. Money that a person has yet to look at, for another cause, stays where it is."""
    name = deposit.deposit_id
    effects: list[AnyEffect] = [
        Reassociated(advice.advice_id, name),
        *duties.closed(account, advice.advice_id, name, MONEY),
        *duties.closed(account, name, advice.advice_id, ADVICE),
        *tell.ended(account, advice.advice_id, ADVICE_UNPAID, "the money came"),
    ]
    if _for_a_person(account, name):
        return effects
    if deposit.suspended_cents == deposit.amount_cents:
        return [*effects, *(placed(account, advice, name, context) or _differs(account, advice, deposit, context))]
    if _bills(account, advice, deposit) != _sums(deposit.allocated):
        paid = ", ".join(f"{balance_id} {money(cents)}" for balance_id, cents in sorted(_sums(deposit.allocated).items()))
        wanted = ", ".join(f"{bill} {money(cents)}" for bill, cents in advice.pays)
        effects += _mismatch(account, deposit, f"it paid {paid or 'nothing'}; advice {advice.advice_id} says {wanted}")
    return effects


def _differs(account: Account, advice: Advice, deposit: Deposit, context: Context) -> list[AnyEffect]:
    outcome = _agreed(account, advice, deposit.deposit_id, context)
    near = tuple((candidate.balance_ids, candidate.score) for candidate in outcome.candidates)
    return _mismatch(account, deposit, said(replace(outcome, candidates=())), near)


def _mismatch(account: Account, deposit: Deposit, why: str, near: Candidates = ()) -> list[AnyEffect]:
    """A person looks at the deposit; that it lies wholly in suspense needs no second exception."""
    whole = deposit.suspended_cents == deposit.amount_cents
    closed = tell.closed(account, deposit.deposit_id, "advised") if whole else []
    name = f"{deposit.deposit_id}/{ADVICE_MISMATCH}"
    about, cents, hospital = deposit.deposit_id, deposit.amount_cents, deposit.hospital_id
    return [*closed, ExceptionOpened(name, ADVICE_MISMATCH, "medium", about, cents, why, hospital, candidates=near)]


def _agreed(account: Account, advice: Advice, deposit_id: str, context: Context) -> Outcome:
    source = source_of(account, deposit_id)
    assert source is not None, deposit_id
    incoming = source.incoming(account.patient_id, context.at_ms)
    return agreed(advice, incoming, open_items(account), context.rail.add_banking_days)


def _bills(account: Account, advice: Advice, deposit: Deposit) -> dict[str, int]:
    """What the advice says, by balance: of those that the deposit paid, and by name of all others."""
    paid = [expected(account.items[balance_id]) for balance_id, _ in deposit.allocated]
    named = ((named_by(paid, Incoming("", 0, reference=bill)), bill, cents) for bill, cents in advice.pays)
    return _sums((found[0].balance_id if found else bill, cents) for found, bill, cents in named)


def _sums(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, cents in parts:
        found[name] = found.get(name, 0) + cents
    return found


def _known(account: Account, advice: Advice) -> Refused | None:
    """An advice that is here already, under its own id or another."""
    known = account.advices.get(advice.advice_id) or _advice_with(account, advice.trace)
    if known is None:
        return None
    same = replace(known, deposit_id="") == advice
    detail = "" if known.advice_id == advice.advice_id else f"its trace is that of {known.advice_id}"
    return Refused(Refusal.DUPLICATE if same else Refusal.CONTENT_CONFLICT, advice.advice_id, detail)


def _advice_with(account: Account, trace: Trace) -> Advice | None:
    pair = account.traces.get(trace.key())
    return account.advices[pair.advice_id] if pair and pair.advice_id else None


def _unexplained(account: Account, trace: Trace) -> Deposit | None:
    """The first deposit with the trace of an advice that is new: no other one explains it, for each trace has one advice."""
    pair = account.traces.get(trace.key())
    return account.deposits[pair.deposit_id] if pair and pair.deposit_id else None


def _wished(hospital_id: str, context: Context) -> bool:
    return hospital_id in context.rules.remittances or ANY_HOSPITAL in context.rules.remittances


def _ordinary(account: Account, received: DepositReceived, context: Context) -> list[AnyEffect]:
    name, hospital, cents = received.deposit_id, received.hospital_id, received.amount_cents
    terms = context.rules.paid_in
    return allocate.incoming(
        account, name, hospital, cents, "", received.balance_id, received.trace_number, received.day, context, terms
    ).effects


def _aside(received: DepositReceived) -> list[AnyEffect]:
    name, cents = received.deposit_id, received.amount_cents
    return [Suspended(name, cents, AWAITED), postings.suspended(name, received.hospital_id, cents)]


def _waits(kind: str, name: str, day: str, cents: int, hospital_id: str, context: Context) -> DutyOpened:
    """The other of the two has as many banking days as the rule gives it, and one of grace, from the later of its date and today on."""
    rail = context.rail
    since = max(day, rail.business_date(context.at_ms))
    until = rail.add_banking_days(since, APART_BANKING_DAYS + GRACE)
    return DutyOpened(kind, name, "", day, until, duties.over_ms(until, context), cents, hospital_id)


def _for_a_person(account: Account, deposit_id: str) -> bool:
    return any(f"{deposit_id}/{code}" in account.exceptions for code in _FOR_A_PERSON)
