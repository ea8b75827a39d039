"""Out of order: a few payments whose request reaches us only after the bank has settled them."""

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from random import Random

from simulator import hours
from simulator.bank import Bank
from simulator.dice import dice
from simulator.message import Message

PER_MILLION = 1_500
"""payments in a million whose bank events come first"""
_SETTLED_ONLY = 2
"""submitted and settled, nothing more: only such entries come first"""


def settle_first(seed: str, bank: Bank, messages: Iterable[Message], per_million: int = PER_MILLION) -> Iterator[Message]:
    """The messages in order of delivery; some requests for payments are held back until the bank has said that they settled."""
    rng = dice(seed)
    held: list[tuple[int, int, Message]] = []
    number = 0
    for message in messages:
        while held and held[0][0] <= message.at_ms:
            yield heappop(held)[2]
        answers = _first(rng, bank, message, per_million)
        if not answers:
            yield message
            continue
        late_ms = answers[-1].at_ms + rng.randint(2_000, 20_000)
        for delayed in (*answers, message._replace(at_ms=late_ms)):
            number += 1
            heappush(held, (delayed.at_ms, number, delayed))
    while held:
        yield heappop(held)[2]


def _first(rng: Random, bank: Bank, message: Message, per_million: int) -> list[Message]:
    if message.entry is None or message.entry.amount_cents >= 100_000 or rng.random() * 1_000_000 >= per_million:
        return []
    answers = bank.answers(message.entry)
    plain = len(answers) == _SETTLED_ONLY and b"settled" in answers[-1].value
    return answers if plain and answers[-1].at_ms - message.at_ms < 5 * hours.DAY_MS else []
