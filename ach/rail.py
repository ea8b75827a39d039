"""The ACH rail as the ledger's decisions see it (`ledger.policy.Rail`): codes, banking days, re-presentment dates.

It is asked several times for every event, with few different days, so every answer is kept in a plain dict. New
York's offset from UTC is whole hours, so an instant's date and hour depend on its UTC hour alone.
"""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

from ach.calendar import add_banking_days, is_banking_day, roll_forward
from ach.codes import Action, CountsAs, Ends, ReturnKind, return_code
from ach.deadlines import apply_change_by, contest_by, corrected_entry_by, dishonor_by, prenote_answer_by, return_deadline
from ach.representment import RetryRules, retry_date
from ach.zone import to_ms, to_new_york
from ledger import standing
from ledger.policy import Retry, ReturnAction

HOUR_MS = 3_600_000
MEMO_ENTRIES_MAX = 100_000
"""a memo this full is emptied: real days and hours are few, hostile input must not fill the memory"""

_LEDGER_ACTIONS = {Action.WORKFLOW: Action.INVESTIGATE, Action.NOT_OURS: Action.INVESTIGATE}
"""disputes between institutions and codes of entry classes that are not ours go to a person"""
_BARS = {Ends.NOTHING: "", Ends.INSTRUMENT: standing.INSTRUMENT, Ends.AUTHORIZATION: standing.AUTHORIZATION}
_ALERTED = frozenset({"R16", "R17", "R24", "R90"})
"""frozen, questionable, sent twice by us, sanctions: risk teams should know of each"""
_DUTIES: dict[str, Callable[[date], date]] = {
    standing.DISHONOR: dishonor_by,
    standing.CONTEST: contest_by,
    standing.CORRECTED_ENTRY: corrected_entry_by,
    standing.CHANGE: apply_change_by,
    standing.PRENOTE: prenote_answer_by,
}


class AchRail:
    """Knowledge of the ACH rail; implements `ledger.policy.Rail`. Answers depend on arguments and settings alone."""

    def __init__(
        self,
        *,
        retry_days: int = 5,
        retries_max: int = 2,
        retry_window_days: int = 180,
        payday_search_days: int = 0,
        r11_counts_as_unauthorized: bool = True,
    ) -> None:
        """Refuses (ValueError) retry settings wider than Nacha's: see `ach.representment.RetryRules`."""
        self._retry = RetryRules(
            delay_days=retry_days,
            payday_search_days=payday_search_days,
            retries_max=retries_max,
            window_days=retry_window_days,
        )
        self._r11_counts_as_unauthorized = r11_counts_as_unauthorized
        self._actions: dict[str, ReturnAction] = {}
        self._hours: dict[int, tuple[str, int, str]] = {}
        self._banking_days: dict[str, bool] = {}
        self._shifted: dict[tuple[str, int], str] = {}
        self._starts: dict[str, int] = {}
        self._retries: dict[tuple[int, str, RetryRules], int | None] = {}

    def return_action(self, code: str) -> ReturnAction:
        """Meaning of a return reason code; an unknown code gives `known=False` and action IN."""
        found = self._actions.get(code)
        if found is None:
            found = self._actions[code] = self._return_action(code)
            _bound(self._actions)
        return found

    def business_date(self, at_ms: int) -> str:
        """The banking day an instant belongs to: the New York date, or the next banking day after it."""
        found = self._hours.get(at_ms // HOUR_MS)
        return found[0] if found is not None else self._hour(at_ms)[0]

    def local_date(self, at_ms: int) -> str:
        """The date in America/New_York, banking day or not."""
        found = self._hours.get(at_ms // HOUR_MS)
        return found[2] if found is not None else self._hour(at_ms)[2]

    def local_hour(self, at_ms: int) -> int:
        """Hour 0-23 in America/New_York."""
        found = self._hours.get(at_ms // HOUR_MS)
        return found[1] if found is not None else self._hour(at_ms)[1]

    def is_banking_day(self, day: str) -> bool:
        """Whether the Federal Reserve settles on this date; ValueError when `day` is no ISO date."""
        found = self._banking_days.get(day)
        if found is None:
            found = self._banking_days[day] = is_banking_day(date.fromisoformat(day))
            _bound(self._banking_days)
        return found

    def add_banking_days(self, day: str, count: int) -> str:
        """The date `count` banking days after (or before, if negative) `day`; 0 rolls forward to a banking day."""
        key = (day, count)
        found = self._shifted.get(key)
        if found is None:
            found = self._shifted[key] = add_banking_days(date.fromisoformat(day), count).isoformat()
            _bound(self._shifted)
        return found

    def start_of_day_ms(self, day: str) -> int:
        """Midnight of this date in New York, as an instant."""
        found = self._starts.get(day)
        if found is None:
            found = self._starts[day] = to_ms(date.fromisoformat(day), time())
            _bound(self._starts)
        return found

    def return_deadline(self, code: str, settled_on: str) -> str:
        """The last date on which a return with this code of an entry settled on that date is in time; empty when there is none."""
        last = return_deadline(code, date.fromisoformat(settled_on))
        return last.isoformat() if last is not None else ""

    def duty_deadline(self, duty: str, day: str) -> str:
        """The last date for a duty (`ledger.standing`) that counts from `day`."""
        return _DUTIES[duty](date.fromisoformat(day)).isoformat()

    def may_retry_on(self, day: str, first_settlement_date: str) -> bool:
        """Whether a re-presentment on this date is within the window after the original entry's settlement."""
        window = timedelta(days=self._retry.window_days)
        return date.fromisoformat(day) <= date.fromisoformat(first_settlement_date) + window

    def retry_at_ms(self, returned_at_ms: int, attempts: int, first_settlement_date: str, terms: Retry | None = None) -> int | None:
        """When to re-present an R01/R09 return: midnight, New York, of a banking day; None when the limits forbid it.

        `attempts` counts the re-presentments already made: 0 when the original entry came back. A rule book's `terms` narrow the rail's
        own limits and choose the day; without any the rail's settings do.
        """
        rules = self._retry
        if terms is not None:
            rules = RetryRules(
                delay_days=terms.delay_days,
                payday_search_days=terms.payday_search_days,
                retries_max=min(rules.retries_max, terms.retries_max),
                window_days=min(rules.window_days, terms.window_days),
            )
        if attempts >= rules.retries_max:
            return None
        key = (returned_at_ms // HOUR_MS, first_settlement_date, rules)
        if key not in self._retries:
            due = retry_date(rules, to_new_york(returned_at_ms).date(), date.fromisoformat(first_settlement_date))
            _bound(self._retries)
            self._retries[key] = None if due is None else self.start_of_day_ms(due.isoformat())
        return self._retries[key]

    def _hour(self, at_ms: int) -> tuple[str, int, str]:
        local = to_new_york(at_ms)
        answer = (roll_forward(local.date()).isoformat(), local.hour, local.date().isoformat())
        _bound(self._hours)
        self._hours[at_ms // HOUR_MS] = answer
        return answer

    def _return_action(self, code: str) -> ReturnAction:
        row = return_code(code)
        unauthorized = row.counts_as is CountsAs.UNAUTHORIZED
        if code == "R11":
            unauthorized = self._r11_counts_as_unauthorized
        action = _LEDGER_ACTIONS.get(row.action, row.action)
        return ReturnAction(
            code,
            row.reason,
            action.value,
            unauthorized,
            row.kind is not ReturnKind.UNKNOWN,
            bars=_BARS[row.ends],
            alert=row.reason if code in _ALERTED else "",
            speaks_in=row.kind.value,
        )


def _bound(memo: dict[Any, Any]) -> None:
    if len(memo) >= MEMO_ENTRIES_MAX:
        memo.clear()
