"""Points for evidence, out of 100. A reference or id weighs most; amount, date and name alone can never confirm a match."""

from ledger.matching.item import Expected, Incoming
from ledger.matching.outcome import Differs, Reason
from ledger.matching.reference import CHARACTERS_PER_EDIT, distance, normalize, typos
from ledger.matching.terms import Terms

REFERENCE_POINTS = 45
AMOUNT_POINTS = 30
DATE_POINTS = 15
PATIENT_POINTS = 10

CONFIRM_POINTS = 90
"""a match of this score is confirmed without a person, given an id or a reference"""
PROPOSE_POINTS = 60
"""a match of this score is worth a person's look"""
RUNNER_UP_DISTANCE = 10
"""how far the second best must be behind"""

REFERENCE, AMOUNT, DATE, PATIENT = 8, 4, 2, 1
_POINTS = {REFERENCE: REFERENCE_POINTS, AMOUNT: AMOUNT_POINTS, DATE: DATE_POINTS, PATIENT: PATIENT_POINTS}
_NAMES = {REFERENCE: "reference", AMOUNT: "amount", DATE: "date", PATIENT: "patient"}

SCORES = tuple(sum(points for bit, points in _POINTS.items() if bits & bit) for bits in range(16))
"""score by evidence bits"""
EVIDENCE = tuple(tuple(f"{_NAMES[bit]} {points}" for bit, points in _POINTS.items() if bits & bit) for bits in range(16))
"""the same, field by field, as it is journalled"""


def context_bits(item: Expected, incoming: Incoming, terms: Terms) -> int:
    """The evidence that lies in date and patient alone."""
    bits = PATIENT if item.patient_id and item.patient_id == incoming.patient_id else 0
    return bits | DATE if terms.in_time(item.due_date, incoming.day) else bits


def differences(item: Expected, incoming: Incoming, terms: Terms, *, typos_count: bool = True) -> tuple[int, tuple[Reason, ...]]:
    """The score of this pair and one reason for each field that does not agree. A reference nearly equal earns part of its points.

    Without `typos_count` it earns none: where another item has the exact reference, a near one is another reference.
    """
    reasons: list[Reason] = []
    score = _reference(item, incoming, reasons, typos_count=typos_count)
    if item.open_cents == incoming.amount_cents:
        score += AMOUNT_POINTS
    else:
        delta = incoming.amount_cents - item.open_cents
        reasons.append(Reason(Differs.AMOUNT, "amount", str(item.open_cents), str(incoming.amount_cents), delta))
    if terms.in_time(item.due_date, incoming.day):
        score += DATE_POINTS
    else:
        reasons.append(Reason(Differs.DATE, "date", item.due_date, incoming.day))
    if item.patient_id and item.patient_id == incoming.patient_id:
        score += PATIENT_POINTS
    elif item.patient_id and incoming.patient_id:
        reasons.append(Reason(Differs.PATIENT, "patient", item.patient_id, incoming.patient_id))
    if item.hospital_id and incoming.hospital_id and item.hospital_id != incoming.hospital_id:
        reasons.append(Reason(Differs.HOSPITAL, "hospital", item.hospital_id, incoming.hospital_id))
    return score, tuple(reasons)


def _reference(item: Expected, incoming: Incoming, reasons: list[Reason], *, typos_count: bool) -> int:
    if incoming.balance_id and incoming.balance_id == item.balance_id:
        return REFERENCE_POINTS
    left, right = normalize(item.reference), normalize(incoming.reference)
    if right and right in (left, normalize(item.balance_id)):
        return REFERENCE_POINTS
    if not left or not right:
        reasons.append(Reason(Differs.REFERENCE_BLANK, "reference", item.reference, incoming.reference))
        return 0
    mistakes = typos(item.reference, incoming.reference) if typos_count else None
    points = 0 if mistakes is None else REFERENCE_POINTS - REFERENCE_POINTS * mistakes // max(len(left), CHARACTERS_PER_EDIT)
    reasons.append(Reason(Differs.REFERENCE, "reference", item.reference, incoming.reference, distance(left, right), points))
    return points
