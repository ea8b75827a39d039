"""I6: what the world is told equals the journal, each event exactly once for a reader of committed transactions, in order."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from bench.oracle.contract import PUBLISHED
from bench.oracle.evidence import Evidence, event_of
from bench.oracle.journal import Fact
from bench.oracle.kafka import Raw
from bench.oracle.report import Finding, Violations

_NAMESPACE = UUID("5f0c6b0e-8d1f-5d0a-9d5e-1a3f5c7e9b11")
_MONEY = {
    "amount_cents": "amount",
    "settlement_cents": "settlement_amount",
    "balance_cents": "balance",
    "waived_cents": "amount",
    "change_cents": "change",
}
_TOLD_OTHERWISE = frozenset({"exceptions", "code", "day"})
"""fields of effects that the public event tells under another name or form"""


def check(evidence: Evidence) -> Finding:
    """The finding."""
    bad = Violations("I6", "public events equal the journal's, exactly once, in order")
    expected = {_identity(fact): fact for chain in evidence.chains.values() for fact in chain.facts() if fact.kind in PUBLISHED}
    order: dict[tuple[str, int, bytes], list[str]] = defaultdict(list)
    for identity, fact in expected.items():
        order[PUBLISHED[fact.kind][0], fact.partition, fact.account.encode()].append(identity)
    told: dict[tuple[str, int, bytes], list[str]] = defaultdict(list)
    seen: Counter[str] = Counter()
    for raw in evidence.public:
        event = event_of(raw)
        identity = str(event.get("id", ""))
        seen[identity] += 1
        told[raw.topic, raw.partition, raw.key or b""].append(identity)
        about = expected.get(identity)
        if about is None:
            bad.add(f"{raw.place}: {event.get('type')} {identity} is public, but not in the journal")
        elif seen[identity] == 1:
            _compare(raw, event, about, bad)
    for identity, count in seen.items():
        bad.add_if(count > 1, f"{identity} was published {count} times")
    for identity in expected.keys() - seen.keys():
        bad.add(f"{expected[identity].kind} of {expected[identity].place} ({identity}) was never published")
    for place, identities in told.items():
        first_of_each = list(dict.fromkeys(identities))
        wanted = [identity for identity in order[place] if identity in seen]
        bad.add_if(first_of_each != wanted and seen.keys() <= expected.keys(), f"{place} was told in another order than the journal's")
    bad.counted = {"journal": len(expected), "published": len(evidence.public)}
    return bad.finding()


def _identity(fact: Fact) -> str:
    return str(uuid5(_NAMESPACE, f"{fact.topic}|{fact.partition}|{fact.offset}|{fact.ordinal}"))


def _compare(raw: Raw, event: dict[str, Any], fact: Fact, bad: Violations) -> None:
    topic, kind = PUBLISHED[fact.kind]
    data = event.get("data", {})
    wrong = [name for name, value in fact.values.items() if not _same(name, value, data)]
    if (raw.topic, event.get("type"), raw.key, data.get("credit_reference")) != (topic, kind, fact.account.encode(), fact.account):
        wrong.append("envelope")
    if data.get("cause", {}).get("event_id") != fact.event_id:
        wrong.append("cause")
    bad.add_if(bool(wrong), f"{raw.place}: {', '.join(wrong)} differ from {fact.kind} of {fact.place}")


def _same(name: str, value: Any, data: dict[str, Any]) -> bool:
    """Whether the public event says the same about one field; fields that it does not carry under that name are not compared."""
    if name in _MONEY:
        return _MONEY[name] not in data or data[_MONEY[name]] == f"{Decimal(value).scaleb(-2):.2f}"
    return name not in data or name in _TOLD_OTHERWISE or bool(data[name] == value)
