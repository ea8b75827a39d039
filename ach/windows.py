"""When an entry goes out and when it settles: same-day windows, cut-offs of hospital and bank, and the reason in words.

Source: FedACH processing schedule (same-day deadlines 10:30, 14:45 and 16:45, settling at 13:00, 17:00 and 18:00; all
else at 08:30 on the next banking day; Eastern time); Nacha Same Day ACH rules (limit per entry, IAT and ENR not
eligible); Nacha Operating Rules, Appendix Four, R18 (effective entry date at most two banking days ahead for credits, one
for debits).
"""

from datetime import date, datetime, time, timedelta

from msgspec import Struct

from ach.calendar import add_banking_days, first_banking_day_after, is_banking_day, roll_forward
from ach.zone import NEW_YORK

NEXT_DAY = "next day"
HALF_A_YEAR_DAYS = 183
NOT_SAME_DAY = frozenset({"IAT", "ENR"})


class SameDayWindow(Struct, frozen=True):
    """One same-day window of the operator; times are Eastern."""

    code: str
    """what the company descriptive date says to ask for it"""
    deadline: time
    """the operator takes files until then"""
    settles: time


WINDOWS = (
    SameDayWindow("SD1300", time(10, 30), time(13, 0)),
    SameDayWindow("SD1700", time(14, 45), time(17, 0)),
    SameDayWindow("SD1800", time(16, 45), time(18, 0)),
)
NEXT_DAY_SETTLES = time(8, 30)
SAME_DAY_LIMITS_CENTS = ((date(2016, 9, 23), 2_500_000), (date(2020, 3, 20), 10_000_000), (date(2022, 3, 18), 100_000_000))
"""most that one same-day entry may hold, from each date on; Nacha consults on 10,000,000 dollars"""


class CutOffs(Struct, frozen=True, kw_only=True):
    """The cut-offs of one hospital at one bank: how long before the operator's deadline entries must be in."""

    bank_lead_minutes: int = 30
    """the bank wants files so long before the operator's deadline"""
    hospital_lead_minutes: int = 15
    """the hospital closes its list so long before that"""
    same_day_windows: tuple[str, ...] = ("SD1300", "SD1700", "SD1800")
    """the windows this bank offers"""
    next_day: time = time(19, 0)
    """the bank takes files for the next banking day until then"""
    limits_cents: tuple[tuple[date, int], ...] = SAME_DAY_LIMITS_CENTS

    def lead(self) -> timedelta:
        """Both leads together."""
        return timedelta(minutes=self.bank_lead_minutes + self.hospital_lead_minutes)


class CutOff(Struct, frozen=True):
    """One cut-off: the list closes at `closes`, for entries that settle at `settles` (New York time, zone set)."""

    window: str
    """code of the same-day window, or `next day`"""
    closes: datetime
    settles: datetime


class Plan(Struct, frozen=True):
    """When an entry goes out, the dates it carries, and why."""

    cut_off: CutOff
    effective_entry_date: date
    settlement_date: date
    same_day: bool
    explanation: str


def cut_offs(rules: CutOffs, day: date) -> list[CutOff]:
    """The cut-offs of this date in order of time; none when it is no banking day."""
    if not is_banking_day(day):
        return []
    found = [
        CutOff(window.code, _at(day, window.deadline) - rules.lead(), _at(day, window.settles))
        for window in WINDOWS
        if window.code in rules.same_day_windows
    ]
    closes = _at(day, rules.next_day) - timedelta(minutes=rules.hospital_lead_minutes)
    found.append(CutOff(NEXT_DAY, closes, _at(first_banking_day_after(day), NEXT_DAY_SETTLES)))
    return sorted(found, key=lambda cut_off: cut_off.closes)


def plan(rules: CutOffs, now: datetime, *, sec: str, amount_cents: int, same_day: bool) -> Plan:
    """The next cut-off for an entry that is ready now. `now` has a zone; a zoneless one is a ValueError.

    An entry that may not settle on the same day, or comes after the day's last window, settles on the next banking
    day; one that comes after the day's last cut-off, or on no banking day, waits for the next banking day's.
    """
    if now.tzinfo is None:
        raise ValueError("now must have a time zone")
    local = now.astimezone(NEW_YORK)
    reason = _why_not_same_day(rules, local, sec, amount_cents, same_day)
    day = local.date()
    while True:
        for cut_off in cut_offs(rules, day):
            if local <= cut_off.closes and (cut_off.window == NEXT_DAY or not reason):
                return _plan(cut_off, reason or _too_late(rules, local))
        day = roll_forward(day + timedelta(days=1))


def _plan(cut_off: CutOff, reason: str) -> Plan:
    settlement = cut_off.settles.date()
    same_day = cut_off.window != NEXT_DAY
    if same_day:
        closes, settles = f"{cut_off.closes:%Y-%m-%d %H:%M}", f"{cut_off.settles:%H:%M}"
        explanation = f"same day: window {cut_off.window} closes {closes} and settles at {settles}"
    else:
        explanation = f"next day: {reason}"
    return Plan(cut_off, settlement, settlement, same_day, explanation)


def _why_not_same_day(rules: CutOffs, now: datetime, sec: str, amount_cents: int, asked: bool) -> str:
    """The reason against the same day, or empty."""
    if not asked:
        return "same day was not asked for"
    if sec in NOT_SAME_DAY:
        return f"{sec} entries are not eligible"
    limit = max((cents for since, cents in rules.limits_cents if since <= now.date()), default=0)
    if amount_cents > limit:
        return f"over ${limit // 100:,}"
    if not rules.same_day_windows:
        return "the bank offers no same-day window"
    return ""


def _too_late(rules: CutOffs, now: datetime) -> str:
    """Why an entry that could settle on the same day does not."""
    if not is_banking_day(now.date()):
        return f"{now.date()} is no banking day"
    last = max(cut_off.closes for cut_off in cut_offs(rules, now.date()) if cut_off.window != NEXT_DAY)
    return f"the last window closed at {last:%H:%M}"


def send_days(effective: date, *, is_debit: bool) -> tuple[date, date]:
    """The first and the last banking day on which a file for this effective date may be sent for next-day settlement.

    Sent earlier it comes back as R18. ValueError when `effective` is no banking day.
    """
    if not is_banking_day(effective):
        raise ValueError(f"{effective} is no banking day")
    return add_banking_days(effective, -1 if is_debit else -2), add_banking_days(effective, -1)


def settlement_date(julian: str, processed: date) -> date | None:
    """The date that the operator's three digits in a batch header mean: the day of the year next to `processed`.

    None when they are blank or no day of a year.
    """
    if not (julian.isascii() and julian.isdigit() and 1 <= int(julian) <= 366):
        return None
    years = range(processed.year - 1, processed.year + 2)
    days = [date(year, 1, 1) + timedelta(days=int(julian) - 1) for year in years]
    real = [day for year, day in zip(years, days, strict=True) if day.year == year]  # only leap years have a day 366
    nearest = min(real, key=lambda day: abs((day - processed).days), default=None)
    return nearest if nearest is not None and abs((nearest - processed).days) <= HALF_A_YEAR_DAYS else None


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, NEW_YORK)
