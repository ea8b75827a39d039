"""Sentences of what people do: `assign T1/PAYMENT_HELD cara by bert`."""

from typing import Any

from ledger import events, people_events
from tests.ledger.words import ACCOUNT, Verb, Words, instant, money_of


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
        amount=money_of(amount),
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


VERBS: dict[str, Verb] = {
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
