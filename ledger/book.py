"""The book of one partition: its accounts, its deadlines, and what is in force for all of them: rule book, shadow, rollout.

The book is the one mutable thing of the core: a table of immutable accounts. It changes by `apply` (decide, then evolve) while
events come in and by `replay` (evolve alone) while the journal is read back; both leave the same book behind.
"""

import heapq
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple

from ledger import effects as fx
from ledger.account import Account
from ledger.accounts import LIVELY, Accounts
from ledger.decide import alerts, decide
from ledger.decide.context import FUTURE_SKEW_MS, Context
from ledger.decide.due import due, put_off
from ledger.decide.governance import Compile, decide_governance
from ledger.events import AccountEvent, GovernanceEvent, Tick
from ledger.evolve import evolve
from ledger.governance import RULE_BROKEN, Governance, govern
from ledger.policy import Rail, Rules
from ledger.record import Entry
from ledger.refusal import Refusal
from ledger.wire import epoch_ms


class Position(NamedTuple):
    """Where an event came from: index of its topic, offset, and the broker's append time in epoch milliseconds."""

    source: int
    offset: int
    appended_ms: int


Report = Callable[[str, Exception], None]
"""Is told of an account whose deadlines cannot be decided, and of the error."""


class Book:
    """Accounts of one partition, `number`. `compile_rules` makes rules of a text; `default_text` is in force at the beginning.

    `report` is for the log alone, `lively` (see `Accounts`) for memory alone: what is decided does not depend on them.
    """

    def __init__(
        self,
        rail: Rail,
        compile_rules: Compile,
        default_text: str,
        future_skew_ms: int = FUTURE_SKEW_MS,
        report: Report = lambda _account, _error: None,
        lively: int = LIVELY,
    ) -> None:
        self.accounts = Accounts(lively)
        self.number = 0
        self._rail = rail
        self._compile = compile_rules
        self._rules = _must_compile(compile_rules, default_text)
        self._shadow: Rules | None = None
        self.governance = Governance(default_text).with_version(self._rules.version, default_text)
        self._deadlines: list[tuple[int, str]] = []
        self._future_skew_ms = future_skew_ms
        self._report = report

    @property
    def policy_version(self) -> str:
        """Version of the rule book in force."""
        return self._rules.version

    @property
    def policy_text(self) -> str:
        """Text of the rule book in force."""
        return self.governance.policy_text

    def apply(self, event: AccountEvent, position: Position) -> Entry:
        """Decide an account's event and take its effects in."""
        reference = event.data.credit_reference
        at_ms = epoch_ms(event.time)
        account = self.accounts.get(reference) or Account(reference)
        context = self._context(position.appended_ms, at_ms)
        effects = tuple(decide(account, event, context))
        self._fold(account, effects, at_ms)
        kind = event.__struct_config__.tag
        return Entry(position.source, position.offset, event.id, kind, at_ms, reference, effects)  # type: ignore[arg-type]

    def tick(self, event: Tick, position: Position, done: int) -> Iterator[Entry]:
        """Rules that broke since the last one, then entries for each account with something due; lazily, so that a month's end may
        spread over several records.

        `done` effects of this tick are in the journal already; the deadlines they answered are no longer due. An account whose
        deadlines cannot be decided (a fault of ours) keeps neither the others nor the partition waiting: see `ledger.decide.due.put_off`.
        """
        at_ms = epoch_ms(event.time)
        if at_ms > position.appended_ms + self._future_skew_ms:
            refused = fx.Refused(Refusal.FUTURE_TIME, event.id, "the tick's time is ahead of the broker's clock")
            yield Entry(position.source, position.offset, event.id, "tick.v1", at_ms, "", (refused,))
            return
        ordinal = done
        context = self._context(position.appended_ms, at_ms)
        if told := alerts.broken(self.governance, context):
            self._adopt(told)
            yield Entry(position.source, position.offset, event.id, "tick.v1", at_ms, "", told, ordinal)
            ordinal += len(told)
        waiting = self._fallen_due(at_ms)
        try:
            while waiting:
                while effects := self._due(waiting[-1], context):
                    yield Entry(position.source, position.offset, event.id, "tick.v1", at_ms, waiting[-1], effects, ordinal)
                    ordinal += len(effects)
                waiting.pop()
        finally:
            for reference in waiting:
                heapq.heappush(self._deadlines, (at_ms, reference))

    def govern(self, event: GovernanceEvent, position: Position) -> Entry:
        """A rule book comes into force at this position, a shadow begins or ends, a hospital changes its phase; or it is refused."""
        effects = tuple(decide_governance(self.governance, event, self._compile))
        self._adopt(effects)
        kind = event.__struct_config__.tag
        return Entry(position.source, position.offset, event.id, kind, epoch_ms(event.time), "", effects)  # type: ignore[arg-type]

    def replay(self, entry: Entry) -> None:
        """Take in an entry of the journal: evolve alone."""
        if entry.account:
            account = self.accounts.get(entry.account) or Account(entry.account)
            self._fold(account, entry.effects, entry.at_ms)
        else:
            self._adopt(entry.effects)

    def restore(self, account: bytes) -> None:
        """Put an account back from the JSON of its checkpoint."""
        self._watch(self.accounts.lay_to_rest(account))

    def restore_governance(self, standing: Governance) -> None:
        """Put back what was in force."""
        before, self.governance = self.governance, standing
        if standing.policy_text != before.policy_text:
            self._rules = _must_compile(self._compile, standing.policy_text)
        if standing.shadow_text != before.shadow_text:
            self._shadow = _may_compile(self._compile, standing.shadow_text)

    def _fallen_due(self, at_ms: int) -> list[str]:
        """Accounts that may have something due, the last by name first: a replayed heap also holds deadlines that were answered long
        ago, so its order must not matter.
        """
        found = set()
        while self._deadlines and self._deadlines[0][0] <= at_ms:
            found.add(heapq.heappop(self._deadlines)[1])
        return sorted(found, reverse=True)

    def _adopt(self, effects: tuple[fx.AnyEffect, ...]) -> None:
        standing = self.governance
        for effect in effects:
            standing = govern(standing, effect)
        self.restore_governance(standing)

    def _context(self, now_ms: int, at_ms: int) -> Context:
        return Context(
            self._rules, self._rail, now_ms, at_ms, self._future_skew_ms, self.governance.phases, self._shadow, self.governance.broken
        )

    def _due(self, reference: str, context: Context) -> tuple[fx.AnyEffect, ...]:
        """Answer deadlines of one account; nothing when none is left."""
        account = self.accounts[reference]
        try:
            effects = tuple(due(account, context))
            self._fold(account, effects, context.at_ms)
        except Exception as error:  # noqa: BLE001 - the fold is pure: the account is as it was
            self._report(reference, error)
            effects = tuple(put_off(account, context, type(error).__name__))
            self._fold(account, effects, context.at_ms)
        return effects

    def _fold(self, account: Account, effects: tuple[fx.AnyEffect, ...], at_ms: int) -> None:
        before = account
        for effect in effects:
            account = evolve(account, effect, at_ms)
        if account is not before:
            self.accounts[account.credit_reference] = account
            self._watch_effects(account, effects)

    def _watch_effects(self, account: Account, effects: tuple[fx.AnyEffect, ...]) -> None:
        for effect in effects:
            if type(effect) is fx.Decided and effect.fired:
                self.governance = self.governance.with_broken(effect)
            elif type(effect) is fx.AlertRaised and effect.alert == RULE_BROKEN:
                self.governance = self.governance.with_told(effect)
            deadline = _DEADLINES.get(type(effect))
            if deadline is not None and (at_ms := deadline(effect)):
                heapq.heappush(self._deadlines, (at_ms, account.credit_reference))

    def _watch(self, account: Account) -> None:
        for payment in account.payments.values():
            if payment.due_ms:
                heapq.heappush(self._deadlines, (payment.due_ms, account.credit_reference))
        for waiting in account.parked:
            heapq.heappush(self._deadlines, (waiting.until_ms, account.credit_reference))
        for accrual in account.accruals.values():
            if accrual.due_ms:
                heapq.heappush(self._deadlines, (accrual.due_ms, account.credit_reference))
        for duty in account.duties:
            heapq.heappush(self._deadlines, (duty.due_ms, account.credit_reference))
        for case in account.cases.values():
            if case.look_ms:
                heapq.heappush(self._deadlines, (case.look_ms, account.credit_reference))


_DEADLINES: dict[type, Callable[[Any], int]] = {
    fx.Moved: attrgetter("due_ms"),
    fx.Decided: attrgetter("due_ms"),
    fx.Parked: attrgetter("until_ms"),
    fx.Accruing: attrgetter("due_ms"),
    fx.DutyOpened: attrgetter("due_ms"),
    fx.ExceptionOpened: attrgetter("due_ms"),
    fx.ExceptionSnoozed: attrgetter("until_ms"),
    fx.ExceptionOverdue: attrgetter("due_ms"),
}
"""When the clock must look at an account because of an effect; 0 for never."""


def _must_compile(compile_rules: Compile, text: str) -> Rules:
    """Rules of a text that was accepted before."""
    rules = compile_rules(text)
    if isinstance(rules, str):
        raise ValueError(f"the rule book in force does not compile: {rules}")
    return rules


def _may_compile(compile_rules: Compile, text: str) -> Rules | None:
    """Rules of a shadow; none when a later program no longer reads its text: it only reports, and must not keep the partition down."""
    rules = compile_rules(text) if text else ""
    return None if isinstance(rules, str) else rules
