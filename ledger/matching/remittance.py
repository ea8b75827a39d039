"""Health-care deposits: an insurer's CCD entry described HCCLAIMPMT is matched with its remittance advice (X12 835).

Source of the key: Nacha Operating Rules, health care EFT transactions, and CAQH CORE rule 370: effective entry date, amount and the
TRN re-association trace number that stands in the entry's one addenda record.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from ledger.matching.outcome import Differs, Reason

DESCRIPTION = "HCCLAIMPMT"


class Trace(Struct, frozen=True, gc=False):
    """The TRN segment: the trace number that payer and provider share, and the payer's identifier."""

    number: str
    payer_id: str


class Remittance(Struct, frozen=True, gc=False):
    """One side of a re-association: the entry that came in (`id` of the deposit) or the advice that explains it."""

    id: str
    effective_date: str
    amount_cents: int
    trace: Trace | None


class Reassociated(Struct, frozen=True):
    """Pairs (advice id, deposit id), and for every deposit without one the reasons why."""

    pairs: tuple[tuple[str, str], ...]
    unmatched: tuple[tuple[str, tuple[Reason, ...]], ...]


def trn_segment(addenda: str) -> Trace | None:
    """The trace of an addenda's payment information, `TRN*1*<trace>*<payer>~` (or ended by a backslash); None for anything else."""
    segment = addenda.strip().rstrip("~\\").split("*")
    if len(segment) < 4 or segment[0] != "TRN" or segment[1] != "1":
        return None
    number, payer_id = segment[2].strip(), segment[3].strip()
    return Trace(number, payer_id) if number and payer_id else None


def says_trace(reference: str) -> bool:
    """Whether a reference is the payer's re-association trace: it names the payer's remittance advice, not a bill."""
    return DESCRIPTION in reference.upper() or trn_segment(reference) is not None


def reassociate(advices: Iterable[Remittance], deposits: Iterable[Remittance]) -> Reassociated:
    """Match on effective date, amount and trace together; a key that is not unique on both sides matches nothing.

    A deposit that shares its trace with one advice gets the fields that differ as reasons.
    """
    by_trace: dict[Trace, list[Remittance]] = defaultdict(list)
    for advice in sorted(advices, key=_order):
        if advice.trace:
            by_trace[advice.trace].append(advice)
    arrived = sorted(deposits, key=_order)
    keys: dict[tuple[Trace | None, str, int], int] = defaultdict(int)
    for deposit in arrived:
        keys[_key(deposit)] += 1
    pairs, unmatched = [], []
    for deposit in arrived:
        shared = by_trace.get(deposit.trace, []) if deposit.trace else []
        exact = [advice for advice in shared if _key(advice) == _key(deposit)]
        if len(exact) == 1 and keys[_key(deposit)] == 1:
            pairs.append((exact[0].id, deposit.id))
        else:
            unmatched.append((deposit.id, _reasons(deposit, shared, exact)))
    return Reassociated(tuple(pairs), tuple(unmatched))


def _order(remittance: Remittance) -> tuple[str, str]:
    return remittance.effective_date, remittance.id


def _key(remittance: Remittance) -> tuple[Trace | None, str, int]:
    return remittance.trace, remittance.effective_date, remittance.amount_cents


def _reasons(deposit: Remittance, shared: Sequence[Remittance], exact: Sequence[Remittance]) -> tuple[Reason, ...]:
    if deposit.trace is None:
        return (Reason(Differs.REFERENCE_BLANK, "trn"),)
    if not shared:
        return (Reason(Differs.REFERENCE, "trn", "", deposit.trace.number),)
    if exact:
        return (Reason(Differs.NOT_UNIQUE, "trn", str(len(exact)), deposit.trace.number),)
    advice, reasons = shared[0], []
    if advice.amount_cents != deposit.amount_cents:
        delta = deposit.amount_cents - advice.amount_cents
        reasons.append(Reason(Differs.AMOUNT, "amount", str(advice.amount_cents), str(deposit.amount_cents), delta))
    if advice.effective_date != deposit.effective_date:
        reasons.append(Reason(Differs.DATE, "effective_date", advice.effective_date, deposit.effective_date))
    return tuple(reasons)
