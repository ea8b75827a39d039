"""Load of payment plans: every account owes one balance, and pays it off in instalments of two messages, request and settlement.

What a plan owes is the sum of its instalments, so that the right answer is known: all of it matched, nothing left over.
"""

from collections import deque
from collections.abc import Iterator
from itertools import count
from math import gcd
from typing import NamedTuple

from journal.topics import PAYMENTS, SETTLEMENTS
from simulator.dice import dice
from simulator.load import BALANCE, INITIATED, MANDATE, SETTLED, START_MS, STRIDE, Sent, instants
from simulator.message import token

EVENTS_PER_ACCOUNT = 2
"""its mandate and its balance"""
EVENTS_PER_PAYMENT = 2
SETTLE_AFTER = 10_000
"""payments between a request and its settlement: two seconds at 5,000 a second"""


class _Plan(NamedTuple):
    account: bytes
    name: bytes
    hospital: int


class Plans:
    """`payments` instalments over `accounts` plans, which take turns. Same arguments, same bytes; nothing is drawn from a clock."""

    def __init__(self, seed: int, accounts: int, payments: int) -> None:
        rng = dice(seed, "plans")
        self._run = token("", seed, "plans").encode()
        self._plans = [
            _Plan(token("CR-", seed, index).encode(), b"%b-p%d" % (self._run, index), 1 + index % 12) for index in range(accounts)
        ]
        self._stride = next(step for step in count(STRIDE) if gcd(step, accounts) == 1)
        self._cents = [rng.randrange(500, 150_000) for _ in range(payments)]

    def opened(self, start_ms: int = START_MS, event_us: float = 1_000_000) -> Iterator[Sent]:
        """Mandate and balance of every account, each message `event_us` microseconds of event time after the one before."""
        owed = [0] * len(self._plans)
        for number, cents in enumerate(self._cents):
            owed[self._turn(number)] += cents
        clock = instants(start_ms, event_us)
        for (account, name, hospital), cents in zip(self._plans, owed, strict=True):
            yield PAYMENTS, account, MANDATE % (name, next(clock)[0], account, account, name, account)
            at, day = next(clock)
            amount = divmod(cents or 100, 100)
            yield PAYMENTS, account, BALANCE % (name, at, account, account, name, account, hospital, *amount, day, name)

    def paid(self, start_ms: int = START_MS, event_us: float = 1_000_000, settle_after: int = SETTLE_AFTER) -> Iterator[Sent]:
        """Requests, and their settlements `settle_after` payments later. Six requests in ten name the balance by its reference, two by
        its id, two say nothing of it."""
        clock = instants(start_ms, event_us)
        waiting: deque[int] = deque()
        for number in range(len(self._cents)):
            yield self._request(number, next(clock)[0])
            waiting.append(number)
            if len(waiting) > settle_after:
                yield self._settlement(waiting.popleft(), *next(clock))
        while waiting:
            yield self._settlement(waiting.popleft(), *next(clock))

    def _turn(self, number: int) -> int:
        return number * self._stride % len(self._plans)

    def _request(self, number: int, time: bytes) -> Sent:
        account, plan, hospital = self._plans[self._turn(number)]
        name = b"%b-%d" % (self._run, number)
        how = number * 7 % 10
        reference = b"INV-" + plan if how < 6 else b""
        balance_id = plan + b"-b" if 6 <= how < 8 else b""
        amount = divmod(self._cents[number], 100)
        value = INITIATED % (name, time, account, account, name, account, hospital, *amount, reference, name, balance_id)
        return PAYMENTS, account, value

    def _settlement(self, number: int, time: bytes, day: bytes) -> Sent:
        account = self._plans[self._turn(number)].account
        name = b"%b-%d" % (self._run, number)
        amount = divmod(self._cents[number], 100)
        return SETTLEMENTS, account, SETTLED % (name, time, account, account, name, *amount, day, number % 10_000_000)
