"""The model's word on every payment: the naive ledger is run over the inputs in the journal's order and compared with the journal."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from bench.oracle.balances import Books
from bench.oracle.contract import CLOCK
from bench.oracle.evidence import Evidence, event_of
from bench.oracle.journal import Chain, Fact, Group
from bench.oracle.kafka import Raw
from bench.oracle.model import REFUSED, Naive
from bench.oracle.report import Finding, Violations

POISON = "poison"
"""How the ids of messages begin in which something is wrong on purpose."""
AHEAD_S_MAX = 300
"""An event further ahead of the broker's clock is refused."""


def check(evidence: Evidence, accounts: dict[str, Books]) -> Finding:
    """The finding. `accounts` are the journal's effects, folded."""
    bad = Violations("model", "a naive ledger agrees on every payment's status, every open balance and all suspense")
    naive: defaultdict[str, Naive] = defaultdict(Naive)
    for chain in evidence.chains.values():
        for step in sorted(_steps(chain), key=attrgetter("position")):
            if isinstance(step, Fact):
                _tick(step, naive, bad)
            else:
                _event(step, evidence, naive, bad)
    payments = balances = 0
    for account, expected in naive.items():
        books = accounts.get(account, Books())
        payments += len(expected.payments)
        balances += len(expected.owed)
        _compare(account, expected, books, bad)
    for account in accounts.keys() - naive.keys():
        bad.add_if(bool(accounts[account].status or accounts[account].original), f"{account} has payments, but had no event")
    bad.counted = {"accounts": len(naive), "payments": payments, "balances": balances}
    return bad.finding()


def _event(group: Group, evidence: Evidence, naive: defaultdict[str, Naive], bad: Violations) -> None:
    raw = evidence.inputs.get((group.topic, group.partition, group.offset))
    event = event_of(raw)
    if raw is None or group.outcome == "dead":
        good = bool(event) and not str(event.get("id", "")).startswith(POISON)
        bad.add_if(good, f"{group.place}: {event.get('type')} {event.get('id')} is dead, but nothing is wrong with it")
        return  # a message that is not among the inputs is named by I1
    expected = _expected(event, raw, naive)
    bad.add_if(expected != group.outcome, f"{group.place}: {event['type']} {event['id']} is {group.outcome}, should be {expected}")


def _expected(event: dict[str, Any], raw: Raw, naive: defaultdict[str, Naive]) -> str:
    data = event["data"]
    ahead_s = datetime.fromisoformat(event["time"]).timestamp() - raw.timestamp_ms / 1000
    if ahead_s > AHEAD_S_MAX or data.get("currency", "USD") != "USD":
        return REFUSED
    return naive[data["credit_reference"]].take(event)


def _steps(chain: Chain) -> Iterator[Group | Fact]:
    """Events as wholes, effects of ticks one by one: after a crash other events may stand between the two parts of a tick."""
    for group in chain.groups:
        if group.topic == CLOCK:
            yield from group.facts
        else:
            yield group


def _tick(fact: Fact, naive: defaultdict[str, Naive], bad: Violations) -> None:
    if fact.kind != "moved":
        return
    payments = naive[fact.account].payments
    transaction, status = fact.values["transaction_id"], fact.values["status"]
    known = payments.get(transaction)
    before = known.status if known else "unknown"
    allowed = known is not None and naive[fact.account].tick(transaction, status)
    bad.add_if(not allowed, f"{fact.place}: the clock moved {transaction} from {before} to {status}")


def _compare(account: str, expected: Naive, books: Books, bad: Violations) -> None:
    for transaction, paying in expected.payments.items():
        status = books.status.get(transaction, "missing")
        bad.add_if(status != paying.status, f"{account}: payment {transaction} is {status}, should be {paying.status}")
    for balance, owed in expected.owed.items():
        cents = books.open.get(balance, -1)
        bad.add_if(cents != owed.open.scaleb(2), f"{account}: balance {balance} has {cents} cents open, should be {owed.open}")
    bad.add_if(
        Decimal(books.suspense) != expected.suspense.scaleb(2),
        f"{account}: {books.suspense} cents in suspense, should be {expected.suspense}",
    )
    extra = books.status.keys() - expected.payments.keys()
    bad.add_if(bool(extra), f"{account}: payments {sorted(extra)[:3]} never asked for")
