"""Money: what was asked for, owed, posted, matched, held back and put right."""

from ledger import effects
from sinks.clickhouse.layout import Const, Field, Made, Table, as_json, columns
from sinks.clickhouse.native import INT64, MAYBE_DAY, MAYBE_MS, TEXT, TEXTS, UINT16, WORD


def _rules(decided: effects.Decided) -> list[str]:
    return [fired.rule for fired in decided.fired]


def _taken_off(waived: effects.ChargeWaived) -> int:
    return -waived.waived_cents


TABLES = (
    Table(
        "refusals",
        columns(kind=WORD, reason=WORD, about=TEXT, detail=TEXT),
        {
            effects.Refused: {"kind": Const("refused")},
            effects.DeadLettered: {"kind": Const("dead"), "reason": Field("code")},
        },
    ),
    Table(
        "ledger_entries",
        columns(hospital_id=WORD, about=TEXT, debit=WORD, credit=WORD, amount_cents=INT64, memo=WORD),
        {effects.Posted: {}},
    ),
    Table(
        "payment_events",
        columns(
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
                "fired": Made(lambda decided: as_json(decided.fired)),
                "due_at": Field("due_ms"),
            },
            effects.Moved: {"kind": Const("moved"), "due_at": Field("due_ms")},
            effects.RetryScheduled: {"kind": Const("retry"), "due_at": Field("at_ms")},
        },
    ),
    Table(
        "balance_items",
        columns(
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
        columns(balance_id=TEXT, since=MAYBE_DAY, accrued_to=MAYBE_DAY, pending_cents=INT64, due_at=MAYBE_MS),
        {effects.Accruing: {"due_at": Field("due_ms")}},
    ),
    Table(
        "matches",
        columns(kind=WORD, source_id=TEXT, balance_id=TEXT, amount_cents=INT64, rule=WORD, evidence=TEXTS, score=INT64, reason=WORD),
        {effects.Matched: {"kind": Const("matched")}, effects.Unmatched: {"kind": Const("unmatched")}},
    ),
    Table(
        "deposits",
        columns(
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
    Table("suspense", columns(source_id=TEXT, amount_cents=INT64, reason=WORD), {effects.Suspended: {}}),
    Table(
        "adjustment_events",
        columns(
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
        columns(balance_id=TEXT, adjustment_id=TEXT, amount_cents=INT64, hospital_id=WORD),
        {effects.BalanceAdjusted: {}},
    ),
)
