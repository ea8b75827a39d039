"""Re-presentment: sending a debit again that came back for want of funds, within Nacha's limits.

Source: Nacha Operating Rules 2.12.4 (reinitiation): only R01 and R09, at most two more times, within 180 days of the
original entry's settlement date; the retry travels in a batch of its own described `RETRY PYMT`, with company name,
company identification and amount unchanged. A stopped payment (R08) may be sent again only with a new authorization.
The day it is sent is ours to choose: some days later, on a banking day, perhaps on a day when people are paid.
"""

from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from ach.calendar import roll_back, roll_forward
from ach.codes import Action, return_code

RETRY_DESCRIPTION = "RETRY PYMT"
FRIDAY = 4


class RetryRules(Struct, frozen=True):
    """Our settings; the last two may only be narrowed, never widened beyond Nacha's."""

    delay_days: int = 5
    """calendar days from the return to the next presentment"""
    payday_search_days: int = 0
    """how many days further to look for a payday (the 1st, the 15th, a Friday); 0 turns the bias off"""
    retries_max: int = 2
    window_days: int = 180
    """days after the original entry's settlement date within which a retry must be sent"""

    def __post_init__(self) -> None:
        """Refuse settings that Nacha's limits do not allow: ValueError."""
        if not 0 <= self.retries_max <= 2:
            raise ValueError(f"retries_max must be 0, 1 or 2, not {self.retries_max}")
        if not 1 <= self.window_days <= 180:
            raise ValueError(f"window_days must be 1 to 180, not {self.window_days}")
        if self.delay_days < 1 or self.payday_search_days < 0:
            raise ValueError("delay_days must be at least 1 and payday_search_days not negative")


class NoRetry(StrEnum):
    """Why a returned entry is not re-presented, in the order in which it is asked."""

    NOT_A_DEBIT = "credits are not re-presented"
    CODE_NOT_RETRYABLE = "the return code allows no retry"
    NEEDS_NEW_AUTHORIZATION = "a stopped payment needs a new authorization"
    PAID_MEANWHILE = "the amount was paid meanwhile"
    MANDATE_REVOKED = "the authorization was revoked"
    ACCOUNT_FLAGGED = "the account is flagged"
    RETRIES_USED_UP = "two re-presentments were made already"
    WINDOW_CLOSED = "180 days after the original settlement have passed"


class ReturnedDebit(Struct, frozen=True, kw_only=True):
    """What must be known of a returned entry to decide on its re-presentment."""

    code: str
    returned_on: date
    first_settlement: date
    """settlement date of the original entry, not of its last re-presentment"""
    retries_made: int = 0
    is_debit: bool = True
    reauthorized: bool = False
    """the receiver gave a new authorization after the return"""
    paid_meanwhile: bool = False
    mandate_revoked: bool = False
    account_flagged: bool = False


def _is_payday(day: date) -> bool:
    return day.day in (1, 15) or day.weekday() == FRIDAY


def _toward_payday(day: date, search_days: int) -> date:
    """The first banking day on or after the nearest payday within the search, or `day` when there is none."""
    for ahead in range(search_days + 1):
        candidate = day + timedelta(days=ahead)
        if _is_payday(candidate):
            return roll_forward(candidate)
    return day


def retry_date(rules: RetryRules, returned_on: date, first_settlement: date) -> date | None:
    """The banking day to re-present on, or None when the 180 days leave none after the return.

    The delay is counted in calendar days, then rolled forward to a banking day (and on to a payday if so set); a
    date beyond the window is brought back to the last banking day within it.
    """
    due = roll_forward(returned_on + timedelta(days=rules.delay_days))
    due = _toward_payday(due, rules.payday_search_days)
    last = first_settlement + timedelta(days=rules.window_days)
    if due > last:
        due = roll_back(last)
    return due if due > returned_on else None


def refuse_retry(rules: RetryRules, returned: ReturnedDebit) -> NoRetry | None:
    """The first reason against re-presenting this entry, or None when it may be sent again."""
    action = return_code(returned.code).action
    if not returned.is_debit:
        return NoRetry.NOT_A_DEBIT
    if action not in (Action.RETRY, Action.RETRY_IF_AUTHORIZED):
        return NoRetry.CODE_NOT_RETRYABLE
    if action is Action.RETRY_IF_AUTHORIZED and not returned.reauthorized:
        return NoRetry.NEEDS_NEW_AUTHORIZATION
    if returned.paid_meanwhile:
        return NoRetry.PAID_MEANWHILE
    if returned.mandate_revoked:
        return NoRetry.MANDATE_REVOKED
    if returned.account_flagged:
        return NoRetry.ACCOUNT_FLAGGED
    if returned.retries_made >= rules.retries_max:
        return NoRetry.RETRIES_USED_UP
    if retry_date(rules, returned.returned_on, returned.first_settlement) is None:
        return NoRetry.WINDOW_CLOSED
    return None
