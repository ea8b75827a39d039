"""Which items money may pay: the gates, the items that it names, and the items that fit it otherwise."""

from collections.abc import Sequence

from ledger.matching.item import Expected, Incoming
from ledger.matching.reference import normalize
from ledger.matching.terms import Terms


def of_hospital(items: Sequence[Expected], hospital_id: str) -> Sequence[Expected]:
    """The items that this hospital may be paid for. Money of one hospital never pays another: a gate, not a score."""
    if hospital_id:
        for item in items:
            if item.hospital_id != hospital_id and item.hospital_id:
                return [item for item in items if item.hospital_id in ("", hospital_id)]
    return items


def named_by(items: Sequence[Expected], incoming: Incoming) -> list[Expected]:
    """The items that the money names by id or by reference. An empty field names nothing."""
    balance_id, reference = incoming.balance_id, incoming.reference
    if not reference:
        return [item for item in items if item.balance_id == balance_id] if balance_id else []
    key = normalize(reference)
    return [
        item
        for item in items
        if item.balance_id == balance_id
        or item.balance_id == reference
        or (key and item.reference and (item.reference == reference or normalize(item.reference) == key))
    ]


def fitting(items: Sequence[Expected], incoming: Incoming, terms: Terms) -> list[Expected]:
    """Of these items: those of the same patient (or of an unknown one) whose window holds the day.

    Where nothing is spread, a reference that names something else speaks against the item; otherwise the money stays in the
    account anyway, and the payer's own reference says little.
    """
    patient, day = incoming.patient_id, incoming.day
    fit = [i for i in items if (not patient or not i.patient_id or i.patient_id == patient) and terms.in_time(i.due_date, day)]
    if fit and terms.allocate == "exact" and normalize(incoming.reference):
        return [item for item in fit if not normalize(item.reference)]
    return fit
