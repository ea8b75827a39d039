"""CREDIT's pen."""

from datetime import date

from ledger import events
from simulator.patients import patient
from simulator.scribe import Scribe
from tests.simulator.reading import SPAN, event_of

WHO = patient(7, 1)
AT_MS = SPAN.start_ms


def test_a_repayment_is_a_debit_entry_under_the_patients_own_authorization() -> None:
    sent = Scribe(7, WHO).initiated(AT_MS, "repayment", 25_000, "INV-1", "B-1")
    event = event_of(sent)
    assert isinstance(event, events.PaymentInitiated)
    assert (event.data.amount, event.data.direction, event.data.reference, event.data.balance_id) == (25_000, "repayment", "INV-1", "B-1")
    assert event.data.sec_code == WHO.sec_code
    assert sent.entry is not None
    assert (sent.entry.side, sent.entry.amount_cents, sent.entry.transaction_id) == ("debit", 25_000, event.data.transaction_id)


def test_disbursements_and_pre_approvals_are_credits() -> None:
    scribe = Scribe(7, WHO)
    sides = [message.entry.side for kind in ("disbursement", "preapproval") if (message := scribe.initiated(AT_MS, kind, 1)).entry]
    assert sides == ["credit", "credit"]


def test_a_payment_that_will_be_withdrawn_becomes_no_entry_and_its_cancellation_names_it() -> None:
    scribe = Scribe(7, WHO)
    asked = scribe.initiated(AT_MS, "repayment", 100, withdrawn=True)
    canceled = scribe.canceled(AT_MS + 1, scribe.last_transaction)
    event = event_of(canceled)
    assert asked.entry is None
    assert isinstance(event, events.PaymentCanceled)
    assert canceled.withdraws == event.data.transaction_id == scribe.last_transaction


def test_ids_are_the_same_in_the_same_story_and_others_in_another() -> None:
    def ids(story: str) -> list[str]:
        scribe = Scribe(7, WHO, story)
        balance = scribe.balance(100, date(2026, 5, 1))
        written = (scribe.balance_opened(AT_MS, balance), scribe.plan_opened(AT_MS, [balance]), scribe.initiated(AT_MS, "repayment", 1))
        return [event_of(message).id for message in written]

    assert ids("life") == ids("life")
    assert not set(ids("life")) & set(ids("visit/1"))
    assert len(set(ids("life"))) == 3


def test_agreements_carry_the_patient_and_the_purpose() -> None:
    scribe = Scribe(7, WHO)
    consent, granted, revoked = (
        event_of(message) for message in (scribe.consent(AT_MS, "sms", True), scribe.mandate_granted(AT_MS), scribe.mandate_revoked(AT_MS))
    )
    assert isinstance(consent, events.ConsentChanged)
    assert (consent.data.purpose, consent.data.granted, consent.data.patient_id) == ("sms", True, WHO.patient_id)
    assert isinstance(granted, events.MandateGranted)
    assert isinstance(revoked, events.MandateRevoked)
    assert granted.data.mandate_id == revoked.data.mandate_id == WHO.mandate_id
