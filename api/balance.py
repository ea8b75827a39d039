"""An account's facts to what it owes. Pure."""

from collections import defaultdict
from collections.abc import Sequence

from api.facts import Fact
from api.models.balance import BalanceAnswer, NextDue, OpenItem
from api.models.common import dollars, instant
from api.payment import day_of


def balance_of(facts: Sequence[Fact], credit_reference: str, as_of_ms: int) -> BalanceAnswer | None:
    """What the account owed when the ledger stood at `as_of_ms`; None when nothing of it was known then."""
    known = [fact for fact in facts if fact.account == credit_reference and fact.recorded_ms <= as_of_ms]
    if not known:
        return None
    paid: defaultdict[str, int] = defaultdict(int)
    for fact in known:
        if fact.table == "matches":
            amount = fact.values["amount_cents"]
            paid[fact.values["balance_id"]] += amount if fact.values["kind"] == "matched" else -amount
    suspense = sum(fact.values["amount_cents"] for fact in known if fact.table == "suspense")
    items = [
        (fact, open_cents)
        for fact in known
        if fact.table == "balance_items" and (open_cents := fact.values["amount_cents"] - paid[fact.values["balance_id"]])
    ]
    return BalanceAnswer(
        credit_reference=credit_reference,
        as_of=instant(as_of_ms),
        currency="USD",
        open_amount=dollars(sum(open_cents for _, open_cents in items)),
        suspense_amount=dollars(suspense),
        open_items=[_item(fact, open_cents) for fact, open_cents in items],
        next_due=_next_due(items),
    )


def _item(fact: Fact, open_cents: int) -> OpenItem:
    values = fact.values
    return OpenItem(
        balance_id=values["balance_id"],
        hospital_id=values["hospital_id"],
        plan_id=values["plan_id"],
        reference=values["reference"],
        original_amount=dollars(values["amount_cents"]),
        open_amount=dollars(open_cents),
        due_date=day_of(values["due_date"]),
        opened_at=instant(fact.at_ms),
    )


def _next_due(items: Sequence[tuple[Fact, int]]) -> NextDue | None:
    first = min((fact.values["due_date"] for fact, _ in items if fact.values["due_date"]), default="")
    if not first:
        return None
    due = [(fact, open_cents) for fact, open_cents in items if fact.values["due_date"] == first]
    day = day_of(first)
    assert day is not None
    return NextDue(
        date=day, amount=dollars(sum(open_cents for _, open_cents in due)), balance_ids=[fact.values["balance_id"] for fact, _ in due]
    )
