"""Windows that cross accounts: what a hospital, and a patient at one hospital, did within a minute and up to 90 days of event time.

They are advisory: they raise alerts and hold nothing. Windows stand still (they begin at full minutes, hours, UTC days and every 7, 30 and
90 days), so an event counts in the same window whenever it comes, and a window raises an alert once. All of it can be made again from the
events.

An hour, a day and seven days are always counted; the other spans only when a watch asks for them. For a span that was not counted before,
the owner of the windows reads the events again: see `lacks`.
"""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from ledger.hospital_events import AnyHospitalEvent, HospitalPayment, HospitalPolicy, HospitalReturn
from ledger.ids import window_alert_id
from rules.compile import CompiledBook, compile_book
from rules.explain import dollars
from rules.rulebook import Watch

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
SPANS_MS = MappingProxyType(
    {"1m": 60_000, "1h": _HOUR_MS, "1d": _DAY_MS, "7d": 7 * _DAY_MS, "30d": 30 * _DAY_MS, "90d": 90 * _DAY_MS},
)
_NAMES = {"1m": "minute", "1h": "hour", "1d": "day", "7d": "seven days", "30d": "30 days", "90d": "90 days"}
Kind = tuple[str, str]
"""(hospital or patient, span)"""
ALWAYS: frozenset[Kind] = frozenset((of, span) for of in ("hospital", "patient") for span in ("1h", "1d", "7d"))
LATE_MS = _DAY_MS
"""A window is kept for so long behind its end; what comes later is not counted any more."""
SEEN_MAX = 50_000
"""Events remembered by their ids: the relay repeats a few seconds' worth after a crash, at most."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Counts:
    """One window."""

    __slots__ = ("_account", "_others", "cents", "largest_cents", "payments", "returns")

    def __init__(self) -> None:
        self.payments = self.cents = self.returns = self.largest_cents = 0
        self._account = ""
        self._others: set[str] | None = None
        """nearly every window of a patient has one account, and needs no set"""

    @property
    def accounts(self) -> int:
        """How many accounts the payments are of."""
        return bool(self._account) + len(self._others or ())

    def paid(self, event: HospitalPayment) -> None:
        """Count a payment."""
        self.payments += 1
        self.cents += event.cents
        self.largest_cents = max(self.largest_cents, event.cents)
        self._account = self._account or event.account
        if event.account != self._account:
            self._others = self._others or set()
            self._others.add(event.account)


class WindowAlert(NamedTuple):
    """A window went beyond what its watch calls usual, by this event."""

    id: str
    watch: Watch
    policy: str
    subject: str
    """hospital, or patient"""
    start_ms: int
    explanation: str
    event: HospitalPayment | HospitalReturn


def kinds_of(watches: Iterable[Watch]) -> frozenset[Kind]:
    """What these watches look at beside what is always counted."""
    return frozenset((watch.of, watch.span) for watch in watches) - ALWAYS


class HospitalWindows:
    """The windows of all hospitals in one partition; events in the order of the topic. `whole` is counted from the first, like `ALWAYS`."""

    def __init__(self, default_text: str, whole: frozenset[Kind] = frozenset()) -> None:
        self.whole = whole
        self._counted = tuple(sorted(ALWAYS | whole))
        self._windows: dict[tuple[str, str, str, int], Counts] = {}
        """(hospital, patient or empty, span, start)"""
        self._ends: dict[int, list[tuple[str, str, str, int]]] = {}
        """when windows are forgotten, and which: millions of long ones are not looked at every hour"""
        self._raised: set[str] = set()
        self._raised_until: list[tuple[int, str]] = []
        self._seen: OrderedDict[tuple[str, str, int], None] = OrderedDict()
        self._newest_ms = 0
        self.policy = ""
        self._watches: tuple[Watch, ...] = ()
        self._adopt(default_text)

    @property
    def lacks(self) -> frozenset[Kind]:
        """What the watches in force look at, and is counted only since they are, or not at all."""
        return kinds_of(self._watches) - self.whole

    def take(self, event: AnyHospitalEvent) -> list[WindowAlert]:
        """Count an event; the alerts that it raises."""
        if isinstance(event, HospitalPolicy):
            self._adopt(event.text)
            return []
        key = (type(event).__name__, event.transaction_id, event.at_ms)
        if key in self._seen:
            return []
        self._seen[key] = None
        if len(self._seen) > SEEN_MAX:
            self._seen.popitem(last=False)
        if event.at_ms // _HOUR_MS > self._newest_ms // _HOUR_MS:
            self._newest_ms = event.at_ms
            self._forget()
        return self._count(event)

    def counts(self, hospital_id: str, span: str, at_ms: int, patient_id: str = "") -> Counts:
        """The window that holds this instant."""
        return self._windows.get((hospital_id, patient_id, span, _start(at_ms, span)), Counts())

    def _count(self, event: HospitalPayment | HospitalReturn) -> list[WindowAlert]:
        for of, span in self._counted:
            start_ms = _start(event.at_ms, span)
            patient = event.patient_id if of == "patient" else ""
            if start_ms + SPANS_MS[span] + LATE_MS <= self._newest_ms or (of == "patient" and not patient):
                continue
            key = event.hospital_id, patient, span, start_ms
            window = self._windows.get(key)
            if window is None:
                window = self._windows[key] = Counts()
                self._ends.setdefault(start_ms + SPANS_MS[span] + LATE_MS, []).append(key)
            if type(event) is HospitalPayment:
                window.paid(event)
            else:
                window.returns += 1
        return [alert for watch in self._watches if (alert := self._look(watch, event)) is not None]

    def _look(self, watch: Watch, event: HospitalPayment | HospitalReturn) -> WindowAlert | None:
        patient = event.patient_id if watch.of == "patient" else ""
        start_ms = _start(event.at_ms, watch.span)
        window = self._windows.get((event.hospital_id, patient, watch.span, start_ms))
        beyond = _beyond(watch, window) if window is not None else ""
        if not beyond:
            return None
        subject = f"{event.hospital_id}|{patient}" if patient else event.hospital_id
        identity = window_alert_id(subject, watch.name, start_ms)
        if identity in self._raised:
            return None
        self._raised.add(identity)
        self._raised_until.append((start_ms + SPANS_MS[watch.span] + LATE_MS, identity))
        who = f"Patient {patient} at hospital {event.hospital_id}" if patient else f"Hospital {event.hospital_id}"
        begins = (_EPOCH + timedelta(milliseconds=start_ms)).strftime("%Y-%m-%d %H:%M")
        explanation = f"{who} had {beyond} in the {_NAMES[watch.span]} from {begins} UTC."
        return WindowAlert(identity, watch, self.policy, patient or event.hospital_id, start_ms, explanation, event)

    def _adopt(self, text: str) -> None:
        """The watches of a rule book; a text that this program cannot read leaves the last ones in force."""
        book = compile_book(text)
        if isinstance(book, CompiledBook):
            self.policy, self._watches = book.version, book.book.watches
            self._counted = tuple(sorted(ALWAYS | self.whole | kinds_of(self._watches)))

    def _forget(self) -> None:
        now_ms = self._newest_ms
        for end_ms in [each for each in self._ends if each <= now_ms]:
            for key in self._ends.pop(end_ms):
                del self._windows[key]
        self._raised -= {identity for until_ms, identity in self._raised_until if until_ms <= now_ms}
        self._raised_until = [each for each in self._raised_until if each[0] > now_ms]


def _start(at_ms: int, span: str) -> int:
    return at_ms - at_ms % SPANS_MS[span]


def _beyond(watch: Watch, window: Counts) -> str:
    """What is beyond the usual, in words; empty when nothing is."""
    if watch.payments is not None and window.payments > watch.payments:
        return f"{window.payments:,} payments; more than {watch.payments:,} is unusual"
    if watch.amount_cents is not None and window.cents > watch.amount_cents:
        return f"payments of {dollars(window.cents)} together; more than {dollars(watch.amount_cents)} is unusual"
    if watch.returns is not None and window.returns > watch.returns:
        return f"{window.returns:,} returned payments; more than {watch.returns:,} is unusual"
    if watch.largest_cents is not None and window.largest_cents > watch.largest_cents:
        return f"a payment of {dollars(window.largest_cents)}; more than {dollars(watch.largest_cents)} is unusual"
    if watch.accounts is not None and window.accounts > watch.accounts:
        return f"payments of {window.accounts:,} accounts; more than {watch.accounts:,} is unusual"
    return ""
