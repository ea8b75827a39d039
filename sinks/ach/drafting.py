"""The decision what a cut holds: which waiting entries, with which dates, under which numbers."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from ach.builder import MODIFIERS
from ach.windows import CutOffs, plan
from sinks.ach.config import Config
from sinks.ach.corrections import account_key
from sinks.ach.due import Due
from sinks.ach.filecut import CutData, FileCut, Terms
from sinks.ach.ids import derived
from sinks.ach.instrument import Opener, keyless
from sinks.ach.making import CANCELED, Made, make
from sinks.ach.ranges import Range, ranges_of
from sinks.ach.state import RailState
from sinks.ach.waiting import Waiting

PARTS_MAX = 15_000
"""ranges and reasons in one cut, so that its event stays well below Kafka's limit"""


class DayFullError(Exception):
    """The bank can take no further file today."""


class Draft(NamedTuple):
    """A cut that is not written yet."""

    event: FileCut
    dues: tuple[Due, ...]
    """every entry it takes, left out or not"""
    made: Made


class Asked(NamedTuple):
    """What is to be cut: entries of these hospitals for this bank, as of this instant."""

    bank: str
    hospitals: Collection[str]
    rules: CutOffs
    cut_off: str
    at: datetime
    """the cut-off's instant, or now when it was missed"""
    now: datetime


def draft(
    config: Config,
    state: RailState,
    waiting: Waiting,
    asked: Asked,
    heard: Mapping[int, int],
    *,
    sandbox: bool,
    unseal: Opener = keyless,
    parts_max: int = PARTS_MAX,
) -> Draft | None:
    """The next cut of the bank, or None when nothing waits. What one cut cannot hold waits on.

    DayFullError when the bank has taken all files of the day.
    """
    taken = tuple(waiting.of(asked.hospitals)[: config.banks[asked.bank].entries_per_cut])
    if not taken:
        return None
    if state.counters(asked.bank, asked.now, 0).file_of_day >= len(MODIFIERS):
        raise DayFullError(f"bank {asked.bank} has taken {len(MODIFIERS)} files today; what waits goes tomorrow")
    while True:
        try:
            found = _draft(config, state, waiting, asked, heard, taken, sandbox=sandbox, unseal=unseal)
        except ValueError:  # more files than the day has modifiers left for
            if len(taken) == 1:
                raise
        else:
            if len(found.event.data.ranges) + len(found.event.data.left_out) <= parts_max or len(taken) == 1:
                return found
        taken = taken[: len(taken) // 2]


def heartbeat(config: Config, state: RailState, asked: Asked, heard: Mapping[int, int], *, sandbox: bool) -> Draft:
    """The cut of a cut-off that has nothing to send: one file without batches. DayFullError as `draft` raises it."""
    terms = replace(_terms(config, state, asked, (), sandbox=sandbox), heartbeat=True)
    if terms.file_of_day >= len(MODIFIERS):
        raise DayFullError(f"bank {asked.bank} has taken {len(MODIFIERS)} files today; there is no heartbeat")
    number = state.number + 1
    made = make(number, terms, ())
    data = CutData(
        number=number,
        previous=state.head,
        cut_off=asked.cut_off,
        terms=terms,
        ranges=[],
        left_out=[],
        heard=sorted(heard.items()),
        files=list(made.summaries),
        next_file_of_day=made.next_file_of_day,
        next_sequence=made.next_sequence,
    )
    return Draft(FileCut(id=derived("cut", number, state.head), time=asked.now, data=data), (), made)


def _draft(
    config: Config,
    state: RailState,
    waiting: Waiting,
    asked: Asked,
    heard: Mapping[int, int],
    taken: tuple[Due, ...],
    *,
    sandbox: bool,
    unseal: Opener,
) -> Draft:
    number = state.number + 1
    terms = _terms(config, state, asked, taken, sandbox=sandbox)
    canceled = [due for due in taken if waiting.is_canceled(due)]
    made = make(number, terms, (due for due in taken if not waiting.is_canceled(due)), unseal)
    reasons = [*((due, CANCELED) for due in canceled), *made.refused]
    data = CutData(
        number=number,
        previous=state.head,
        cut_off=asked.cut_off,
        terms=terms,
        ranges=_ranges(state, waiting, taken),
        left_out=sorted((due.partition, due.offset, why) for due, why in reasons),
        heard=sorted(_heard(state, waiting, taken, heard).items()),
        files=list(made.summaries),
        next_file_of_day=made.next_file_of_day,
        next_sequence=made.next_sequence,
    )
    return Draft(FileCut(id=derived("cut", number, state.head), time=asked.now, data=data), taken, made)


def _ranges(state: RailState, waiting: Waiting, taken: tuple[Due, ...]) -> list[Range]:
    chosen: dict[int, list[int]] = {}
    for due in taken:
        chosen.setdefault(due.partition, []).append(due.offset)
    found: list[Range] = []
    for partition in sorted(chosen):
        found += ranges_of(chosen[partition], waiting.offsets(partition), partition, state.covered)
    return found


def _heard(state: RailState, waiting: Waiting, taken: tuple[Due, ...], heard: Mapping[int, int]) -> dict[int, int]:
    """Up to where cancellations need not be heard again: not beyond where one waits that this cut has no room for."""
    names = {due.transaction_id for due in taken}
    full = any(waiting.is_canceled(due) and due.transaction_id not in names for due in waiting.of(()))
    return dict(state.heard) if full else dict(heard)


def _terms(config: Config, state: RailState, asked: Asked, taken: tuple[Due, ...], *, sandbox: bool) -> Terms:
    bank = config.banks[asked.bank]
    counters = state.counters(asked.bank, asked.now, len(taken))
    same_day = plan(asked.rules, asked.at, sec="PPD", amount_cents=0, same_day=True) if bank.same_day else None
    if same_day is not None and not same_day.same_day:
        same_day = None
    limit = max((cents for since, cents in asked.rules.limits_cents if since <= asked.at.date()), default=0)
    accounts = {due.credit_reference for due in taken}
    keys = {account_key(due.instrument) for due in taken} if state.sealed_corrections else set()
    originators = {hospital: config.originator(hospital) for hospital in sorted({due.hospital_id for due in taken})}
    return Terms(
        bank=asked.bank,
        created=asked.now,
        route=bank.route,
        limits=bank.limits,
        originators={name: found for name, found in originators.items() if found is not None},
        next_day=plan(asked.rules, asked.at, sec="PPD", amount_cents=0, same_day=False).effective_entry_date,
        same_day=same_day.effective_entry_date if same_day else None,
        window=same_day.cut_off.window if same_day else "",
        same_day_limit_cents=limit if same_day else 0,
        mixed=bank.mixed,
        sandbox=sandbox,
        corrections={account: state.corrections[account] for account in sorted(accounts & state.corrections.keys())},
        sealed_corrections={key: tuple(state.sealed_corrections[key].values()) for key in sorted(keys & state.sealed_corrections.keys())},
        file_of_day=counters.file_of_day,
        first_sequence=counters.sequence,
    )
