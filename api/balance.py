"""An account's facts to what it owes. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from ach.rail import AchRail
from api.facts import Fact
from api.models.balance import BalanceAnswer, Components, ItemState, NextDue, OpenItem
from api.models.common import dollars, instant
from api.payment import day_of
from ledger.charges import FEES, INTEREST, PRINCIPAL
from ledger.matching.deadline import ach_terms, missing_from
from ledger.matching.terms import DEFAULT

_Item = tuple[Fact, int, int]
"""(how it was opened, original cents, open cents)"""
_OPENS = frozenset({"opened", "charged"})
_RAIL: Final = AchRail()
_WINDOW: Final = ach_terms(DEFAULT, _RAIL.add_banking_days)
"""when money for an expected item is in time"""
_DAYS_MAX: Final = 3650
"""a due date further away than this is a mistake, not a promise; no calendar is asked about it"""


def balance_of(facts: Sequence[Fact], credit_reference: str, as_of_ms: int) -> BalanceAnswer | None:
    """What the account owed when the ledger stood at `as_of_ms`; None when nothing of it was known then."""
    known = [fact for fact in facts if fact.account == credit_reference and fact.recorded_ms <= as_of_ms]
    if not known:
        return None
    paid: defaultdict[str, int] = defaultdict(int)
    matched: defaultdict[str, int] = defaultdict(int)
    for fact in known:
        if fact.table == "matches":
            amount = fact.values["amount_cents"]
            matched[fact.values["balance_id"]] += amount if fact.values["kind"] == "matched" else -amount
        elif fact.table == "balance_adjustments":
            paid[fact.values["balance_id"]] -= fact.values["amount_cents"]
    suspense = sum(fact.values["amount_cents"] for fact in known if fact.table == "suspense")
    items = [
        (fact, original, open_cents)
        for fact, original in _owed(known)
        if (open_cents := original - paid[fact.values["balance_id"]] - matched[fact.values["balance_id"]])
    ]
    return BalanceAnswer(
        credit_reference=credit_reference,
        as_of=instant(as_of_ms),
        currency="USD",
        open_amount=dollars(sum(open_cents for *_, open_cents in items)),
        open_components=_components(items),
        suspense_amount=dollars(suspense),
        open_items=[_item(*each, matched, _RAIL.business_date(as_of_ms)) for each in items],
        next_due=_next_due(items),
    )


def hospitals_of(facts: Sequence[Fact], credit_reference: str) -> frozenset[str]:
    """Every hospital that the account has ever had to do with, as far as these facts tell."""
    named = {str(fact.values.get("hospital_id", "")) for fact in facts if fact.account == credit_reference}
    return frozenset(named - {""})


def _owed(facts: Sequence[Fact]) -> list[tuple[Fact, int]]:
    """Each balance and charge with its original amount: what it was opened with, and what waivers and new plans made of it."""
    opened: dict[str, Fact] = {}
    amounts: defaultdict[str, int] = defaultdict(int)
    for fact in facts:
        if fact.table == "balance_items":
            amounts[fact.values["balance_id"]] += fact.values["amount_cents"]
            if fact.values["kind"] in _OPENS:
                opened[fact.values["balance_id"]] = fact
    return [(fact, amounts[name]) for name, fact in opened.items()]


def _components(items: Sequence[_Item]) -> Components:
    sums: defaultdict[str, int] = defaultdict(int)
    for fact, _, open_cents in items:
        sums[fact.values["component"]] += open_cents
    return Components(fees=dollars(sums[FEES]), interest=dollars(sums[INTEREST]), principal=dollars(sums[PRINCIPAL]))


def _item(fact: Fact, original_cents: int, open_cents: int, matched: Mapping[str, int], today: str) -> OpenItem:
    values = fact.values
    missing = _missing_from(values["due_date"], _RAIL.local_date(fact.at_ms), today)
    return OpenItem(
        balance_id=values["balance_id"],
        hospital_id=values["hospital_id"],
        plan_id=values["plan_id"],
        reference=values["reference"],
        component=values["component"],
        parent_id=values["parent_id"],
        name=values["name"],
        explanation=values["explanation"],
        original_amount=dollars(original_cents),
        open_amount=dollars(open_cents),
        due_date=day_of(values["due_date"]),
        state=_state(missing, today, matched[values["balance_id"]]),
        missing_from=day_of(missing),
        opened_at=instant(fact.at_ms),
    )


def _missing_from(due: str, opened: str, today: str) -> str:
    """The first banking day on which nothing in time can come any more; empty for an item without a due date, or with an absurd one.

    An item that was opened after its due date has its whole window from then on.
    """
    if not due or abs((dt.date.fromisoformat(due) - dt.date.fromisoformat(today)).days) > _DAYS_MAX:
        return ""
    return missing_from(max(due, opened), _WINDOW)


def _state(missing: str, today: str, matched_cents: int) -> ItemState:
    if matched_cents:
        return "PARTIALLY_MATCHED"
    return "MISSING" if missing and today >= missing else "EXPECTED"


def _next_due(items: Sequence[_Item]) -> NextDue | None:
    first = min((fact.values["due_date"] for fact, *_ in items if fact.values["due_date"]), default="")
    if not first:
        return None
    due = [(fact, open_cents) for fact, _, open_cents in items if fact.values["due_date"] == first]
    day = day_of(first)
    assert day is not None
    return NextDue(
        date=day, amount=dollars(sum(open_cents for _, open_cents in due)), balance_ids=[fact.values["balance_id"] for fact, _ in due]
    )
