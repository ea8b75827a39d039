"""The demo: CREDIT's schedule, a bank that answers the ledger's entries, and people who review what is held, on one clock."""

import time
from collections.abc import Callable, Iterator
from itertools import dropwhile

from journal.settings import Settings
from simulator import state as states
from simulator import visits
from simulator.bank import Bank, Span
from simulator.early import settle_first
from simulator.feed import Decision, Feed
from simulator.message import Entry, Message
from simulator.noise import Rates, disturb
from simulator.pace import Pace, Unanswered, next_tick
from simulator.planned import Diary
from simulator.reviewers import review
from simulator.schedule import credit, script
from simulator.sender import Sender
from simulator.state import State
from simulator.statements import ticks
from simulator.world import World

SAVE_SECONDS = 5.0
IDLE_SECONDS = 0.05
LIVE_LAG_MS = 5_000
"""real time begins where the simulation is no further behind the wall clock than this"""
STOP_SECONDS = 1.0
APPROVED = "approved"

Tell = Callable[[str], None]


class Simulation:
    """One run. Everything random comes from the state's seed; the wall clock only says how far simulated time may go."""

    def __init__(
        self, state: State, settings: Settings, sender: Sender, feed: Feed, pace: Pace, rate: float, rates: Rates, tell: Tell
    ) -> None:
        """`rate`: events a second in real time. `rates`: the faults. `tell` hears of what people should know."""
        world = World(state.seed, state.accounts, Span(state.start_ms, state.live_from_ms))
        self._state = state
        self._settings = settings
        self._sender = sender
        self._feed = feed
        self._pace = pace
        self._rate = rate
        self._rates = rates
        self._tell = tell
        self._bank = Bank(world.seed, world.span, script(world))
        self._diary = Diary(state.planned)
        self._credit: Iterator[Message] = dropwhile(lambda message: message.at_ms <= state.position_ms, credit(world, self._bank, rates))
        self._next = next(self._credit)
        self._unanswered = Unanswered()
        self._withdrawn: dict[str, int] = {}
        self._waited_since = time.monotonic()
        self._saved_at = time.monotonic()
        self.sent = 0

    def run(self, stopped: Callable[[], bool], events_max: int = 0) -> None:
        """Go on until `stopped`, or until so many events are sent; what is sent is acknowledged and noted when it returns."""
        before = time.monotonic()
        while not stopped() and not (events_max and self.sent >= events_max):
            now = time.monotonic()
            self._step(now - before)
            before = now
        self._sender.flush(STOP_SECONDS)
        self._save()

    def _step(self, elapsed_seconds: float) -> None:
        now_ms = time.time_ns() // 1_000_000
        until_ms = self._pace.advance(
            self._state.position_ms, elapsed_seconds, now_ms, self._state.next_tick_ms, self._unanswered.limit_ms()
        )
        if now_ms - until_ms < LIVE_LAG_MS:
            self._receive_visitors(until_ms)
        if self._send_until(until_ms) or until_ms == self._state.next_tick_ms:
            self._sender.flush()
        if until_ms == self._state.next_tick_ms:
            self._tick(until_ms, now_ms)
        moved = until_ms > self._state.position_ms
        self._state.position_ms = until_ms
        self._wait_patiently(moved=moved)
        self._listen(self._pace.nap_seconds if moved and now_ms - until_ms >= LIVE_LAG_MS else IDLE_SECONDS)
        if time.monotonic() - self._saved_at > SAVE_SECONDS:
            self._save()

    def _send_until(self, until_ms: int) -> int:
        """Send what is due, by time; how many messages."""
        before = self.sent
        while True:
            planned_ms = self._diary.next_ms()
            if planned_ms is not None and planned_ms <= min(until_ms, self._next.at_ms):
                self._send(self._diary.take())
            elif self._next.at_ms <= until_ms:
                self._send(self._next)
                self._next = next(self._credit)
            else:
                return self.sent - before

    def _send(self, message: Message) -> None:
        self._sender.send(message)
        self.sent += 1
        if message.entry is not None:
            self._unanswered.asked(message.entry.transaction_id, message.at_ms)
        if message.reviews:
            self._unanswered.asked(message.reviews, message.at_ms)
        if message.withdraws:
            self._withdrawn[message.withdraws] = message.at_ms
            self._diary.withdraw(message.withdraws)

    def _tick(self, at_ms: int, now_ms: int) -> None:
        for message in ticks(at_ms, self._settings.partitions):
            self._sender.send(message)
        self._state.next_tick_ms = next_tick(at_ms, now_ms)

    def _wait_patiently(self, *, moved: bool) -> None:
        """A ledger that does not answer holds up the history, but not for ever."""
        now = time.monotonic()
        if moved or self._unanswered.limit_ms() is None:
            self._waited_since = now
        elif now - self._waited_since > self._pace.patience_seconds:
            waited = now - self._waited_since
            self._tell(f"{self._unanswered.give_up()} payments are unanswered after {waited:.0f} s; going on without.")

    def _listen(self, seconds: float) -> None:
        for said in self._feed.poll(seconds):
            if isinstance(said, Entry):
                self._unanswered.answered(said.transaction_id)
                self._answer(said)
            elif said.status != APPROVED:  # its entry follows
                self._unanswered.answered(said.transaction_id)
                self._review(said)

    def _answer(self, entry: Entry) -> None:
        """The bank's answers, unless CREDIT withdrew the payment before its file was cut; the ledger may hear of both late."""
        answers = self._bank.answers(entry)
        withdrawn_ms = self._withdrawn.get(entry.transaction_id)
        if withdrawn_ms is None or answers[0].at_ms < withdrawn_ms:
            self._diary.plan(answers, entry.transaction_id)

    def _review(self, decision: Decision) -> None:
        if decision.status == "held":
            live = decision.at_ms >= self._state.live_from_ms
            planned = review(self._state.seed, decision.account, decision.transaction_id, decision.at_ms, live, decision.reason)
            self._diary.plan([planned], decision.transaction_id)
        elif decision.status == "canceled":
            self._diary.forget(decision.transaction_id)

    def _receive_visitors(self, until_ms: int) -> None:
        """Visits begin at their rate once real time is reached; those of a time when nobody ran the simulation never were."""
        state = self._state
        pool = state.accounts * visits.POOL_FACTOR
        state.next_visit_ms = max(state.next_visit_ms, until_ms - LIVE_LAG_MS)
        while state.next_visit_ms <= until_ms:
            story = visits.visit(state.seed, pool, state.visits, state.next_visit_ms)
            name = f"{state.seed}/visit/{state.visits}"
            self._diary.plan(disturb(f"{name}/noise", settle_first(f"{name}/early", self._bank, story), self._rates))
            events = visits.EVENTS_OF_FIRST_VISIT if state.visits < pool else visits.EVENTS_OF_VISIT
            state.visits += 1
            state.next_visit_ms += int(1000 * events / self._rate)

    def _save(self) -> None:
        self._state.offsets = self._feed.offsets
        self._state.planned = self._diary.planned()
        states.save(self._settings.data_dir, self._state)
        self._saved_at = time.monotonic()


def begin(seed: int, accounts: int, months: int, start_ms: int, now_ms: int) -> State:
    """The state of a simulation that begins now, `start_ms` back in event time."""
    return State(
        seed=seed,
        accounts=accounts,
        months=months,
        start_ms=start_ms,
        live_from_ms=now_ms,
        position_ms=start_ms - 1,
        next_tick_ms=next_tick(start_ms - 1, now_ms),
    )
