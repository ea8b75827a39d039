"""KPIs worked out once more, from the journal's records alone: plain loops over effects, no SQL, nothing shared with what is tested."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import sqrt
from typing import Any, NamedTuple

from ach.rail import AchRail
from journal.topics import CLOCK, INPUTS, OPERATIONS
from ledger import effects as fx
from ledger.record import Entry

UNAUTHORIZED = {"R05", "R07", "R10", "R11", "R29", "R51"}
ADMINISTRATIVE = {"R02", "R03", "R04"}
DAY_MS = 86_400_000


class Step(NamedTuple):
    """An effect with what is known of its entry."""

    day: str
    at_ms: int
    written_ms: int
    topic: str
    effect: Any


class Payment:
    """A payment's effects in order."""

    def __init__(self) -> None:
        self.begun: Step | None = None
        self.steps: list[Step] = []

    @property
    def status(self) -> str:
        """Where it stands."""
        return next((step.effect.status for step in reversed(self.steps) if hasattr(step.effect, "status")), "received")

    def first(self, status: str, kind: type) -> Step | None:
        """The first step of this kind to this status."""
        return next((step for step in self.steps if isinstance(step.effect, kind) and getattr(step.effect, "status", "") == status), None)


class Oracle:
    """All entries of a journal, read once. `since`, `until`: business dates, ISO, both included."""

    def __init__(self, entries: Iterable[tuple[int, int, Entry]], since: str, until: str, as_of_ms: int, hospital: str = "") -> None:
        self.since, self.until, self.as_of_ms, self.hospital = since, until, as_of_ms, hospital
        day = AchRail().business_date
        self.payments: dict[str, Payment] = defaultdict(Payment)
        self.steps: list[tuple[str, Step]] = []
        self.reviews: list[tuple[str, str]] = []
        for _, written_ms, entry in entries:
            topic = INPUTS[entry.source]
            refused = bool(entry.effects) and isinstance(entry.effects[0], fx.Refused | fx.DeadLettered)
            if topic == OPERATIONS and entry.ordinal == 0 and not refused:
                self.reviews.append((entry.account, day(entry.at_ms)))
            for effect in entry.effects:
                step = Step(day(entry.at_ms), entry.at_ms, written_ms, topic, effect)
                self.steps.append((entry.account, step))
                if isinstance(effect, fx.PaymentInitiated):
                    self.payments[effect.transaction_id].begun = step
                if isinstance(effect, fx.Decided | fx.Moved | fx.EntryDue | fx.RetryScheduled):
                    self.payments[effect.transaction_id].steps.append(step)

    def of(self, *kinds: type) -> list[tuple[str, Step]]:
        """Steps of these kinds, with their accounts."""
        return [(account, step) for account, step in self.steps if isinstance(step.effect, kinds)]

    def begun(self) -> list[tuple[str, Payment]]:
        """Payments asked for in the period."""
        return [
            (name, p)
            for name, p in self.payments.items()
            if p.begun and self.since <= p.begun.day <= self.until and self._here(p.begun.effect.hospital_id)
        ]

    def approval_time(self) -> dict[str, Any]:
        seconds, late = [], 0
        for _, p in self.begun():
            assert p.begun
            approved = p.first("approved", fx.Decided)
            if approved:
                loaded_late = approved.written_ms // 1000 - approved.at_ms // 1000 > 86_400
                end_ms = approved.at_ms if loaded_late else approved.written_ms
                seconds.append(max(0, end_ms - p.begun.at_ms) / 1000)
            elif p.status in {"received", "held"} and self.as_of_ms - p.begun.at_ms >= 300_000:
                late += 1
        fast = sum(s < 300 for s in seconds)
        n = len(seconds) + late
        return {"fast": fast, "n": n, "fast_percent": round(100 * fast / n, 2), "p90_seconds": sorted(seconds)[int(len(seconds) * 0.9)]}

    def manual_adjustments(self) -> dict[str, Any]:
        actions = sum(self.since <= day <= self.until for _, day in self.reviews)
        n = len(self.begun())
        return {"actions": actions, "n": n, "per_thousand": round(1000 * actions / n, 2)}

    def exceptions(self) -> dict[str, Any]:
        open_ones: dict[str, Step] = {}
        ever = set()
        for _, step in self.of(fx.ExceptionOpened, fx.ExceptionClosed):
            identity = step.effect.exception_id
            if isinstance(step.effect, fx.ExceptionClosed):
                open_ones.pop(identity, None)
            elif self._here(step.effect.hospital_id):
                open_ones[identity] = step
                ever.add(identity)
        hours = [(self.as_of_ms - step.at_ms) / 3_600_000 for step in open_ones.values()]
        return {
            "open": len(open_ones),
            "n": len(ever),
            "open_amount": sum(step.effect.amount_cents for step in open_ones.values()),
            "over_30": sum(h >= 720 for h in hours),
        }

    def debits(self) -> list[tuple[fx.EntryDue, str, str, bool]]:
        """Debit entries of the window: (entry, day of origination, return code or nothing, settled for good)."""
        found = []
        for p in self.payments.values():
            statuses = [step.effect.status for step in p.steps if isinstance(step.effect, fx.Moved)]
            if "canceled" in statuses and "submitted" not in statuses:
                continue
            dues = [number for number, step in enumerate(p.steps) if isinstance(step.effect, fx.EntryDue) and step.effect.side == "debit"]
            for number, following in pairwise([*dues, len(p.steps)]):
                due = p.steps[number]
                later = [step for step in p.steps[number:following] if isinstance(step.effect, fx.Moved)]
                codes = [s.effect.code for s in later if s.effect.status in {"returned", "charged_back"} and s.topic != CLOCK]
                settled = any(s.effect.status == "settled" for s in later)
                if self._in_window(due.day) and self._here(due.effect.hospital_id):
                    found.append((due.effect, due.day, codes[0] if codes else "", settled and not codes))
        return found

    def rate(self, codes: set[str] | None, limit_basis_points: int) -> dict[str, Any]:
        debits = self.debits()
        n = len(debits)
        k = sum(bool(code) if codes is None else code in codes for _, _, code, _ in debits)
        low, high = wilson(k, n)
        more = 0
        while (k + more) * 10_000 <= n * limit_basis_points:
            more += 1
        return {
            "n": n,
            "returns": k,
            "rate_percent": round(100 * k / n, 3),
            "low_percent": round(100 * low, 3),
            "high_percent": round(100 * high, 3),
            "returns_until_breach": more,
        }

    def retry_success(self) -> dict[str, Any]:
        again = [(code, settled) for due, _, code, settled in self.debits() if due.attempt > 1]
        settled = sum(done for _, done in again)
        n = settled + sum(bool(code) for code, _ in again)
        return {"n": n, "settled_entries": settled, "settled_percent": round(100 * settled / n, 2) if n else None}

    def money_in(self) -> list[tuple[int, int]]:
        """(received, matched) of each source of the period."""
        matched: dict[str, int] = defaultdict(int)
        for _, step in self.of(fx.Matched, fx.Unmatched):
            sign = 1 if isinstance(step.effect, fx.Matched) else -1
            matched[step.effect.source_id] += sign * step.effect.amount_cents
        found = []
        for name, p in self.payments.items():
            if p.begun is None or p.begun.effect.direction != "repayment" or not self._here(p.begun.effect.hospital_id):
                continue
            settled = [s for s in p.steps if isinstance(s.effect, fx.Moved) and s.effect.status == "settled" and s.topic != CLOCK]
            if p.status in {"settled", "completed"} and any(self.since <= s.day <= self.until for s in settled):
                found.append((p.begun.effect.amount_cents, matched[name]))
        found += [
            (step.effect.amount_cents, matched[step.effect.deposit_id])
            for _, step in self.of(fx.DepositReceived)
            if self.since <= step.day <= self.until and self._here(step.effect.hospital_id)
        ]
        return found

    def match_rate(self) -> dict[str, Any]:
        money = self.money_in()
        received, matched = sum(r for r, _ in money), sum(m for _, m in money)
        full = sum(r == m for r, m in money)
        return {
            "n": len(money),
            "matched_in_full": full,
            "matched_percent": round(100 * full / len(money), 2),
            "matched_percent_of_money": round(100 * matched / received, 2),
        }

    def suspense(self) -> dict[str, Any]:
        lies: dict[str, int] = defaultdict(int)
        for _, step in self.of(fx.Suspended):
            lies[step.effect.source_id] += step.effect.amount_cents
        held = [cents for cents in lies.values() if cents > 0]
        return {"n": len(held), "suspended_amount": sum(held)}

    def straight_through(self) -> dict[str, Any]:
        owed: dict[str, int] = defaultdict(int)
        paid: dict[str, int] = defaultdict(int)
        closed: dict[str, str] = {}
        for account, step in self.of(fx.BalanceOpened):
            if self._here(step.effect.hospital_id):
                owed[account] += step.effect.amount_cents
        for account, step in self.of(fx.Matched, fx.Unmatched):
            if isinstance(step.effect, fx.Matched):
                paid[account] += step.effect.amount_cents
                closed[account] = max(closed.get(account, ""), step.day)
            else:
                paid[account] -= step.effect.amount_cents
        touched = {account for account, _ in self.reviews}
        done = [a for a in owed if owed[a] == paid[a] and self.since <= closed.get(a, "") <= self.until]
        return {"n": len(done), "untouched": sum(a not in touched for a in done)}

    def volume(self) -> dict[str, tuple[int, int]]:
        """By step: how many and how much over the whole period."""
        found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for p in self.payments.values():
            if p.begun is None or not self._here(p.begun.effect.hospital_id):
                continue
            steps = [("initiated", p.begun)]
            for step in p.steps:
                status = getattr(step.effect, "status", "")
                if isinstance(step.effect, fx.Decided) and status == "approved":
                    steps.append(("approved", step))
                elif isinstance(step.effect, fx.Moved):
                    steps.append(("returned" if status in {"returned", "charged_back"} else status, step))
            for name, step in steps:
                if self.since <= step.day <= self.until and step.topic != CLOCK:
                    count, cents = found[name]
                    found[name] = (count + 1, cents + p.begun.effect.amount_cents)
        return found

    def fee_income(self) -> dict[str, Any]:
        posted = [(account, s.effect) for account, s in self.of(fx.Posted) if self._now(s) and self._here(s.effect.hospital_id)]
        fees, interest = (sum(e.amount_cents for _, e in posted if e.credit == name) for name in ("fees", "interest"))
        waived = sum(e.amount_cents for _, e in posted if e.debit in {"fees", "interest"})
        charges = {(account, s.effect.balance_id) for account, s in self.of(fx.Charged) if self._here(s.effect.hospital_id)}
        paid = [(account, s.effect) for account, s in self.of(fx.Matched, fx.Unmatched) if self._now(s)]
        collected = [
            e.amount_cents if isinstance(e, fx.Matched) else -e.amount_cents for account, e in paid if (account, e.balance_id) in charges
        ]
        return {
            "n": sum(e.credit in {"fees", "interest"} for _, e in posted),
            "fees_amount": fees,
            "interest_amount": interest,
            "waived_amount": waived,
            "income_amount": fees + interest - waived,
            "collected_amount": sum(collected),
        }

    def postings(self) -> int:
        return sum(self.since <= s.day <= self.until and self._here(s.effect.hospital_id) for _, s in self.of(fx.Posted))

    def _now(self, step: Step) -> bool:
        return self.since <= step.day <= self.until

    def _here(self, hospital: str) -> bool:
        return self.hospital in {"", hospital}

    def _in_window(self, day: str) -> bool:
        first = (date.fromisoformat(self.until) - timedelta(days=59)).isoformat()
        return first <= day <= self.until


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's score interval at 95 %."""
    z, p = 1.96, k / n
    middle = p + z * z / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def iso(at_ms: int) -> str:
    """RFC 3339 of an instant."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
