"""What the system promises to write, written down a second time: topics, the fields of every effect, the public events."""

from typing import Final

PAYMENTS: Final = "credit.payments.v1"
SETTLEMENTS: Final = "bank.settlements.v1"
OPERATIONS: Final = "hms.operations.v1"
CLOCK: Final = "hms.clock.v1"
INPUTS: Final = (PAYMENTS, SETTLEMENTS, OPERATIONS, CLOCK)
JOURNAL: Final = "ledger.journal.v1"
CHECKPOINTS: Final = "ledger.accounts.v1"
LETTERS: Final = "dead.letters.v1"
SEALED: Final = "hms_sealed"
"""header of a dead letter whose content is a JWE"""
PUBLIC: Final = (
    "payments.decisions.v1",
    "risk.alerts.v1",
    "reconciliation.exceptions.v1",
    "outbox.webhooks.v1",
    "outbox.notifications.v1",
    "outbox.ach-entries.v1",
)

EFFECTS: Final[dict[str, tuple[str, ...]]] = {
    "refused": ("reason", "about", "detail"),
    "dead": ("code", "detail"),
    "balance": ("balance_id", "hospital_id", "patient_id", "amount_cents", "due_date", "reference", "plan_id"),
    "initiated": (
        "transaction_id",
        "direction",
        "amount_cents",
        "hospital_id",
        "patient_id",
        "reference",
        "client_reference",
        "balance_id",
        "sec_code",
        "instrument",
        "body_sha256",
    ),
    "decided": ("transaction_id", "status", "policy", "score", "fired", "explanation", "reviewer", "due_ms", "reason"),
    "moved": (
        "transaction_id",
        "status",
        "code",
        "reason",
        "day",
        "trace_number",
        "file_id",
        "due_ms",
        "hospital_id",
        "patient_id",
        "amount_cents",
    ),
    "posted": ("debit", "credit", "amount_cents", "hospital_id", "about", "memo"),
    "matched": ("source_id", "balance_id", "amount_cents", "rule", "evidence", "score"),
    "unmatched": ("source_id", "balance_id", "amount_cents", "reason"),
    "suspended": ("source_id", "amount_cents", "reason"),
    "deposit": ("deposit_id", "hospital_id", "amount_cents", "day", "reference", "trace_number", "patient_id", "balance_id"),
    "exception": ("exception_id", "code", "severity", "about", "amount_cents", "detail", "hospital_id", "due_ms", "candidates"),
    "exception-closed": ("exception_id", "how", "actor"),
    "alert": ("alert", "severity", "about", "explanation", "rule", "policy", "hospital_id", "amount_cents", "route", "window"),
    "credit-applied": ("transaction_id", "hospital_id", "patient_id", "amount_cents"),
    "retry": ("transaction_id", "at_ms", "attempt"),
    "entry-due": (
        "transaction_id",
        "attempt",
        "side",
        "amount_cents",
        "sec_code",
        "description",
        "hospital_id",
        "patient_id",
        "instrument",
    ),
    "webhook": ("transaction_id", "status", "settlement_cents", "balance_cents", "exceptions"),
    "notify": ("template", "channel", "transaction_id", "patient_id", "amount_cents", "at_ms", "hospital_id", "contact"),
    "consent": ("purpose", "granted", "version", "jurisdiction", "contact"),
    "subject-erased": ("patient_id", "state", "by", "ticket"),
    "subject-held": ("patient_id", "held", "by", "ticket"),
    "subject-revealed": ("patient_id", "field", "transaction_id", "purpose", "by", "ticket"),
    "mandate": ("mandate_id", "patient_id", "sec_code"),
    "mandate-revoked": ("mandate_id", "reason"),
    "parked": ("transaction_id", "event", "until_ms", "amount_cents"),
    "unparked": ("transaction_id", "how"),
    "policy": ("version", "text", "activated_by"),
    "shadow": ("version", "text", "shadowed_by"),
    "shadow-differed": ("transaction_id", "policy", "outcome", "recorded", "explanation", "amount_cents", "hospital_id"),
    "rollout": ("hospital_id", "phase", "changed_by"),
    "rule-snoozed": ("rule", "until_ms"),
    "advised": ("advice_id", "hospital_id", "reassociation_trace", "payer_id", "amount_cents", "day", "pays"),
    "reassociated": ("advice_id", "deposit_id"),
    "charged": (
        "balance_id",
        "component",
        "name",
        "parent_id",
        "about",
        "amount_cents",
        "hospital_id",
        "patient_id",
        "due_date",
        "policy",
        "explanation",
    ),
    "charge-waived": ("balance_id", "waived_cents", "reason"),
    "accruing": ("balance_id", "since", "accrued_to", "pending_cents", "due_ms"),
    "recast": ("balance_id", "plan_id", "change_cents", "policy"),
    "corrected": ("transaction_id", "code", "fields", "day", "trace_number", "correction"),
    "barred": ("bar", "transaction_id", "code", "day"),
    "unbarred": ("bar", "transaction_id", "how"),
    "duty": ("duty", "transaction_id", "code", "day", "until", "due_ms", "amount_cents", "hospital_id"),
    "duty-closed": ("duty", "transaction_id", "how"),
    "disputed": ("transaction_id", "stage", "code", "return_code", "day", "trace_number", "amount_cents", "hospital_id"),
    "acted": ("act_id", "actor", "action", "about", "comment"),
    "exception-assigned": ("exception_id", "owner", "actor"),
    "exception-snoozed": ("exception_id", "until_ms", "actor"),
    "exception-overdue": ("exception_id", "level", "owner", "due_ms"),
    "adjustment": ("adjustment_id", "form", "about", "amount_cents", "hospital_id", "actor", "reason", "exception_id"),
    "adjustment-decided": ("adjustment_id", "verdict", "actor"),
    "balance-adjusted": ("balance_id", "adjustment_id", "amount_cents", "hospital_id"),
}
"""Fields of each kind of effect, in the order in which they stand behind the kind's name."""

PUBLISHED: Final[dict[str, tuple[str, str]]] = {
    "decided": ("payments.decisions.v1", "payment.status_changed.v1"),
    "moved": ("payments.decisions.v1", "payment.status_changed.v1"),
    "credit-applied": ("payments.decisions.v1", "billing.credit_applied.v1"),
    "charged": ("payments.decisions.v1", "billing.charged.v1"),
    "charge-waived": ("payments.decisions.v1", "billing.charge_waived.v1"),
    "recast": ("payments.decisions.v1", "billing.plan_recast.v1"),
    "alert": ("risk.alerts.v1", "alert.raised.v1"),
    "exception": ("reconciliation.exceptions.v1", "exception.opened.v1"),
    "exception-closed": ("reconciliation.exceptions.v1", "exception.closed.v1"),
    "webhook": ("outbox.webhooks.v1", "webhook.due.v1"),
    "notify": ("outbox.notifications.v1", "notification.due.v1"),
    "consent": ("outbox.notifications.v1", "consent.recorded.v1"),
    "entry-due": ("outbox.ach-entries.v1", "ach.entry_due.v1"),
}
"""Topic and event type of every effect that the public is told of."""

TABLES: Final[dict[str, tuple[str, ...]]] = {
    "ledger_entries": ("posted",),
    "payment_events": ("initiated", "decided", "moved", "retry"),
    "balance_items": ("balance", "charged", "charge-waived", "recast"),
    "accruals": ("accruing",),
    "matches": ("matched", "unmatched"),
    "deposits": ("deposit",),
    "suspense": ("suspended",),
    "exception_events": ("exception", "exception-closed", "exception-assigned", "exception-snoozed", "exception-overdue"),
    "alerts": ("alert",),
    "deliveries": ("webhook", "notify", "entry-due", "credit-applied"),
    "consents": ("consent",),
    "mandates": ("mandate", "mandate-revoked"),
    "parked_events": ("parked", "unparked", "advised", "reassociated"),
    "policies": ("policy",),
    "shadows": ("shadow",),
    "shadow_decisions": ("shadow-differed",),
    "rollouts": ("rollout",),
    "account_changes": ("corrected",),
    "bars": ("barred", "unbarred"),
    "duties": ("duty", "duty-closed"),
    "disputes": ("disputed",),
    "actions": ("acted",),
    "rule_snoozes": ("rule-snoozed",),
    "adjustment_events": ("adjustment", "adjustment-decided"),
    "balance_adjustments": ("balance-adjusted",),
    "subjects": ("subject-erased", "subject-held", "subject-revealed"),
}
"""ClickHouse table of each kind of effect; `inputs` has one row for each event that came in, `journal_records` one for each record."""

GENERAL_LEDGER: Final = frozenset(
    {
        "patient_receivable",
        "hospital_payable",
        "ach_in_transit",
        "cash",
        "holds",
        "suspense",
        "fees",
        "interest",
        "returned_items",
        "write_offs",
        "matching_differences",
    }
)
