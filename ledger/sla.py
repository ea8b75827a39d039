"""How long people have for an exception, and what they might do about it. Deadlines are banking days, by severity and amount."""

from typing import Final

from ledger.policy import Rail

LOW, MEDIUM, HIGH, CRITICAL = SEVERITIES = ("low", "medium", "high", "critical")
BANKING_DAYS: Final = {LOW: 5, MEDIUM: 3, HIGH: 1, CRITICAL: 1}
"""whole banking days that people have after the one on which it was opened"""
AMOUNT_DAYS: Final = ((1_000_000, 1), (100_000, 2))
"""from this many cents on at most so many days, the largest first"""
ESCALATE_BANKING_DAYS: Final = 2
"""after the deadline"""
OVERDUE, ESCALATED = 1, 2

_ACTIONS: Final = {
    "PAYMENT_HELD": "Review the payment: approve or decline it.",
    "UNKNOWN_ACCOUNT": "Find out whose money it is; confirm a match once the balance is known, or record a refund.",
    "UNMATCHED": "Find the balance that the money is for and confirm the match, or record a refund.",
    "PROPOSED": "Look at the candidate and confirm it, or choose another balance.",
    "AMBIGUOUS": "Several balances fit: ask the payer which one is meant and confirm it.",
    "MISMATCHED": "See which fields differ from the candidate; confirm it if the difference is explained.",
    "OVERPAID": "Match the rest with another balance, or propose a refund.",
    "MATCH_REVOKED": "Confirm the balance that the money is really for, or propose a refund.",
    "DUPLICATE_DEPOSIT": "Ask the bank whether the money came twice: if it did, confirm its balance; if not, propose a refund.",
    "ADVICE_UNPAID": "Ask the payer, or the bank, where the money of this advice is.",
    "ADVICE_MISSING": "Ask the payer for the remittance advice (835) of this trace, or confirm the balances that its portal shows.",
    "ADVICE_MISMATCH": "Compare the advice with the money and the bills; confirm what the money is really for, or ask the payer.",
    "PAYMENT_RETURNED": "Ask the patient for another way to pay, or propose a write-off.",
    "REFUND_LOST": "The bank took back money that was refunded before: claim it from the patient.",
    "PAYMENT_FAILED": "See why the entry did not go out, and initiate the payment again.",
    "PRENOTE_RETURNED": "The debit is out already: ask the patient which account is right, and expect its return.",
    "SETTLEMENT_MISSING": "Ask the bank where the entry is.",
    "MISSING": "Ask the patient when and how they can pay: agree on a plan, or propose a write-off.",
    "NOT_SUBMITTED": "See why no file took the entry along, and send one.",
    "UNKNOWN_TRANSACTION": "Ask the bank and CREDIT which payment this is.",
    "TOO_MANY_PARKED": "Stop the feed: the bank speaks of payments that nobody knows.",
    "AMOUNT_MISMATCH": "Compare the bank's amount with the entry and ask the bank.",
    "NOT_SUBMITTABLE": "The bank's report contradicts the payment: ask the bank.",
    "NOT_SETTLEABLE": "The bank's report contradicts the payment: ask the bank.",
    "NOT_RETURNABLE": "The bank's report contradicts the payment: ask the bank.",
    "DEADLINE_UNDECIDED": "A fault of the program: call its operators.",
}


def deadline_ms(rail: Rail, opened_ms: int, severity: str, amount_cents: int) -> int:
    """The midnight in New York by which an exception is to be closed: so many whole banking days after the day it was opened."""
    days = min([BANKING_DAYS.get(severity, BANKING_DAYS[MEDIUM]), *(most for cents, most in AMOUNT_DAYS if amount_cents >= cents)])
    return rail.start_of_day_ms(rail.add_banking_days(rail.business_date(opened_ms), days + 1))


def escalation_ms(rail: Rail, due_ms: int) -> int:
    """When an exception that is still open goes one level up."""
    return rail.start_of_day_ms(rail.add_banking_days(rail.business_date(due_ms), ESCALATE_BANKING_DAYS))


def alert_severity(severity: str, level: int) -> str:
    """Of the alert about an overdue exception: its own, at least medium, and one more at the escalation."""
    place = max(SEVERITIES.index(severity), SEVERITIES.index(MEDIUM)) if severity in SEVERITIES else 1
    return SEVERITIES[min(place + level - OVERDUE, len(SEVERITIES) - 1)]


def suggested_action(code: str) -> str:
    """What a person might do first; for a code that is not known here, to look at its detail."""
    return _ACTIONS.get(code, "See its detail, and comment what was found.")
