"""A payment's facts to its trace: one step for each input event, in the order in which they happened. Pure."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

import msgspec

from api.explained import explained
from api.facts import Fact
from api.facts import Proof as ProofRow
from api.models import trace as model
from api.models.common import Proof, dollars, instant, maybe_instant
from api.payment import PAYMENTS, day_of, links, rules_in, status_of
from journal import topics
from sinks.clickhouse.rows import INPUTS

_TOPICS: Final = {
    "webhook": topics.WEBHOOKS,
    "notification": topics.NOTIFICATIONS,
    "ach_entry": topics.ENTRIES,
    "billing": topics.DECISIONS,
}
_DETAILS: Final = {
    "webhook": ("status",),
    "notification": ("template", "channel"),
    "ach_entry": ("attempt", "side", "sec_code", "description"),
    "billing": ("hospital_id",),
}


def trace_of(facts: Sequence[Fact], proofs: Sequence[ProofRow], transaction_id: str) -> model.TraceAnswer | None:
    """The whole chain, or None when no fact tells of the payment's beginning."""
    standing = status_of(facts, transaction_id)
    if standing is None:
        return None
    own = [fact for fact in facts if concerns(fact, transaction_id)]
    causes = {(fact.source_topic, fact.partition, fact.source_offset): fact for fact in facts if fact.table == INPUTS}
    moves = [fact.values for fact in own if fact.table == PAYMENTS]
    used = {(fact.partition, fact.sequence) for fact in own}
    return model.TraceAnswer(
        transaction_id=transaction_id,
        credit_reference=standing.credit_reference,
        status=standing.status,
        status_code=standing.status_code,
        trace_numbers=_distinct(values["trace_number"] for values in moves),
        file_ids=_distinct(values["file_id"] for values in moves),
        steps=[
            _step(list(group), causes.get(key))
            for key, group in groupby(own, key=lambda fact: (fact.source_topic, fact.partition, fact.source_offset))
        ],
        proof=[Proof(**proof._asdict()) for proof in proofs if (proof.partition, proof.sequence) in used],
        links=links(transaction_id, standing.credit_reference),
    )


def concerns(fact: Fact, transaction_id: str) -> bool:
    """Whether a fact of the account is one of this payment."""
    values = fact.values
    if fact.table == "exception_events":
        return str(values["exception_id"]).startswith(f"{transaction_id}/")
    return transaction_id in (values.get("transaction_id"), values.get("about"), values.get("source_id"))


def _step(facts: Sequence[Fact], cause: Fact | None) -> model.Step:
    first = facts[0]
    told = cause.values if cause else {"event_id": "", "type": "", "outcome": "posted", "reason": "", "detail": ""}
    source = model.Source(
        topic=first.source_topic,
        partition=first.partition,
        offset=first.source_offset,
        event_id=told["event_id"],
        type=told["type"],
        at=instant(first.at_ms),
    )
    return model.Step(
        source=source,
        posted_at=instant(first.recorded_ms),
        outcome=told["outcome"],
        refusal=told["reason"],
        detail=told["detail"],
        decisions=[_decision(fact) for fact in facts if fact.table == PAYMENTS and fact.values["kind"] == "decided"],
        moves=[_move(fact) for fact in facts if fact.table == PAYMENTS and fact.values["kind"] in {"initiated", "moved"}],
        retries=[
            model.Retry(**_effect(fact), attempt=fact.values["attempt"], at=maybe_instant(fact.values["due_at"]))
            for fact in facts
            if fact.table == PAYMENTS and fact.values["kind"] == "retry"
        ],
        postings=[
            model.Posting(
                **_effect(fact),
                **_some(fact, "debit", "credit", "memo"),
                amount=dollars(fact.values["amount_cents"]),
            )
            for fact in facts
            if fact.table == "ledger_entries"
        ],
        matches=[_match(fact) for fact in facts if fact.table == "matches"],
        charges=[
            model.Charge(
                **_effect(fact),
                **_some(fact, "balance_id", "component", "name", "parent_id", "explanation", "policy"),
                amount=dollars(fact.values["amount_cents"]),
            )
            for fact in facts
            if fact.table == "balance_items" and fact.values["kind"] == "charged"
        ],
        suspense=[
            model.Suspense(**_effect(fact), amount=dollars(fact.values["amount_cents"]), reason=fact.values["reason"])
            for fact in facts
            if fact.table == "suspense"
        ],
        exceptions=[_exception(fact) for fact in facts if fact.table == "exception_events"],
        alerts=[
            model.Alert(**_effect(fact), **_some(fact, "alert", "severity", "rule", "policy", "explanation"))
            for fact in facts
            if fact.table == "alerts"
        ],
        deliveries=[_delivery(fact) for fact in facts if fact.table == "deliveries"],
    )


def _effect(fact: Fact) -> dict[str, Any]:
    return {"id": fact.id, "sequence": fact.sequence}


def _some(fact: Fact, *names: str) -> dict[str, Any]:
    return {name: fact.values[name] for name in names}


def _decision(fact: Fact) -> model.Decision:
    values = fact.values
    return model.Decision(
        **_effect(fact),
        **_some(fact, "status", "policy", "score", "reason", "reviewer"),
        explanation=explained(values["status"], values["explanation"], values["reviewer"]),
        rules=rules_in(values["fired"]),
    )


def _move(fact: Fact) -> model.Move:
    values = fact.values
    return model.Move(
        **_effect(fact),
        **_some(fact, "status", "reason", "trace_number", "file_id"),
        error_code=values["code"],
        date=day_of(values["day"]),
        due_at=maybe_instant(values["due_at"]),
    )


def _match(fact: Fact) -> model.Match:
    values = fact.values
    return model.Match(
        **_effect(fact),
        **_some(fact, "kind", "balance_id", "rule", "score", "reason"),
        evidence=list(values["evidence"]),
        amount=dollars(values["amount_cents"]),
    )


def _exception(fact: Fact) -> model.ExceptionChange:
    values = fact.values
    return model.ExceptionChange(
        **_effect(fact),
        **_some(fact, "exception_id", "severity"),
        change=values["kind"],
        code=values["code"] or str(values["exception_id"]).rpartition("/")[2],
        amount=dollars(values["amount_cents"]),
        detail=values["detail"] or values["how"] or values["owner"],
    )


def _delivery(fact: Fact) -> model.Delivery:
    values = fact.values
    kind = values["kind"]
    detail: dict[str, Any] = {name: values[name] for name in _DETAILS[kind]}
    if kind == "webhook":
        detail["balance"] = dollars(values["balance_cents"])
        problems = msgspec.json.decode(values["exceptions"]) if values["exceptions"] else []
        detail["exceptions"] = ", ".join(code for code, *_ in problems)
    return model.Delivery(
        **_effect(fact),
        kind=kind,
        topic=_TOPICS[kind],
        amount=dollars(values["amount_cents"]),
        detail=detail,
        due_at=maybe_instant(values["due_at"]),
    )


def _distinct(texts: Any) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]
