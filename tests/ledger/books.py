"""Rule books of the tables, by the names that their sentences use."""

TABLE_BOOK = """
[book]
name = "table"
version = 1
on_error = "review"

[[rule]]
name = "hard-limit"
when = "amount > 50000"
outcome = "decline"
severity = "high"
explain = "{amount} is above $50,000.00."

[[rule]]
name = "large"
when = "amount > 5000"
outcome = "review"
explain = "{amount} is above $5,000.00."

[[rule]]
name = "unauthorized"
when = "unauthorized_returns_90d >= 1"
outcome = "block"
severity = "critical"
explain = "A debit was returned as unauthorized."
"""
"""The rule book of the tables: it holds above 5,000, declines above 50,000, and blocks after an unauthorized return."""

LATE = """
[late_fee]
flat = 15
percent = 5
combine = "greater"
grace_days = 10
maximum = 40
minimum_overdue = 20
"""
INTEREST = """
[interest]
apr = 20
day_count = "actual/365"
"""
PROMOTION = """
[interest]
apr = 12
day_count = "30/360"
compounding = "monthly"
promotional_apr = 0
promotional_months = 2
grace_days = 10
"""
RETURNS = """
[return_fee]
flat = 25
collect = "entry"
"""
PROCESSING = """
[[fee]]
name = "processing"
kind = "percent"
percent = 1
flat = "0.50"
directions = ["repayment"]
"""
RECAST = """
[schedule]
reamortize = "term"
"""
SHORTER = """
[schedule]
reamortize = "payment"
"""
PRINCIPAL_FIRST = """
[allocation]
order = ["principal", "interest", "fees"]
"""
PATIENT_RETRY = """
[retry]
reasons = ["insufficient_funds"]
retries_max = 1
delay_days = 14
minimum = 50
"""

MATCHING = """
[matching]
tolerance = "0.05"
tolerance_percent = "0.1"
fees = [{ name = "card", flat = "0.30", percent = "2.9" }]
"""

LATER = """
[[rule]]
name = "returned-again"
events = ["payment.returned"]
when = "returns_90d >= 1"
severity = "high"
explain = "{returns_90d} return before this one of {amount}."
[[rule]]
name = "divides"
events = ["payment.settled"]
when = "amount / (count_1m - count_1m) > 3"
severity = "low"
[[rule]]
name = "large-in"
events = ["payment.settled", "deposit.received"]
when = "amount > 100 and count_1d <= 2"
outcome = "review"
explain = "{amount} came in."
"""


def _with(version: int, *terms: str) -> str:
    """The tables' book with tables of money, under a version of its own."""
    return TABLE_BOOK.replace("version = 1", f"version = {version}") + "".join(terms)


BOOKS = {
    "FIRST": TABLE_BOOK,
    "STRICT": TABLE_BOOK.replace("version = 1", "version = 2").replace('amount > 5000"', 'amount > 50"'),
    "OTHER": TABLE_BOOK.replace("version = 1", "version = 2"),
    "LATE": _with(11, LATE),
    "INTEREST": _with(12, INTEREST),
    "PROMOTION": _with(13, PROMOTION),
    "RETURNS": _with(14, RETURNS),
    "FEES": _with(15, PROCESSING),
    "RECAST": _with(16, RECAST),
    "SHORTER": _with(17, SHORTER),
    "ALL": _with(18, LATE, INTEREST, RETURNS, PROCESSING, RECAST),
    "PRINCIPAL-FIRST": _with(19, LATE, INTEREST, PRINCIPAL_FIRST),
    "PATIENT-RETRY": _with(20, PATIENT_RETRY),
    "CREDIT-RETRY": _with(22, '[retry]\nscheduled_by = "credit"\n'),
    "LATE-AND-INTEREST": _with(21, LATE, INTEREST),
    "PRENOTES": _with(23, '[prenotes]\nhospitals = ["H1"]\n'),
    "LATER": _with(24, LATER),
    "MISSING": _with(25, '[missing]\ntell = "all"\n'),
    "MATCHING": _with(28, MATCHING),
    "REMITTANCES": _with(29, '[remittances]\nhospitals = ["H1"]\n'),
    "MATCHING-AND-LATE": _with(30, MATCHING, LATE),
    "MATCHING-PRINCIPAL-FIRST": _with(30, MATCHING, LATE, PRINCIPAL_FIRST),
    "MISSING-PLANS": _with(26, '[missing]\ntell = "plans"\nminimum = 25\n'),
    "MISSING-AND-LATE": _with(27, LATE, '[missing]\ntell = "all"\n'),
    "BROKEN": TABLE_BOOK.replace("amount > 5000", "amuont > 5000"),
}
