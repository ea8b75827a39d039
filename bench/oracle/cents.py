"""I2: cents in = cents allocated + suspense + refused, from the bank's own messages; every posting has two sides."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from bench.oracle.contract import GENERAL_LEDGER, SETTLEMENTS
from bench.oracle.evidence import Evidence, event_of
from bench.oracle.journal import Fact, Group
from bench.oracle.kafka import Raw
from bench.oracle.report import Finding, Violations

_SETTLED = "payment.settled.v1"
_DEPOSIT = "deposit.received.v1"
_DECISIONS = frozenset({"submitted", "settled", "returned", "charged_back", "failed"})


class _Flow(NamedTuple):
    """Cents of one account by where the bank's money went; what came in is the sum of the rest."""

    came_in: int = 0
    allocated: int = 0
    suspense: int = 0
    paid_out: int = 0
    refused: int = 0
    waiting: int = 0

    def plus(self, **cents: int) -> "_Flow":
        return self._replace(**{name: getattr(self, name) + amount for name, amount in cents.items()})


def check(evidence: Evidence) -> Finding:
    """The finding."""
    bad = Violations("I2", "cents in = allocated + suspense + refused + paid out, per account and in total; every posting has two sides")
    flows: defaultdict[str, _Flow] = defaultdict(_Flow)
    for raw in evidence.inputs.values():
        _count_input(raw, flows)
    for chain in evidence.chains.values():
        directions: dict[str, str] = {}
        parked: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for group in chain.groups:
            _count_group(group, evidence, directions, parked, flows, bad)
            for fact in group.facts:
                if fact.kind == "posted":
                    _check_posting(fact, bad)
    for account, flow in flows.items():
        where = flow.allocated + flow.suspense + flow.paid_out + flow.refused + flow.waiting
        bad.add_if(flow.came_in != where, f"{account}: {flow.came_in} cents from the bank, {where} accounted for: {flow}")
    sums = {name: sum(getattr(flow, name) for flow in flows.values()) for name in _Flow._fields}
    bad.counted = {"accounts": len(flows), **{f"{name.replace('_', ' ')} cents": cents for name, cents in sums.items()}}
    return bad.finding()


def amount_of(event: dict[str, Any]) -> int:
    """Cents of an event's decimal amount; 0 when it has none that can be read."""
    data = event.get("data")
    try:
        return int(Decimal(str(data["amount"])).scaleb(2)) if isinstance(data, dict) else 0
    except (KeyError, InvalidOperation, ValueError):
        return 0


def _count_input(raw: Raw, flows: defaultdict[str, _Flow]) -> None:
    """What the bank's topic says came in; settlements of credits too, for only the ledger knows which those are."""
    event = event_of(raw)
    if raw.topic == SETTLEMENTS and event.get("type") in {_SETTLED, _DEPOSIT}:
        account = _account(raw)
        flows[account] = flows[account].plus(came_in=amount_of(event))


def _account(raw: Raw) -> str:
    return (raw.key or b"").decode("utf-8", "replace")


def _count_group(
    group: Group,
    evidence: Evidence,
    directions: dict[str, str],
    parked: defaultdict[tuple[str, str], list[int]],
    flows: defaultdict[str, _Flow],
    bad: Violations,
) -> None:
    raw = evidence.inputs.get((group.topic, group.partition, group.offset))
    if raw is not None and group.outcome != "posted":
        event = event_of(raw)
        if raw.topic == SETTLEMENTS and event.get("type") in {_SETTLED, _DEPOSIT}:
            flows[_account(raw)] = flows[_account(raw)].plus(refused=amount_of(event))
        return
    for fact in group.facts:
        values, account = fact.values, fact.account
        if fact.kind == "initiated":
            directions[values["transaction_id"]] = values["direction"]
        elif fact.kind == "matched":
            flows[account] = flows[account].plus(allocated=values["amount_cents"])
        elif fact.kind == "suspended" and values["amount_cents"] > 0:
            flows[account] = flows[account].plus(suspense=values["amount_cents"])
        elif fact.kind == "parked":
            parked[account, values["transaction_id"]].append(values["amount_cents"])
            flows[account] = flows[account].plus(waiting=values["amount_cents"])
        elif fact.kind == "unparked":
            held = parked.pop((account, values["transaction_id"]), [])
            flows[account] = flows[account].plus(waiting=-sum(held))
            if values["how"] == "applied":
                _count_unparked(held, group.facts[group.facts.index(fact) + 1 :], account, flows, bad)
    paid = [fact for fact in group.facts if fact.kind == "moved" and fact.values["status"] == "settled"]
    for fact in paid:
        if directions.get(fact.values["transaction_id"]) in {"disbursement", "preapproval"}:
            cents = sum(f.values["amount_cents"] for f in group.facts if _pays_out(f, fact.values["transaction_id"]))
            flows[fact.account] = flows[fact.account].plus(paid_out=cents)


def _pays_out(fact: Fact, transaction_id: str) -> bool:
    """The posting of a settled credit."""
    posting = fact.values
    return (
        fact.kind == "posted" and posting["about"] == transaction_id and (posting["debit"], posting["credit"]) == ("ach_in_transit", "cash")
    )


def _count_unparked(held: list[int], after: Iterable[Fact], account: str, flows: defaultdict[str, _Flow], bad: Violations) -> None:
    """Which of the parked settlements were refused when their payment came: each decision begins with a refusal or a move."""
    starts = [f for f in after if f.kind == "refused" or (f.kind == "moved" and f.values["status"] in _DECISIONS)]
    bad.add_if(len(starts) != len(held), f"{account}: {len(held)} parked events were taken out, {len(starts)} decided")
    for waited_cents, start in zip(held, starts, strict=False):
        if start.kind == "refused":
            flows[account] = flows[account].plus(refused=waited_cents)


def _check_posting(fact: Fact, bad: Violations) -> None:
    debit, credit, cents = fact.values["debit"], fact.values["credit"], fact.values["amount_cents"]
    bad.add_if(cents <= 0, f"{fact.place} posts {cents} cents")
    bad.add_if(debit == credit or not {debit, credit} <= GENERAL_LEDGER, f"{fact.place} posts from {credit} to {debit}")
