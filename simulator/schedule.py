"""CREDIT's schedule in the demo: the world with its faults, and the mission's use cases in between, untouched."""

from collections.abc import Iterator
from datetime import timedelta
from heapq import merge

from simulator import hours, scenarios
from simulator.bank import Bank, Script
from simulator.early import settle_first
from simulator.message import Message
from simulator.noise import QUIET, Rates, disturb
from simulator.scenarios import Scenario
from simulator.world import World, stream


def credit(world: World, bank: Bank, rates: Rates) -> Iterator[Message]:
    """All that CREDIT sends, in order of delivery; endless. `rates` set the faults, which leave the use cases alone."""
    quiet = rates == QUIET
    ordered = stream(world) if quiet else settle_first(f"{world.seed}/early", bank, stream(world))
    cases = sorted((message for case in use_cases(world) for message in case.credit()), key=_delivery)
    return merge(disturb(f"{world.seed}/noise", ordered, rates), cases, key=_delivery)


def use_cases(world: World) -> list[Scenario]:
    """The mission's use cases within the history, so that their last step has been taken when real time begins.

    A short history has only those that it is long enough for.
    """
    span = world.span
    today = hours.day_of(span.live_from_ms)
    plan_day = today.replace(day=1) - timedelta(days=40)
    begins = {
        "er-preapproval": span.live_from_ms - 3 * hours.DAY_MS,
        "monthly-reconciliation": hours.instant(plan_day, 10),
        "returned-for-funds": hours.instant(today - timedelta(days=26), 10),
    }
    tag = str(world.seed)
    return [scenarios.SCENARIOS[name](tag, at_ms) for name, at_ms in begins.items() if at_ms >= span.start_ms]


def script(world: World) -> Script:
    """The outcomes that the bank gives to the use cases' entries."""
    return {key: outcome for case in use_cases(world) for key, outcome in case.script.items()}


def _delivery(message: Message) -> int:
    return message.at_ms
