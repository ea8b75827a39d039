"""Sentences of the tables to events: `settled T1 100.00 on 03-03` is what the bank tells of payment T1."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ledger import events, people_events
from ledger.ids import return_fee_id
from ledger.money import Cents, cents
from ledger.subject_events import ErasedData, HeldData, RevealedData

YEAR = "2026"
ACCOUNT = "CR-1"
Words = dict[str, str]

FEES = {return_fee_id(name): f"FEE-{name}" for name in ("T1", "T2")}
"""the payments that collect return fees, as the tables call them"""
_OPTION = re.compile(r"(due|on|ref|for|name|hash|hospital|by|trace|in|key|sec|from|reason|corrects|reauthorizes|fields) (\S+)")
"""options of a sentence: a word and its value"""


def instant(text: str) -> datetime:
    """`03-02 10:00` or `2027-03-02 10:00`, in UTC."""
    full = text if len(text.split("-")) == 3 else f"{YEAR}-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=UTC)


def day(text: str) -> str:
    """`03-02` or `2027-03-02`, as an ISO date."""
    return text if len(text) == 10 else f"{YEAR}-{text}"


def event(sentence: str, when: datetime, identity: str) -> events.Event:
    """The event that a sentence tells of."""
    for payment, name in FEES.items():
        sentence = sentence.replace(name, payment)
    options: Words = dict(_OPTION.findall(sentence))
    verb, *words = _OPTION.sub("", sentence).split()
    kind, data = _VERBS[verb](verb, words, options)
    envelope = {"id": options.get("key", identity), "source": "/test", "time": when, "specversion": "1.0"}
    return kind(data=data, **envelope)  # type: ignore[no-any-return]


def _money(text: str) -> Cents:
    return Cents(cents(text))


def _date(text: str) -> Any:
    return datetime.fromisoformat(day(text)).date()


def _who(options: Words) -> dict[str, Any]:
    return {"credit_reference": ACCOUNT, "patient_id": "P1", "hospital_id": options.get("hospital", "H1")}


def _balance(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    name, amount = words
    data = events.BalanceData(
        **_who(options),
        balance_id=name,
        amount=_money(amount),
        currency=options.get("in", "USD"),
        due_date=_date(options["due"]),
        reference=options.get("ref", ""),
    )
    return events.BalanceOpened, data


def _plan(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`plan PL1 B1=250.00@04-01 B2=250.00@05-01`"""
    name, *parts = words
    instalments = []
    for part in parts:
        balance, amount, due = re.split("[=@]", part)
        instalments.append(events.Instalment(balance_id=balance, amount=_money(amount), due_date=_date(due)))
    data = events.PlanData(**_who(options), plan_id=name, currency=options.get("in", "USD"), instalments=instalments)
    return events.PlanOpened, data


def _payment(verb: str, words: list[str], options: Words) -> tuple[type, Any]:
    name, amount = words
    data = events.InitiatedData(
        **_who(options),
        transaction_id=name,
        amount=_money(amount),
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


def _submitted(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    data = events.SubmittedData(
        credit_reference=ACCOUNT,
        transaction_id=words[0],
        trace_number=options.get("trace", ""),
        effective_date=_date(options["on"]) if "on" in options else None,
        corrected="corrected" in words,
        prenote="prenote" in words,
    )
    return events.PaymentSubmitted, data


def _settled(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    data = events.SettledData(
        credit_reference=ACCOUNT,
        transaction_id=words[0],
        amount=_money(words[1]),
        currency=options.get("in", "USD"),
        settlement_date=_date(options["on"]),
        reference=options.get("ref", ""),
    )
    return events.PaymentSettled, data


def _returned(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    data = events.ReturnedData(
        credit_reference=ACCOUNT,
        transaction_id=words[0],
        return_code=words[1],
        amount=_money(words[2]),
        currency=options.get("in", "USD"),
        return_date=_date(options["on"]),
        prenote="prenote" in words,
    )
    return events.PaymentReturned, data


def _dishonored(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    data = events.DishonoredData(
        credit_reference=ACCOUNT,
        transaction_id=words[0],
        dishonor_code=words[1],
        amount=_money(words[2]),
        currency=options.get("in", "USD"),
        dishonor_date=_date(options["on"]),
    )
    return events.ReturnDishonored, data


def _contested(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    data = events.ContestedData(
        credit_reference=ACCOUNT,
        transaction_id=words[0],
        contest_code=words[1],
        amount=_money(words[2]),
        currency=options.get("in", "USD"),
        contest_date=_date(options["on"]),
    )
    return events.ReturnContested, data


def _change(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`change T1 C01 on 03-05 fields account,routing_number`"""
    fields: Any = tuple(name for name in options.get("fields", "").split(",") if name)
    data = events.AccountChangedData(
        credit_reference=ACCOUNT, transaction_id=words[0], change_code=words[1], notice_date=_date(options["on"]), fields=fields
    )
    return events.AccountChanged, data


def _failed(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    return events.PaymentFailed, events.FailedData(credit_reference=ACCOUNT, transaction_id=words[0], reason=options.get("reason", ""))


def _deposit(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    data = events.DepositData(
        credit_reference=ACCOUNT,
        deposit_id=words[0],
        hospital_id=options.get("hospital", "H1"),
        amount=_money(words[1]),
        currency=options.get("in", "USD"),
        settlement_date=_date(options["on"]),
        reference=options.get("ref", ""),
        balance_id=options.get("for", ""),
        trace_number=options.get("trace", ""),
    )
    return events.DepositReceived, data


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
        amount=_money(amount),
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


def _assign(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`assign T1/PAYMENT_HELD cara by bert`; without a person nobody has it."""
    owner = words[1] if len(words) > 1 else ""
    return events.ExceptionAssigned, people_events.AssignedData(**_actor(options), exception_id=words[0], owner=owner)


def _note(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`note T1/PAYMENT_HELD asked the patient`"""
    return events.ExceptionCommented, people_events.CommentedData(**_actor(options), exception_id=words[0], comment=" ".join(words[1:]))


def _snooze(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`snooze T1/PAYMENT_HELD 03-05 15:00`"""
    until = instant(f"{words[1]} {words[2]}")
    return events.ExceptionSnoozed, people_events.SnoozedData(**_actor(options), exception_id=words[0], until=until)


def _sleep(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`sleep large 03-05 15:00`: the rule is silent for the account until then."""
    until = instant(f"{words[1]} {words[2]}")
    return events.RuleSnoozed, people_events.RuleSnoozedData(**_actor(options), rule=words[0], until=until)


def _resolve(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`resolve T1/PAYMENT_RETURNED fixed_elsewhere`"""
    word: Any = words[1]
    return events.ExceptionResolved, people_events.ResolvedData(**_actor(options), exception_id=words[0], resolution=word)


def _propose(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`propose A1 write_off B1 40.00 for T1/PAYMENT_RETURNED`"""
    identity, form, about, amount = words
    data = people_events.ProposedData(
        **_actor(options),
        adjustment_id=identity,
        form=form,  # type: ignore[arg-type]
        about=about,
        amount=_money(amount),
        currency=options.get("in", "USD"),
        exception_id=options.get("for", ""),
        reason=options.get("reason", "agreed"),
    )
    return events.AdjustmentProposed, data


def _decide(verb: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`accept A1 by bert`, `reject A1 by bert`"""
    kind = events.AdjustmentApproved if verb == "accept" else events.AdjustmentRejected
    return kind, people_events.AdjustmentData(**_actor(options), adjustment_id=words[0])


def _confirm(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`confirm D1 B1 B2`: the deposit's money is for these balances."""
    return events.MatchConfirmed, people_events.ConfirmedData(**_actor(options), source_id=words[0], balance_ids=words[1:])


def _unmatch(_: str, words: list[str], options: Words) -> tuple[type, Any]:
    """`unmatch T1 B1`, or `unmatch T1` for all that it pays."""
    balance = words[1] if len(words) > 1 else ""
    return events.MatchRevoked, people_events.RevokedData(**_actor(options), source_id=words[0], balance_id=balance, comment="wrong")


def _actor(options: Words) -> dict[str, Any]:
    return {"credit_reference": ACCOUNT, "actor": options.get("by", "anna")}


_VERBS: dict[str, Callable[[str, list[str], Words], tuple[type, Any]]] = {
    "balance": _balance,
    "plan": _plan,
    "repayment": _payment,
    "disbursement": _payment,
    "preapproval": _payment,
    "cancel": _cancel,
    "review": _review,
    "submitted": _submitted,
    "settled": _settled,
    "returned": _returned,
    "failed": _failed,
    "dishonored": _dishonored,
    "contested": _contested,
    "change": _change,
    "deposit": _deposit,
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
    "assign": _assign,
    "note": _note,
    "snooze": _snooze,
    "sleep": _sleep,
    "resolve": _resolve,
    "propose": _propose,
    "accept": _decide,
    "reject": _decide,
    "confirm": _confirm,
    "unmatch": _unmatch,
}

TABLE_BOOK = """
[book]
name = "table"
version = 1
on_error = "review"

[[rule]]
name = "hard-limit"
when = "amount > 50000"
outcome = "decline"
severity = "high"
explain = "{amount} is above $50,000.00."

[[rule]]
name = "large"
when = "amount > 5000"
outcome = "review"
explain = "{amount} is above $5,000.00."

[[rule]]
name = "unauthorized"
when = "unauthorized_returns_90d >= 1"
outcome = "block"
severity = "critical"
explain = "A debit was returned as unauthorized."
"""
"""The rule book of the tables: it holds above 5,000, declines above 50,000, and blocks after an unauthorized return."""

LATE = """
[late_fee]
flat = 15
percent = 5
combine = "greater"
grace_days = 10
maximum = 40
minimum_overdue = 20
"""
INTEREST = """
[interest]
apr = 20
day_count = "actual/365"
"""
PROMOTION = """
[interest]
apr = 12
day_count = "30/360"
compounding = "monthly"
promotional_apr = 0
promotional_months = 2
grace_days = 10
"""
RETURNS = """
[return_fee]
flat = 25
collect = "entry"
"""
PROCESSING = """
[[fee]]
name = "processing"
kind = "percent"
percent = 1
flat = "0.50"
directions = ["repayment"]
"""
RECAST = """
[schedule]
reamortize = "term"
"""
SHORTER = """
[schedule]
reamortize = "payment"
"""
PRINCIPAL_FIRST = """
[allocation]
order = ["principal", "interest", "fees"]
"""
PATIENT_RETRY = """
[retry]
reasons = ["insufficient_funds"]
retries_max = 1
delay_days = 14
minimum = 50
"""

MATCHING = """
[matching]
tolerance = "0.05"
tolerance_percent = "0.1"
fees = [{ name = "card", flat = "0.30", percent = "2.9" }]
"""

LATER = """
[[rule]]
name = "returned-again"
events = ["payment.returned"]
when = "returns_90d >= 1"
severity = "high"
explain = "{returns_90d} return before this one of {amount}."
[[rule]]
name = "divides"
events = ["payment.settled"]
when = "amount / (count_1m - count_1m) > 3"
severity = "low"
[[rule]]
name = "large-in"
events = ["payment.settled", "deposit.received"]
when = "amount > 100 and count_1d <= 2"
outcome = "review"
explain = "{amount} came in."
"""


def _with(version: int, *terms: str) -> str:
    """The tables' book with tables of money, under a version of its own."""
    return TABLE_BOOK.replace("version = 1", f"version = {version}") + "".join(terms)


BOOKS = {
    "FIRST": TABLE_BOOK,
    "STRICT": TABLE_BOOK.replace("version = 1", "version = 2").replace('amount > 5000"', 'amount > 50"'),
    "OTHER": TABLE_BOOK.replace("version = 1", "version = 2"),
    "LATE": _with(11, LATE),
    "INTEREST": _with(12, INTEREST),
    "PROMOTION": _with(13, PROMOTION),
    "RETURNS": _with(14, RETURNS),
    "FEES": _with(15, PROCESSING),
    "RECAST": _with(16, RECAST),
    "SHORTER": _with(17, SHORTER),
    "ALL": _with(18, LATE, INTEREST, RETURNS, PROCESSING, RECAST),
    "PRINCIPAL-FIRST": _with(19, LATE, INTEREST, PRINCIPAL_FIRST),
    "PATIENT-RETRY": _with(20, PATIENT_RETRY),
    "CREDIT-RETRY": _with(22, '[retry]\nscheduled_by = "credit"\n'),
    "LATE-AND-INTEREST": _with(21, LATE, INTEREST),
    "PRENOTES": _with(23, '[prenotes]\nhospitals = ["H1"]\n'),
    "LATER": _with(24, LATER),
    "MISSING": _with(25, '[missing]\ntell = "all"\n'),
    "MATCHING": _with(28, MATCHING),
    "MISSING-PLANS": _with(26, '[missing]\ntell = "plans"\nminimum = 25\n'),
    "MISSING-AND-LATE": _with(27, LATE, '[missing]\ntell = "all"\n'),
    "BROKEN": TABLE_BOOK.replace("amount > 5000", "amuont > 5000"),
}
