"""What the windows of hospitals count: payments and returns of all accounts, in short."""

from msgspec import Struct


class HospitalEvent(Struct, frozen=True, array_like=True, gc=False, tag_field="kind"):
    """Base of all of them."""


class HospitalPayment(HospitalEvent, frozen=True, array_like=True, gc=False, tag="initiated"):
    """A payment was received."""

    transaction_id: str
    account: str
    at_ms: int
    hospital_id: str
    patient_id: str
    cents: int


class HospitalReturn(HospitalEvent, frozen=True, array_like=True, gc=False, tag="returned"):
    """A payment came back. The same payment may come back again, after a re-presentment, on another day."""

    transaction_id: str
    account: str
    at_ms: int
    hospital_id: str
    patient_id: str
    cents: int


class HospitalPolicy(HospitalEvent, frozen=True, array_like=True, gc=False, tag="policy"):
    """A rule book is in force, whose watches count from here on."""

    text: str


AnyHospitalEvent = HospitalPayment | HospitalReturn | HospitalPolicy
