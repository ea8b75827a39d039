"""What is in force: agreements, bars, bank accounts as corrected, rule books and rollouts."""

from ledger import effects
from sinks.clickhouse.layout import Const, Table, columns
from sinks.clickhouse.native import BOOL, INT64, MAYBE_DAY, TEXT, TEXTS, WORD

TABLES = (
    Table("consents", columns(purpose=WORD, granted=BOOL, version=WORD, jurisdiction=WORD), {effects.ConsentChanged: {}}),
    Table(
        "mandates",
        columns(kind=WORD, mandate_id=TEXT, patient_id=TEXT, sec_code=WORD, reason=TEXT),
        {effects.MandateGranted: {"kind": Const("granted")}, effects.MandateRevoked: {"kind": Const("revoked")}},
    ),
    Table(
        "bars",
        columns(kind=WORD, bar=WORD, transaction_id=TEXT, code=WORD, day=MAYBE_DAY, how=TEXT),
        {effects.Barred: {"kind": Const("barred")}, effects.Unbarred: {"kind": Const("unbarred")}},
    ),
    Table(
        "account_changes",
        columns(transaction_id=TEXT, code=WORD, fields=TEXTS, day=MAYBE_DAY, trace_number=TEXT),
        {effects.AccountCorrected: {}},
    ),
    Table(
        "subjects",
        columns(
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
    Table("policies", columns(version=WORD, text=TEXT, activated_by=TEXT), {effects.PolicyActivated: {}}),
    Table("shadows", columns(version=WORD, text=TEXT, shadowed_by=TEXT), {effects.PolicyShadowed: {}}),
    Table(
        "shadow_decisions",
        columns(transaction_id=TEXT, policy=WORD, outcome=WORD, recorded=WORD, explanation=TEXT, amount_cents=INT64, hospital_id=WORD),
        {effects.ShadowDiffered: {}},
    ),
    Table("rollouts", columns(hospital_id=WORD, phase=WORD, changed_by=TEXT), {effects.RolloutChanged: {}}),
)
