"""Health-care deposits: an insurer's CCD entry described HCCLAIMPMT pays the bills that its remittance advice (X12 835) names.

Source of the key: Nacha Operating Rules, health care EFT transactions, and CAQH CORE rule 370: the TRN re-association trace number in the
entry's one addenda record, the amount, and the payment date.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from ledger.advice import Advice, trace_of
from ledger.matching.fit import named_by, of_hospital
from ledger.matching.item import Expected, Incoming
from ledger.matching.outcome import Allocation, Candidate, Differs, Outcome, Pass, Reason, State
from ledger.matching.score import AMOUNT, EVIDENCE, REFERENCE, REFERENCE_POINTS, SCORES, context_bits
from ledger.matching.terms import PAID_IN, AddDays

DESCRIPTION = "HCCLAIMPMT"
APART_BANKING_DAYS = 3
"""between an advice and its money at most (CAQH CORE rule 370: the transmission of either follows within three business days)"""
TERMS = "remittance@1"


def says_trace(reference: str) -> bool:
    """Whether a reference is the payer's re-association trace: it names the payer's remittance advice, not a bill."""
    return DESCRIPTION in reference.upper() or trace_of(reference) is not None


def agreed(advice: Advice, money: Incoming, items: Sequence[Expected], add_days: AddDays) -> Outcome:
    """The bills that the advice names, each paid to the cent; or MISMATCHED with every field that differs, and no cent of it placed: then
    those of the bills that are open are the one candidate.

    `money` is known to carry the trace of the advice. `items` are what is open in the account.
    """
    first, last = (add_days(advice.day, count) for count in (-APART_BANKING_DAYS, APART_BANKING_DAYS))
    reasons = list(_of_payment(advice, money, first, last))
    items = of_hospital(items, money.hospital_id)
    wanted: Counter[str] = Counter()
    for name, cents in advice.pays:
        found = named_by(items, Incoming(money.source_id, cents, reference=name))
        if len(found) == 1:
            wanted[found[0].balance_id] += cents
        else:
            reasons.append(Reason(Differs.NOT_UNIQUE if found else Differs.BALANCE_UNKNOWN, "bill", str(len(found)), name))
    paid = [item for item in items if wanted[item.balance_id]]
    reasons += [_too_much(item, wanted[item.balance_id]) for item in paid if wanted[item.balance_id] > item.open_cents]
    if reasons:
        near = (Candidate(tuple(wanted), REFERENCE_POINTS),) if wanted else ()
        return Outcome(State.MISMATCHED, (), money.amount_cents, tuple(reasons), near, len(items), (first, last), TERMS)
    return Outcome(
        State.MATCHED,
        tuple(_part(item, wanted[item.balance_id], advice, money) for item in paid),
        0,
        candidate_count=len(items),
        window=(first, last),
        terms=TERMS,
    )


def _of_payment(advice: Advice, money: Incoming, first: str, last: str) -> Iterator[Reason]:
    """What speaks against the payment as a whole."""
    if advice.hospital_id != money.hospital_id:
        yield Reason(Differs.HOSPITAL, "hospital", advice.hospital_id, money.hospital_id)
    if delta := money.amount_cents - advice.amount_cents:
        yield Reason(Differs.AMOUNT, "advice", str(advice.amount_cents), str(money.amount_cents), delta)
    bills = sum([cents for _, cents in advice.pays])
    if delta := bills - advice.amount_cents:
        yield Reason(Differs.AMOUNT, "bills", str(advice.amount_cents), str(bills), delta)
    if not first <= money.day <= last:
        yield Reason(Differs.DATE, "date", advice.day, money.day)


def _too_much(item: Expected, cents: int) -> Reason:
    return Reason(Differs.AMOUNT, item.balance_id, str(item.open_cents), str(cents), cents - item.open_cents)


def _part(item: Expected, cents: int, advice: Advice, money: Incoming) -> Allocation:
    bits = REFERENCE | AMOUNT | context_bits(item, money, PAID_IN)
    return Allocation(item.balance_id, cents, Pass.ADVICE, SCORES[bits], (*EVIDENCE[bits], f"advice {advice.advice_id}"))
