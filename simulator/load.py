"""Deterministic load for the benchmark and for drain tests: one payment is its balance, its request and its settlement.

An account's first payment is preceded by its mandate, without which the rules hold debits. Nothing here is drawn from a
clock. Accounts take turns, so that no rule on velocity holds a payment, and every payment settles exactly what its balance
owes, so that the right answer is known: all of it matched, nothing left over.
"""

from collections import deque
from collections.abc import Iterator
from itertools import count, islice
from math import gcd
from typing import NamedTuple

from journal.topics import PAYMENTS, SETTLEMENTS
from simulator.dice import dice
from simulator.message import iso, token

EVENTS_PER_PAYMENT = 3
START_MS = 1_736_175_600_000
"""2025-01-06T15:00:00Z, a Monday: far enough in the past for every clock"""
SETTLE_AFTER = 64
"""payments between a request and its settlement"""

Sent = tuple[str, bytes, bytes]
"""topic, key, value"""

MANDATE = (
    b'{"specversion":"1.0","id":"%b-m","source":"/credit","type":"mandate.granted.v1","time":"%b","subject":"%b","data":'
    b'{"credit_reference":"%b","mandate_id":"%b-m","patient_id":"P-%b","sec_code":"WEB"}}'
)
BALANCE = (
    b'{"specversion":"1.0","id":"%b-b","source":"/credit","type":"balance.opened.v1","time":"%b","subject":"%b","data":'
    b'{"credit_reference":"%b","balance_id":"%b-b","patient_id":"P-%b","hospital_id":"H%02d","amount":"%d.%02d","currency":"USD",'
    b'"due_date":"%b","reference":"INV-%b"}}'
)
INITIATED = (
    b'{"specversion":"1.0","id":"%b-i","source":"/credit","type":"payment.initiated.v1","time":"%b","subject":"%b","data":'
    b'{"credit_reference":"%b","transaction_id":"%b","patient_id":"P-%b","hospital_id":"H%02d","amount":"%d.%02d","currency":"USD",'
    b'"direction":"repayment","reference":"%b","client_reference":"%b","balance_id":"%b","sec_code":"WEB"}}'
)
SETTLED = (
    b'{"specversion":"1.0","id":"%b-s","source":"/bank","type":"payment.settled.v1","time":"%b","subject":"%b","data":'
    b'{"credit_reference":"%b","transaction_id":"%b","amount":"%d.%02d","currency":"USD","settlement_date":"%b",'
    b'"trace_number":"09100001%07d","reference":""}}'
)


class _Payment(NamedTuple):
    account: bytes
    name: bytes
    hospital: int
    dollars: int
    cents: int
    number: int


def payments(
    seed: int, accounts: int, n: int, *, start_ms: int = START_MS, event_us: float = 1_000_000, settle_after: int = SETTLE_AFTER
) -> Iterator[Sent]:
    """Messages of `n` payments over `accounts` accounts, each `event_us` microseconds of event time after the one before.

    Same arguments, same bytes; `events_of` tells how many. Balance and request of a payment follow each other; its settlement
    comes `settle_after` payments later.
    """
    rng = dice(seed, "load")
    keys = [token("CR-", seed, index).encode() for index in range(accounts)]
    run = token("", seed, "load").encode()
    stride = next(step for step in count(STRIDE) if gcd(step, accounts) == 1)
    clock = instants(start_ms, event_us)
    waiting: deque[_Payment] = deque()
    for number in range(n):
        index = number * stride % accounts
        dollars, cents = divmod(rng.randrange(500, 150_000), 100)
        payment = _Payment(keys[index], b"%b-%d" % (run, number), 1 + index % 12, dollars, cents, number)
        if number < accounts:
            yield _mandate(payment, next(clock)[0])
        yield _balance(payment, *next(clock))
        yield _request(payment, next(clock)[0], rng.random())
        waiting.append(payment)
        if len(waiting) > settle_after:
            yield _settlement(waiting.popleft(), *next(clock))
    while waiting:
        yield _settlement(waiting.popleft(), *next(clock))


def events_of(accounts: int, n: int) -> int:
    """How many messages `n` payments over `accounts` accounts are: three each, and the mandate of every account that pays."""
    return EVENTS_PER_PAYMENT * n + min(n, accounts)


def events(
    seed: int, accounts: int, total: int, *, start_ms: int = START_MS, event_us: float = 1_000_000, settle_after: int = SETTLE_AFTER
) -> Iterator[Sent]:
    """The first `total` messages of as many payments as that takes."""
    enough = -(-total // EVENTS_PER_PAYMENT)
    return islice(payments(seed, accounts, enough, start_ms=start_ms, event_us=event_us, settle_after=settle_after), total)


STRIDE = 7_919
"""accounts take turns, each once in a round, in an order that is not their own"""


def instants(start_ms: int, event_us: float) -> Iterator[tuple[bytes, bytes]]:
    """Instants of consecutive events, with their dates."""
    number = 0
    while True:
        at_ms = start_ms + int(number * event_us / 1000)
        number += 1
        text = iso(at_ms).encode()
        yield text, text[:10]


def _mandate(payment: _Payment, time: bytes) -> Sent:
    account, name = payment.account, payment.name
    return PAYMENTS, account, MANDATE % (name, time, account, account, name, account)


def _balance(payment: _Payment, time: bytes, day: bytes) -> Sent:
    account, name, hospital, dollars, cents, _ = payment
    return PAYMENTS, account, BALANCE % (name, time, account, account, name, account, hospital, dollars, cents, day, name)


def _request(payment: _Payment, time: bytes, drawn: float) -> Sent:
    """Six in ten name the balance by its reference, two by its id, two by nothing but the exact amount."""
    account, name, hospital, dollars, cents, _ = payment
    reference = b"INV-" + name if drawn < 0.6 else b""
    balance_id = name + b"-b" if 0.6 <= drawn < 0.8 else b""
    return (
        PAYMENTS,
        account,
        INITIATED % (name, time, account, account, name, account, hospital, dollars, cents, reference, name, balance_id),
    )


def _settlement(payment: _Payment, time: bytes, day: bytes) -> Sent:
    account, name, _, dollars, cents, number = payment
    return SETTLEMENTS, account, SETTLED % (name, time, account, account, name, dollars, cents, day, number % 10_000_000)
