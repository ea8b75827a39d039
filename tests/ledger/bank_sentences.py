"""Sentences of what the bank tells: `settled T1 100.00 on 03-03`."""

from typing import Any

from ledger import events
from tests.ledger.words import ACCOUNT, Verb, Words, date_of, money_of


def _submitted(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    data = events.SubmittedData(
        credit_reference=ACCOUNT,
        transaction_id=words[0],
        trace_number=options.get("trace", ""),
        effective_date=date_of(options["on"]) if "on" in options else None,
        corrected="corrected" in words,
        prenote="prenote" in words,
    )
    return events.PaymentSubmitted, data


def _settled(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    data = events.SettledData(
        credit_reference=ACCOUNT,
        transaction_id=words[0],
        amount=money_of(words[1]),
        currency=options.get("in", "USD"),
        settlement_date=date_of(options["on"]),
        reference=options.get("ref", ""),
    )
    return events.PaymentSettled, data


def _returned(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    data = events.ReturnedData(
        credit_reference=ACCOUNT,
        transaction_id=words[0],
        return_code=words[1],
        amount=money_of(words[2]),
        currency=options.get("in", "USD"),
        return_date=date_of(options["on"]),
        prenote="prenote" in words,
    )
    return events.PaymentReturned, data


def _dishonored(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    data = events.DishonoredData(
        credit_reference=ACCOUNT,
        transaction_id=words[0],
        dishonor_code=words[1],
        amount=money_of(words[2]),
        currency=options.get("in", "USD"),
        dishonor_date=date_of(options["on"]),
    )
    return events.ReturnDishonored, data


def _contested(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    data = events.ContestedData(
        credit_reference=ACCOUNT,
        transaction_id=words[0],
        contest_code=words[1],
        amount=money_of(words[2]),
        currency=options.get("in", "USD"),
        contest_date=date_of(options["on"]),
    )
    return events.ReturnContested, data


def _change(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`change T1 C01 on 03-05 fields account,routing_number`"""
    fields: Any = tuple(name for name in options.get("fields", "").split(",") if name)
    data = events.AccountChangedData(
        credit_reference=ACCOUNT, transaction_id=words[0], change_code=words[1], notice_date=date_of(options["on"]), fields=fields
    )
    return events.AccountChanged, data


def _failed(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    return events.PaymentFailed, events.FailedData(credit_reference=ACCOUNT, transaction_id=words[0], reason=options.get("reason", ""))


def _deposit(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    data = events.DepositData(
        credit_reference=ACCOUNT,
        deposit_id=words[0],
        hospital_id=options.get("hospital", "H1"),
        amount=money_of(words[1]),
        currency=options.get("in", "USD"),
        settlement_date=date_of(options["on"]),
        reference=options.get("ref", ""),
        balance_id=options.get("for", ""),
        trace_number=options.get("trace", ""),
    )
    return events.DepositReceived, data


def _advice(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`advice A1 100.00 on 03-03 trace E1 from INSURER B1=60.00 B2=40.00`"""
    name, amount, *bills = words
    data = events.RemittanceData(
        credit_reference=ACCOUNT,
        advice_id=name,
        hospital_id=options.get("hospital", "H1"),
        reassociation_trace=options["trace"],
        payer_id=options.get("from", "INSURER"),
        amount=money_of(amount),
        currency=options.get("in", "USD"),
        payment_date=date_of(options["on"]),
        bills=[events.AdvisedBill(bill=bill, amount=money_of(cents)) for bill, _, cents in (part.partition("=") for part in bills)],
    )
    return events.RemittanceAdvised, data


VERBS: dict[str, Verb] = {
    "submitted": _submitted,
    "settled": _settled,
    "returned": _returned,
    "failed": _failed,
    "dishonored": _dishonored,
    "contested": _contested,
    "change": _change,
    "deposit": _deposit,
    "advice": _advice,
}
