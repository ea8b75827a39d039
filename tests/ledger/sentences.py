"""Sentences of the tables to events: `settled T1 100.00 on 03-03` is what the bank tells of payment T1."""

import re
from datetime import datetime
from typing import Any

from ledger import events
from ledger.ids import return_fee_id
from ledger.subject_events import ErasedData, HeldData, RevealedData
from tests.ledger import bank_sentences, people_sentences
from tests.ledger.books import BOOKS
from tests.ledger.words import ACCOUNT, Verb, Words, date_of, money_of

FEES = {return_fee_id(name): f"FEE-{name}" for name in ("T1", "T2")}
"""the payments that collect return fees, as the tables call them"""
_OPTION = re.compile(r"(due|on|ref|for|name|hash|hospital|by|trace|in|key|sec|from|reason|corrects|reauthorizes|fields) (\S+)")
"""options of a sentence: a word and its value"""


def event(sentence: str, when: datetime, identity: str) -> events.Event:
    """The event that a sentence tells of."""
    for payment, name in FEES.items():
        sentence = sentence.replace(name, payment)
    options: Words = dict(_OPTION.findall(sentence))
    verb, *words = _OPTION.sub("", sentence).split()
    kind, data = _VERBS[verb](verb, words, options)
    envelope = {"id": options.get("key", identity), "source": "/test", "time": when, "specversion": "1.0"}
    return kind(data=data, **envelope)  # type: ignore[no-any-return]


def _who(options: Words) -> dict[str, Any]:
    return {"credit_reference": ACCOUNT, "patient_id": "P1", "hospital_id": options.get("hospital", "H1")}


def _balance(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    name, amount = words
    data = events.BalanceData(
        **_who(options),
        balance_id=name,
        amount=money_of(amount),
        currency=options.get("in", "USD"),
        due_date=date_of(options["due"]),
        reference=options.get("ref", ""),
    )
    return events.BalanceOpened, data


def _plan(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`plan PL1 B1=250.00@04-01 B2=250.00@05-01`"""
    name, *parts = words
    instalments = []
    for part in parts:
        balance, amount, due = re.split("[=@]", part)
        instalments.append(events.Instalment(balance_id=balance, amount=money_of(amount), due_date=date_of(due)))
    data = events.PlanData(**_who(options), plan_id=name, currency=options.get("in", "USD"), instalments=instalments)
    return events.PlanOpened, data


def _payment(verb: str, words: list[str], options: Words) -> tuple[type, Any]:
    name, amount = words
    data = events.InitiatedData(
        **_who(options),
        transaction_id=name,
        amount=money_of(amount),
        currency=options.get("in", "USD"),
        direction=verb,  # type: ignore[arg-type]
        reference=options.get("ref", ""),
        client_reference=options.get("name", ""),
        balance_id=options.get("for", ""),
        sec_code=options.get("sec", ""),
        instrument=options.get("from", ""),
        body_sha256=options.get("hash", ""),
        corrects=options.get("corrects", ""),
    )
    return events.PaymentInitiated, data


def _cancel(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    return events.PaymentCanceled, events.CanceledData(credit_reference=ACCOUNT, transaction_id=words[0], reason=options.get("reason", ""))


def _review(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    verdict: Any = words[1]
    return events.PaymentReviewed, events.ReviewedData(
        credit_reference=ACCOUNT, transaction_id=words[0], verdict=verdict, reviewer=options.get("by", "anna")
    )


def _consent(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    purpose: Any = words[0]
    return events.ConsentChanged, events.ConsentData(
        credit_reference=ACCOUNT, patient_id="P1", purpose=purpose, granted=words[1] == "yes", contact=options.get("from", "")
    )


def _erase(_: str, words: list[str], __: Words) -> tuple[type, Any]:
    return events.SubjectErased, ErasedData(credit_reference=ACCOUNT, patient_id=words[0], by="olga")


def _hold(_: str, words: list[str], __: Words) -> tuple[type, Any]:
    return events.SubjectHeld, HeldData(credit_reference=ACCOUNT, patient_id=words[0], by="olga", held=words[1] == "yes")


def _reveal(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    return events.SubjectRevealed, RevealedData(
        credit_reference=ACCOUNT,
        patient_id=words[0],
        by="olga",
        field="instrument",
        transaction_id=options.get("in", ""),
        purpose="dispute",
    )


def _mandate(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    data = events.MandateGrantedData(
        credit_reference=ACCOUNT, mandate_id=words[0], patient_id="P1", reauthorizes=options.get("reauthorizes", "")
    )
    return events.MandateGranted, data


def _revoke(_: str, words: list[str], __: Words) -> tuple[type, Any]:
    return events.MandateRevoked, events.MandateRevokedData(credit_reference=ACCOUNT, mandate_id=words[0])


def _exceeded(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`exceeded W1 T1 100.00`: payment T1 took window W1 beyond the usual."""
    window, payment, amount = words
    data = events.WindowExceededData(
        credit_reference=ACCOUNT,
        window_id=window,
        watch="hospital-burst",
        severity="high",
        subject=options.get("hospital", "H1"),
        transaction_id=payment,
        hospital_id=options.get("hospital", "H1"),
        amount=money_of(amount),
        policy="table@1",
        explanation="Hospital H1 had 501 payments; more than 500 is unusual in the hour from 2026-03-02 10:00 UTC.",
    )
    return events.WindowExceeded, data


def _tick(*_: Any) -> tuple[type, Any]:
    return events.Tick, events.TickData()


def _policy(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`policy 2 RULES`: the text stands in the table's books under this name."""
    return events.PolicyActivated, events.PolicyData(version=words[0], text=BOOKS[words[1]], activated_by=options.get("by", ""))


def _shadow(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`shadow RULES`, or `shadow off`."""
    text = "" if words[0] == "off" else BOOKS[words[0]]
    return events.PolicyShadowed, events.ShadowData(text=text, shadowed_by=options.get("by", ""))


def _rollout(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`rollout H1 paused`"""
    phase: Any = words[1]
    return events.RolloutChanged, events.RolloutData(hospital_id=words[0], phase=phase, changed_by=options.get("by", ""))


_VERBS: dict[str, Verb] = {
    **bank_sentences.VERBS,
    **people_sentences.VERBS,
    "balance": _balance,
    "plan": _plan,
    "repayment": _payment,
    "disbursement": _payment,
    "preapproval": _payment,
    "cancel": _cancel,
    "review": _review,
    "consent": _consent,
    "mandate": _mandate,
    "revoke": _revoke,
    "exceeded": _exceeded,
    "erase": _erase,
    "hold": _hold,
    "reveal": _reveal,
    "tick": _tick,
    "policy": _policy,
    "shadow": _shadow,
    "rollout": _rollout,
}
