"""Which effect lands in which table, and which of its fields in which column. The SQL of the tables is in `migrations`."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from ledger import effects
from sinks.clickhouse.native import (
    BOOL,
    DAY,
    INT64,
    INTEGERS,
    MAYBE_DAY,
    MAYBE_MS,
    MS,
    TEXT,
    TEXTS,
    UINT16,
    UINT32,
    UINT64,
    WORD,
    Column,
    ColumnType,
)


class Const(NamedTuple):
    """The same value in every row."""

    value: Any


class Field(NamedTuple):
    """A field whose name isn't the column's."""

    name: str


class Made(NamedTuple):
    """A value made from the whole effect."""

    of: Callable[[Any], Any]


Source = Const | Field | Made
Getter = Callable[[Any], Any]


class Table(NamedTuple):
    """A table of effects: its own columns, and the effects that become its rows.

    A column takes the effect's field of the same name, or what is given here, or stays blank.
    """

    name: str
    columns: tuple[Column, ...]
    kinds: Mapping[type[effects.Effect], Mapping[str, Source]]


def _columns(**types: ColumnType) -> tuple[Column, ...]:
    return tuple(Column(name, kind) for name, kind in types.items())


COMMON = _columns(
    partition=UINT16,
    position=UINT64,
    ordinal=UINT32,
    source_topic=WORD,
    source_offset=UINT64,
    at=MS,
    recorded_at=MS,
    business_date=DAY,
    credit_reference=TEXT,
)
"""Columns that every table of effects begins with."""
INPUT_COLUMNS = (
    *(column for column in COMMON if column.name != "ordinal"),
    *_columns(event_id=TEXT, type=WORD, outcome=WORD, reason=WORD, about=TEXT, detail=TEXT),
)
"""The columns of `inputs`, one row an input."""
RECORD_COLUMNS = _columns(
    partition=UINT16,
    sequence=UINT64,
    offset=UINT64,
    previous=TEXT,
    hash=TEXT,
    recorded_at=MS,
    sources=TEXTS,
    next=INTEGERS,
    done=UINT32,
    entries=UINT32,
    effects=UINT32,
    bytes=UINT32,
)
"""The columns of `journal_records`, one row a record."""


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode() if value else ""


def _rules(decided: effects.Decided) -> list[str]:
    return [fired.rule for fired in decided.fired]


def _taken_off(waived: effects.ChargeWaived) -> int:
    return -waived.waived_cents


TABLES = (
    Table(
        "refusals",
        _columns(kind=WORD, reason=WORD, about=TEXT, detail=TEXT),
        {
            effects.Refused: {"kind": Const("refused")},
            effects.DeadLettered: {"kind": Const("dead"), "reason": Field("code")},
        },
    ),
    Table(
        "ledger_entries",
        _columns(hospital_id=WORD, about=TEXT, debit=WORD, credit=WORD, amount_cents=INT64, memo=WORD),
        {effects.Posted: {}},
    ),
    Table(
        "payment_events",
        _columns(
            transaction_id=TEXT,
            kind=WORD,
            status=WORD,
            direction=WORD,
            amount_cents=INT64,
            hospital_id=WORD,
            patient_id=TEXT,
            reference=TEXT,
            client_reference=TEXT,
            balance_id=TEXT,
            sec_code=WORD,
            body_sha256=TEXT,
            policy=WORD,
            score=INT64,
            rules=TEXTS,
            fired=TEXT,
            explanation=TEXT,
            reviewer=TEXT,
            code=WORD,
            reason=WORD,
            day=MAYBE_DAY,
            trace_number=TEXT,
            file_id=TEXT,
            due_at=MAYBE_MS,
            attempt=UINT16,
        ),
        {
            effects.PaymentInitiated: {"kind": Const("initiated"), "status": Const("received")},
            effects.Decided: {
                "kind": Const("decided"),
                "rules": Made(_rules),
                "fired": Made(lambda decided: _json(decided.fired)),
                "due_at": Field("due_ms"),
            },
            effects.Moved: {"kind": Const("moved"), "due_at": Field("due_ms")},
            effects.RetryScheduled: {"kind": Const("retry"), "due_at": Field("at_ms")},
        },
    ),
    Table(
        "balance_items",
        _columns(
            kind=WORD,
            balance_id=TEXT,
            hospital_id=WORD,
            patient_id=TEXT,
            amount_cents=INT64,
            due_date=MAYBE_DAY,
            reference=TEXT,
            plan_id=TEXT,
            component=WORD,
            parent_id=TEXT,
            name=WORD,
            about=TEXT,
            policy=WORD,
            explanation=TEXT,
            reason=WORD,
        ),
        {
            effects.BalanceOpened: {"kind": Const("opened"), "component": Const("principal")},
            effects.Charged: {"kind": Const("charged")},
            effects.ChargeWaived: {"kind": Const("waived"), "amount_cents": Made(_taken_off)},
            effects.Recast: {"kind": Const("recast"), "amount_cents": Field("change_cents")},
        },
    ),
    Table(
        "accruals",
        _columns(balance_id=TEXT, since=MAYBE_DAY, accrued_to=MAYBE_DAY, pending_cents=INT64, due_at=MAYBE_MS),
        {effects.Accruing: {"due_at": Field("due_ms")}},
    ),
    Table(
        "matches",
        _columns(kind=WORD, source_id=TEXT, balance_id=TEXT, amount_cents=INT64, rule=WORD, evidence=TEXTS, score=INT64, reason=WORD),
        {effects.Matched: {"kind": Const("matched")}, effects.Unmatched: {"kind": Const("unmatched")}},
    ),
    Table(
        "deposits",
        _columns(
            deposit_id=TEXT,
            hospital_id=WORD,
            amount_cents=INT64,
            day=MAYBE_DAY,
            reference=TEXT,
            trace_number=TEXT,
            patient_id=TEXT,
            balance_id=TEXT,
        ),
        {effects.DepositReceived: {}},
    ),
    Table("suspense", _columns(source_id=TEXT, amount_cents=INT64, reason=WORD), {effects.Suspended: {}}),
    Table(
        "exception_events",
        _columns(
            exception_id=TEXT,
            kind=WORD,
            code=WORD,
            severity=WORD,
            about=TEXT,
            amount_cents=INT64,
            detail=TEXT,
            hospital_id=WORD,
            how=WORD,
            due_at=MAYBE_MS,
            candidates=TEXT,
            actor=TEXT,
            owner=TEXT,
            until=MAYBE_MS,
            level=UINT16,
        ),
        {
            effects.ExceptionOpened: {
                "kind": Const("opened"),
                "due_at": Field("due_ms"),
                "candidates": Made(lambda opened: _json(opened.candidates)),
            },
            effects.ExceptionClosed: {"kind": Const("closed")},
            effects.ExceptionAssigned: {"kind": Const("assigned")},
            effects.ExceptionSnoozed: {"kind": Const("snoozed"), "until": Field("until_ms")},
            effects.ExceptionOverdue: {"kind": Const("overdue"), "due_at": Field("due_ms")},
        },
    ),
    Table(
        "alerts",
        _columns(
            alert=WORD,
            severity=WORD,
            about=TEXT,
            explanation=TEXT,
            rule=WORD,
            policy=WORD,
            hospital_id=WORD,
            amount_cents=INT64,
            route=TEXTS,
            window=TEXT,
        ),
        {effects.AlertRaised: {}},
    ),
    Table(
        "deliveries",
        _columns(
            kind=WORD,
            transaction_id=TEXT,
            amount_cents=INT64,
            hospital_id=WORD,
            patient_id=TEXT,
            status=WORD,
            balance_cents=INT64,
            exceptions=TEXT,
            template=WORD,
            channel=WORD,
            due_at=MAYBE_MS,
            attempt=UINT16,
            side=WORD,
            sec_code=WORD,
            description=WORD,
        ),
        {
            effects.WebhookDue: {
                "kind": Const("webhook"),
                "amount_cents": Field("settlement_cents"),
                "exceptions": Made(lambda due: _json(due.exceptions)),
            },
            effects.NotificationDue: {"kind": Const("notification"), "due_at": Field("at_ms")},
            effects.EntryDue: {"kind": Const("ach_entry")},
            effects.CreditApplied: {"kind": Const("billing")},
        },
    ),
    Table("consents", _columns(purpose=WORD, granted=BOOL, version=WORD, jurisdiction=WORD), {effects.ConsentChanged: {}}),
    Table(
        "mandates",
        _columns(kind=WORD, mandate_id=TEXT, patient_id=TEXT, sec_code=WORD, reason=TEXT),
        {effects.MandateGranted: {"kind": Const("granted")}, effects.MandateRevoked: {"kind": Const("revoked")}},
    ),
    Table(
        "parked_events",
        _columns(kind=WORD, transaction_id=TEXT, event=TEXT, until=MAYBE_MS, amount_cents=INT64, how=WORD),
        {effects.Parked: {"kind": Const("parked"), "until": Field("until_ms")}, effects.Unparked: {"kind": Const("unparked")}},
    ),
    Table("policies", _columns(version=WORD, text=TEXT, activated_by=TEXT), {effects.PolicyActivated: {}}),
    Table("shadows", _columns(version=WORD, text=TEXT, shadowed_by=TEXT), {effects.PolicyShadowed: {}}),
    Table(
        "shadow_decisions",
        _columns(transaction_id=TEXT, policy=WORD, outcome=WORD, recorded=WORD, explanation=TEXT, amount_cents=INT64, hospital_id=WORD),
        {effects.ShadowDiffered: {}},
    ),
    Table("rollouts", _columns(hospital_id=WORD, phase=WORD, changed_by=TEXT), {effects.RolloutChanged: {}}),
    Table(
        "account_changes",
        _columns(transaction_id=TEXT, code=WORD, fields=TEXTS, day=MAYBE_DAY, trace_number=TEXT),
        {effects.AccountCorrected: {}},
    ),
    Table(
        "bars",
        _columns(kind=WORD, bar=WORD, transaction_id=TEXT, code=WORD, day=MAYBE_DAY, how=TEXT),
        {effects.Barred: {"kind": Const("barred")}, effects.Unbarred: {"kind": Const("unbarred")}},
    ),
    Table(
        "duties",
        _columns(
            kind=WORD,
            duty=WORD,
            transaction_id=TEXT,
            code=WORD,
            day=MAYBE_DAY,
            until=MAYBE_DAY,
            due_at=MAYBE_MS,
            amount_cents=INT64,
            hospital_id=WORD,
            how=TEXT,
        ),
        {effects.DutyOpened: {"kind": Const("opened"), "due_at": Field("due_ms")}, effects.DutyClosed: {"kind": Const("closed")}},
    ),
    Table(
        "disputes",
        _columns(
            transaction_id=TEXT,
            stage=WORD,
            code=WORD,
            return_code=WORD,
            day=MAYBE_DAY,
            trace_number=TEXT,
            amount_cents=INT64,
            hospital_id=WORD,
        ),
        {effects.Disputed: {}},
    ),
    Table("rule_snoozes", _columns(rule=WORD, until=MAYBE_MS), {effects.RuleSnoozed: {"until": Field("until_ms")}}),
    Table("actions", _columns(act_id=TEXT, actor=TEXT, action=WORD, about=TEXT, comment=TEXT), {effects.Acted: {}}),
    Table(
        "adjustment_events",
        _columns(
            kind=WORD,
            adjustment_id=TEXT,
            form=WORD,
            about=TEXT,
            amount_cents=INT64,
            hospital_id=WORD,
            reason=TEXT,
            exception_id=TEXT,
            verdict=WORD,
            actor=TEXT,
        ),
        {effects.AdjustmentProposed: {"kind": Const("proposed")}, effects.AdjustmentDecided: {"kind": Const("decided")}},
    ),
    Table(
        "balance_adjustments",
        _columns(balance_id=TEXT, adjustment_id=TEXT, amount_cents=INT64, hospital_id=WORD),
        {effects.BalanceAdjusted: {}},
    ),
    Table(
        "subjects",
        _columns(
            kind=WORD,
            patient_id=TEXT,
            state=WORD,
            held=BOOL,
            field=WORD,
            transaction_id=TEXT,
            purpose=TEXT,
            by=TEXT,
            ticket=TEXT,
        ),
        {
            effects.SubjectErased: {"kind": Const("erased")},
            effects.SubjectHeld: {"kind": Const("held")},
            effects.SubjectRevealed: {"kind": Const("revealed")},
        },
    ),
)
"""Tables of effects, in the order in which a block is inserted."""

LEFT_OUT = frozenset(
    {
        (effects.PaymentInitiated, "instrument"),
        (effects.EntryDue, "instrument"),
        (effects.AccountCorrected, "correction"),
        (effects.ConsentChanged, "contact"),
        (effects.NotificationDue, "contact"),
    }
)
"""Fields that don't go to ClickHouse: sealed account data."""


def getters(table: Table, kind: type[effects.Effect]) -> list[Const | Getter]:
    """For each column of the table how its value comes out of such an effect."""
    fields = {field.name for field in msgspec.structs.fields(kind)}
    found: list[Const | Getter] = []
    for column in table.columns:
        match table.kinds[kind].get(column.name):
            case Const() as const:
                found.append(const)
            case Field(name):
                found.append(attrgetter(name))
            case Made(of):
                found.append(of)
            case None:
                found.append(attrgetter(column.name) if column.name in fields else Const(column.type.blank))
    return found
