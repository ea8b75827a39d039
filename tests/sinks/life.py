"""A short history in journal records, for the tables that are made of them."""

from ledger import effects as fx
from ledger.policy import Fired
from tests.sinks.records import AT_MS, Journal, entry

DAY_MS = 86_400_000


def life(journal: Journal) -> None:
    """A repayment that settles, comes back for want of funds and is tried again, and a deposit that finds its balance."""
    journal.append(
        entry(
            fx.BalanceOpened("bal-1", "hospital-1", "patient-1", 100_000, "2026-03-31", "inv-1", "plan-1"),
            fx.BalanceOpened("bal-2", "hospital-1", "patient-1", 50_000, "2026-04-30", "inv-2", "plan-1"),
            fx.Posted("patient_receivable", "hospital_payable", 150_000, "hospital-1", "plan-1", "plan opened"),
            kind="plan.opened.v1",
        ),
        entry(
            fx.PaymentInitiated("pay-1", "repayment", 100_000, "hospital-1", "patient-1", "inv-1", "client-1", "bal-1", "WEB"),
            fx.Decided("pay-1", "held", "default@1", 60, (Fired("large", "review", "1000.00", "high"),), "One rule fired."),
            fx.ExceptionOpened("pay-1/HELD", "HELD", "medium", "pay-1", 100_000, "held for review", "hospital-1"),
            offset=1,
        ),
    )
    journal.append(
        entry(
            fx.Decided("pay-1", "approved", "default@1", 60, (), "Approved.", "reviewer-7"),
            fx.ExceptionClosed("pay-1/HELD", "reviewed"),
            source=2,
            at_ms=AT_MS + 60_000,
            kind="payment.reviewed.v1",
        ),
        entry(fx.Moved("pay-1", "submitted", "", "", "2026-03-03", "091000010000001", "file-1"), source=1, at_ms=AT_MS + 120_000),
        entry(
            fx.Moved("pay-1", "settled", "", "", "2026-03-03", "091000010000001"),
            fx.Matched("pay-1", "bal-1", 100_000, "id", ("balance_id",), 100),
            source=1,
            offset=1,
            at_ms=AT_MS + DAY_MS,
        ),
    )
    journal.append(
        entry(
            fx.Moved("pay-1", "returned", "R01", "insufficient_funds", "2026-03-05", "091000010000001"),
            fx.Unmatched("pay-1", "bal-1", 100_000, "R01"),
            fx.ExceptionOpened("pay-1/R01", "R01", "medium", "pay-1", 100_000, "insufficient funds", "hospital-1"),
            fx.Moved("pay-1", "retry_scheduled", due_ms=AT_MS + 8 * DAY_MS),
            fx.RetryScheduled("pay-1", AT_MS + 8 * DAY_MS, 1),
            source=1,
            offset=2,
            at_ms=AT_MS + 3 * DAY_MS,
        ),
        entry(
            fx.DepositReceived("dep-1", "hospital-1", 20_000, "2026-03-05"),
            fx.Matched("dep-1", "bal-2", 20_000, "unique_amount"),
            source=1,
            offset=3,
            at_ms=AT_MS + 3 * DAY_MS,
        ),
    )
