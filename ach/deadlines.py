"""Until when something may be done about an entry: returns, disputes, corrections, reversals, fees, prenotes.

All of it counts banking days of the Federal Reserve. Source: Nacha Operating Rules 3.8 and Appendix Four (returns), 2.12
and 3.11 (dishonored and contested returns), 2.9 (reversals), 2.11 (notices of change), 2.6 (prenotes), R11 as of 2020.
"""

from datetime import date, timedelta

from msgspec import Struct

from ach.calendar import add_banking_days, first_banking_day_after
from ach.codes import Window, return_code

CONSUMER_RETURN_DAYS = 60
CORRECTED_ENTRY_DAYS = 60
RETURN_FEE_DAYS = 45
REFUSED_NOTICE_DAYS = 15
FUNDS_RETURN_BANKING_DAYS = 2
DISHONOR_BANKING_DAYS = 5
CONTEST_BANKING_DAYS = 2
REVERSAL_BANKING_DAYS = 5
CHANGE_BANKING_DAYS = 6
PRENOTE_BANKING_DAYS = 3
"""the rule book of 2013 still says 6"""


class SafeDates(Struct, frozen=True):
    """From when a settled debit can no longer come back in time."""

    funds: date
    """returns for want of funds, closed accounts and the like"""
    unauthorized: date
    """returns of consumers who did not authorize the entry"""


def return_deadline(code: str, settlement: date) -> date | None:
    """The last date on which a return with this code is in time; None when the code has no window of its own.

    For dishonored and contested returns `settlement` is that of the return or dishonored return they answer.
    """
    window = return_code(code).window
    if window is Window.TWO_BANKING_DAYS:
        return add_banking_days(settlement, FUNDS_RETURN_BANKING_DAYS)
    if window is Window.SIXTY_DAYS:
        return first_banking_day_after(settlement + timedelta(days=CONSUMER_RETURN_DAYS))
    if window is Window.FIVE_BANKING_DAYS:
        return add_banking_days(settlement, DISHONOR_BANKING_DAYS)
    if window is Window.CONTEST:
        return add_banking_days(settlement, CONTEST_BANKING_DAYS)
    return None


def is_late(code: str, settlement: date, received: date) -> bool:
    """Whether a return came after its window; R68 dishonors it then."""
    deadline = return_deadline(code, settlement)
    return deadline is not None and received > deadline


def safe_dates(settlement: date) -> SafeDates:
    """The first dates after both return windows of a debit that settled on this date."""
    one_day = timedelta(days=1)
    funds = add_banking_days(settlement, FUNDS_RETURN_BANKING_DAYS) + one_day
    unauthorized = first_banking_day_after(settlement + timedelta(days=CONSUMER_RETURN_DAYS)) + one_day
    return SafeDates(funds, unauthorized)


def dishonor_by(return_settlement: date) -> date:
    """The last day to dishonor a return."""
    return add_banking_days(return_settlement, DISHONOR_BANKING_DAYS)


def contest_by(dishonor_settlement: date) -> date:
    """The last day on which the other side may contest our dishonored return."""
    return add_banking_days(dishonor_settlement, CONTEST_BANKING_DAYS)


def corrected_entry_by(return_settlement: date) -> date:
    """The last day to send the corrected entry after an R11, without a new authorization."""
    return return_settlement + timedelta(days=CORRECTED_ENTRY_DAYS)


def reverse_by(settlement: date) -> date:
    """The last day on which a reversal must be at the receiving institution."""
    return add_banking_days(settlement, REVERSAL_BANKING_DAYS)


def return_fee_by(return_settlement: date) -> date:
    """The last day on which a return fee may settle."""
    return return_settlement + timedelta(days=RETURN_FEE_DAYS)


def apply_change_by(notice_received: date, next_entry: date | None = None) -> date:
    """Until when a notice of change must be applied: six banking days, or the next entry, whichever is later."""
    six_days = add_banking_days(notice_received, CHANGE_BANKING_DAYS)
    return six_days if next_entry is None else max(six_days, next_entry)


def refuse_notice_by(notice_received: date) -> date:
    """The last day to refuse a notice of change."""
    return notice_received + timedelta(days=REFUSED_NOTICE_DAYS)


def live_entries_from(prenote_settlement: date) -> date:
    """The first day on which a live entry may follow a prenote that did not come back."""
    return add_banking_days(prenote_settlement, PRENOTE_BANKING_DAYS)


def prenote_answer_by(prenote_settlement: date) -> date:
    """The last day of the wait after a prenote."""
    return live_entries_from(prenote_settlement) - timedelta(days=1)
