"""Money that equals no item: explained by a fee or the tolerance, an exact sum of several items, or only near and so proposed."""

from collections.abc import Sequence

from ledger.matching.fit import fitting
from ledger.matching.item import Expected, Incoming, age
from ledger.matching.outcome import Allocation, Candidate, Differs, Outcome, Pass, Reason, State
from ledger.matching.score import (
    AMOUNT,
    AMOUNT_POINTS,
    CONFIRM_POINTS,
    EVIDENCE,
    PROPOSE_POINTS,
    REFERENCE,
    RUNNER_UP_DISTANCE,
    SCORES,
    context_bits,
    differences,
)
from ledger.matching.subsets import CANDIDATES_MAX, exact_subsets
from ledger.matching.terms import Terms

CANDIDATES_SHOWN = 10


def nearest(items: Sequence[Expected], incoming: Incoming, terms: Terms, named: Sequence[Expected]) -> Outcome:
    """The answer of the later passes for terms that forbid spreading: a confirmed difference, an exact sum, or a proposal."""
    if len(named) == 1:
        because = explained(named[0].open_cents, incoming.amount_cents, terms)
        if because:
            return _confirmed(because, named[0], incoming, terms, len(items))
        if terms.named_in_part:
            return _in_part(named[0], incoming, terms, len(items))
    elif not named:
        summed = _exact_sum(items, incoming, terms)
        if summed:
            return summed
    return _proposed(items, incoming, terms, named)


def explained(open_cents: int, amount_cents: int, terms: Terms) -> tuple[Pass, str] | None:
    """The pass and the words for an amount that differs from what is open for a known cause, or None."""
    short = open_cents - amount_cents
    for fee in terms.fees:
        if 0 < short == fee.of(open_cents):
            return Pass.FEE, f"fee {fee.name} {short}"
    if abs(short) <= terms.tolerance(open_cents):
        return Pass.TOLERANCE, f"tolerance {-short:+d}"
    return None


def _confirmed(because: tuple[Pass, str], item: Expected, incoming: Incoming, terms: Terms, looked_at: int) -> Outcome:
    rule, words = because
    bits = REFERENCE | AMOUNT | context_bits(item, incoming, terms)
    if SCORES[bits] < CONFIRM_POINTS:
        return _proposed((item,), incoming, terms, (item,))
    part = min(item.open_cents, incoming.amount_cents)
    allocation = Allocation(item.balance_id, part, rule, SCORES[bits], (*EVIDENCE[bits], words), item.open_cents - part)
    left = incoming.amount_cents - part
    reasons = (Reason(Differs.LEFT_OVER, "amount", str(part), str(incoming.amount_cents), left),) if left else ()
    return Outcome(State.MATCHED, (allocation,), left, reasons, (), looked_at, terms.window(item.due_date), terms.version)


def _in_part(item: Expected, incoming: Incoming, terms: Terms, looked_at: int) -> Outcome:
    """The named item takes what it can; no other one is touched."""
    part = min(item.open_cents, incoming.amount_cents)
    left = incoming.amount_cents - part
    bits = REFERENCE | context_bits(item, incoming, terms)
    reason = (
        Reason(Differs.LEFT_OVER, "amount", str(part), str(incoming.amount_cents), left)
        if left
        else Reason(Differs.AMOUNT, "amount", str(item.open_cents), str(part), part - item.open_cents)
    )
    allocation = Allocation(item.balance_id, part, Pass.NAMED, SCORES[bits], EVIDENCE[bits])
    state = State.OVERPAID if left else State.PARTIALLY_MATCHED
    return Outcome(state, (allocation,), left, (reason,), (), looked_at, terms.window(item.due_date), terms.version)


def _exact_sum(items: Sequence[Expected], incoming: Incoming, terms: Terms) -> Outcome | None:
    """All the items of one patient, or the only few of them, that make the amount; several such sums are ambiguous."""
    by_patient: dict[str, list[Expected]] = {}
    for item in sorted(fitting(items, incoming, terms), key=age):
        by_patient.setdefault(item.patient_id, []).append(item)
    answers = [answer for near in by_patient.values() for answer in _sums(near, incoming.amount_cents)]
    if not answers:
        return None
    if len(answers) == 1:
        parts = answers[0]
        bits = [AMOUNT | context_bits(item, incoming, terms) for item in parts]
        allocations = tuple(
            Allocation(item.balance_id, item.open_cents, Pass.SUBSET, SCORES[b], EVIDENCE[b]) for item, b in zip(parts, bits, strict=True)
        )
        return Outcome(State.MATCHED, allocations, 0, (), (), len(items), terms=terms.version)
    answers.sort(key=lambda parts: (len(parts), [age(item) for item in parts]))
    candidates = tuple(Candidate(tuple(item.balance_id for item in parts), AMOUNT_POINTS) for parts in answers[:CANDIDATES_SHOWN])
    reason = Reason(Differs.NOT_UNIQUE, "amount", str(len(answers)), str(incoming.amount_cents))
    return Outcome(State.AMBIGUOUS, (), incoming.amount_cents, (reason,), candidates, len(items), terms=terms.version)


def _sums(near: list[Expected], amount_cents: int) -> list[list[Expected]]:
    if len(near) > CANDIDATES_MAX:
        return [near] if sum(item.open_cents for item in near) == amount_cents else []
    return [[near[i] for i in answer] for answer in exact_subsets([item.open_cents for item in near], amount_cents)]


def _proposed(items: Sequence[Expected], incoming: Incoming, terms: Terms, named: Sequence[Expected]) -> Outcome:
    """No money moves: the best candidates with what differs, and a state that says how near the best one is."""
    scored = [(differences(item, incoming, terms, typos_count=not named), item) for item in items]
    scored.sort(key=lambda entry: (-entry[0][0], age(entry[1])))
    candidates = tuple(Candidate((item.balance_id,), score, reasons) for (score, reasons), item in scored[:CANDIDATES_SHOWN])
    best, reasons = scored[0][0]
    rivals = [item for (score, _), item in scored[1:] if score > best - RUNNER_UP_DISTANCE]
    if rivals and best >= AMOUNT_POINTS:
        state = State.AMBIGUOUS
        reasons += (Reason(Differs.NOT_UNIQUE, "balance", str(1 + len(rivals)), incoming.source_id),)
    elif best >= PROPOSE_POINTS:
        state = State.PROPOSED
    elif best >= AMOUNT_POINTS:
        state = State.MISMATCHED
    else:
        state = State.UNMATCHED
    return Outcome(state, (), incoming.amount_cents, reasons, candidates, len(items), terms=terms.version)
