"""CREDIT's pen: writes the events of one account, each with an id of its own."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from journal.topics import PAYMENTS
from ledger.ids import transaction_id
from ledger.money import money
from simulator.message import CREDIT, Data, Entry, Message, message, token
from simulator.patients import Patient

CLIENT = "credit"


class Balance(NamedTuple):
    """What a patient owes once: a single balance or an instalment."""

    balance_id: str
    reference: str
    amount_cents: int
    due: date


class Scribe:
    """Writes CREDIT's events of one patient. `story` names this run of events; ids are numbered within it."""

    def __init__(self, seed: int, patient: Patient, story: str = "life") -> None:
        self.patient = patient
        self._story = f"{seed}/{patient.account}/{story}"
        self._name = token("", self._story)
        self._number = 0
        self.last_transaction = ""

    def balance(self, amount_cents: int, due: date) -> Balance:
        """A new balance with its identifiers."""
        number = self._next()
        return Balance(f"B-{self._name}-{number}", self._invoice(number), amount_cents, due)

    def balance_opened(self, at_ms: int, balance: Balance) -> Message:
        """The patient owes this."""
        return self._write("balance.opened.v1", at_ms, {**self._who(), **_balance(balance), "currency": "USD"})

    def plan_opened(self, at_ms: int, instalments: Sequence[Balance]) -> Message:
        """The patient owes this in instalments."""
        plan = f"PL-{self._name}-{self._next()}"
        rows = [_balance(part) for part in instalments]
        return self._write("plan.opened.v1", at_ms, {"plan_id": plan, **self._who(), "currency": "USD", "instalments": rows})

    def initiated(
        self, at_ms: int, direction: str, amount_cents: int, reference: str = "", balance_id: str = "", withdrawn: bool = False
    ) -> Message:
        """CREDIT asks for a payment; one that will be withdrawn again becomes no entry."""
        number = self._next()
        transaction = transaction_id(CLIENT, f"{self._story}/{number}")
        self.last_transaction = transaction
        data: Data = {
            "transaction_id": transaction,
            **self._who(),
            "amount": money(amount_cents),
            "currency": "USD",
            "direction": direction,
            "client_reference": f"C-{self._name}-{number}",
            "sec_code": self.patient.sec_code if direction == "repayment" else "CCD",
        }
        if reference:
            data["reference"] = reference
        if balance_id:
            data["balance_id"] = balance_id
        side = "debit" if direction == "repayment" else "credit"
        hospital = self.patient.hospital.hospital_id
        entry = Entry(self.patient.account, transaction, 1, side, amount_cents, hospital, at_ms)
        return self._write("payment.initiated.v1", at_ms, data, None if withdrawn else entry, transaction)

    def canceled(self, at_ms: int, transaction: str) -> Message:
        """CREDIT withdraws a payment."""
        canceled = self._write("payment.canceled.v1", at_ms, {"transaction_id": transaction, "reason": "withdrawn by the patient"})
        return canceled._replace(withdraws=transaction)

    def consent(self, at_ms: int, purpose: str, granted: bool) -> Message:
        """The patient answers for one purpose."""
        data: Data = {
            "patient_id": self.patient.patient_id,
            "purpose": purpose,
            "granted": granted,
            "version": "2025-01",
            "jurisdiction": self.patient.hospital.state,
        }
        return self._write("consent.changed.v1", at_ms, data)

    def mandate_granted(self, at_ms: int) -> Message:
        """The patient authorizes debits."""
        data: Data = {"mandate_id": self.patient.mandate_id, "patient_id": self.patient.patient_id, "sec_code": self.patient.sec_code}
        return self._write("mandate.granted.v1", at_ms, data)

    def mandate_revoked(self, at_ms: int) -> Message:
        """The patient revokes the authorization."""
        return self._write("mandate.revoked.v1", at_ms, {"mandate_id": self.patient.mandate_id, "reason": "revoked by the patient"})

    def _who(self) -> Data:
        return {"patient_id": self.patient.patient_id, "hospital_id": self.patient.hospital.hospital_id}

    def _invoice(self, number: int) -> str:
        return f"INV-{self.patient.hospital.hospital_id}-{int(self._name, 16) % 100_000_000:08d}-{number}"

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _write(self, kind: str, at_ms: int, data: Data, entry: Entry | None = None, event_id: str = "") -> Message:
        event_id = event_id or f"E-{self._name}-{self._next()}"
        return message(PAYMENTS, CREDIT, kind, event_id, at_ms, self.patient.account, data, entry)


def _balance(balance: Balance) -> Data:
    return {
        "balance_id": balance.balance_id,
        "amount": money(balance.amount_cents),
        "due_date": balance.due.isoformat(),
        "reference": balance.reference,
    }
