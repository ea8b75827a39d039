"""The load: payments of many accounts interleaved, with repeats and contradictions, poison in between. The same seed, the same bytes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random

from bench.chaos import stories
from bench.chaos.poison import poison
from bench.chaos.stories import Payment, Sent

START = datetime(2025, 1, 6, 15, tzinfo=UTC)
APART = timedelta(hours=26)
"""Between two payments of an account: no rule on velocity ever holds one, however large the one before was."""
RETURNS_MAX = 1
"""Returns of one account; a third within ninety days would hold its payments, and a retry that is dropped counts as one more."""
DEPOSITS_EVERY = 12
"""One account in so many gets nothing but money that names no payment of ours."""
_REPEATED, _CONTRADICTED, _POISONED = 0.02, 0.01, 0.01
_STEP_APART = 40
"""Messages between two steps of one payment, on average."""


def load(seed: int, accounts: int, partitions: int) -> Iterator[Sent]:
    """Endless messages. Each account's payments are told in order, and within an account each topic's messages too."""
    rng = Random(seed)
    waiting: list[tuple[float, int, list[Sent]]] = []
    number = count()
    returns = [0] * accounts
    for started in count():
        index, turn = started % accounts, started // accounts
        steps = _messages(_payment(seed, index, turn, rng), rng, returns, index)
        heappush(waiting, (float(next(number)), -1, steps))
        now = float(next(number))
        while waiting and waiting[0][0] <= now:
            due, tie, steps = heappop(waiting)
            yield steps.pop(0)
            now = float(next(number))
            if steps:
                heappush(waiting, (max(now, due) + rng.uniform(1, 2 * _STEP_APART), tie - 1, steps))
            if rng.random() < _POISONED:
                yield poison(int(now), rng, partitions)


def _payment(seed: int, index: int, turn: int, rng: Random) -> Payment:
    at = START + index * timedelta(seconds=7) + turn * APART
    # no two balances of an account have the same amount: what is drawn is unique by its last digits
    cents = rng.randrange(5, 80) * 1000 + turn % 1000
    return Payment(f"CR-{seed}-{index}", turn, cents, at.isoformat().replace("+00:00", "Z"), at.date().isoformat())


def _messages(p: Payment, rng: Random, returns: list[int], index: int) -> list[Sent]:
    """All messages of one payment."""
    kinds, weights = zip(*stories.STORIES, strict=True)
    [story] = rng.choices(kinds, weights)
    if index % DEPOSITS_EVERY == 0:
        story = stories.deposited
    elif story is stories.returned:
        returns[index] += 1
        if returns[index] > RETURNS_MAX:
            story = stories.repaid
    steps = [*(stories.opening(p.account) if p.number == 0 else ()), *story(p, rng)]
    return [sent for number, step in enumerate(steps) for sent in _told(p, number, step, rng)]


def _told(p: Payment, number: int, step: stories.Step, rng: Random) -> Iterator[Sent]:
    """A step's message, now and then followed by itself, or by a message that contradicts it."""
    topic, kind, data = step
    said = Sent(topic, p.account.encode(), stories.event(p, number, kind, data))
    yield said
    if kind != "payment.returned.v1" and rng.random() < _REPEATED:
        yield said
    if kind == "payment.initiated.v1" and rng.random() < _CONTRADICTED:
        yield said._replace(value=stories.event(p, number, kind, {**data, "amount": "1.23"}))
