"""Labelled pairs of files: a hospital's ledger and a bank's statement, with everything that goes wrong between the two."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

FIRST_DAY = date(2025, 1, 2)
SURNAMES = ("Okafor", "Nguyen", "Garcia", "Smith", "Kowalski", "Haddad", "Larsen", "Rossi", "Patel", "Yilmaz", "Moreau", "Tanaka")
GIVEN = ("Ada", "Ben", "Chloe", "Dara", "Eli", "Fay", "Gus", "Hana", "Ivo", "June", "Kai", "Lea")

SHARES = {
    "clean": 60,
    "drift": 12,
    "blank": 6,
    "typo": 4,
    "in_text": 4,
    "fee": 4,
    "short": 2,
    "duplicate": 2,
    "payout": 1,
    "split": 1,
    "only_left": 2,
    "only_right": 2,
}
"""what happens to a row on its way to the bank, in percent"""


class Line(NamedTuple):
    """A row of a file."""

    id: str
    date: str
    amount: str
    reference: str
    description: str


class Case(NamedTuple):
    """Rows that belong together, as ids, and what happened to them."""

    kind: str
    left: tuple[Line, ...]
    right: tuple[Line, ...]


def cases(count: int, seed: int = 7) -> Iterator[Case]:
    """So many cases, the same ones for the same seed."""
    chance = random.Random(seed)
    kinds, weights = list(SHARES), list(SHARES.values())
    days = max(30, count // 2_000)
    for number in range(1, count + 1):
        yield _case(chance, chance.choices(kinds, weights)[0], number, days)


def _case(chance: random.Random, kind: str, number: int, days: int) -> Case:
    day = FIRST_DAY + timedelta(chance.randrange(days))
    size = chance.randint(2, 5) if kind in ("payout", "split") else 1
    cents = chance.randint(500, 500_000)
    reference = f"INV-{number:08d}"
    name = f"{chance.choice(GIVEN)} {chance.choice(SURNAMES)}"
    left = Line(f"L{number}", day.isoformat(), _money(cents), reference, f"Instalment {name}")
    paid = day + timedelta(chance.choice((0, 1, 1, 2)))
    right = Line(f"R{number}", paid.isoformat(), left.amount, reference, f"ACH CREDIT {name.upper()}")
    match kind:
        case "drift":
            right = right._replace(date=(day + timedelta(chance.randint(3, 9))).isoformat())
        case "blank":
            right = right._replace(reference="")
        case "typo":
            right = right._replace(reference=_mistyped(chance, reference))
        case "in_text":
            right = right._replace(reference="", description=f"{right.description} {reference}")
        case "fee":
            right = right._replace(amount=_money(cents - (cents * 290 + 5_000) // 10_000 - 30))
        case "short":
            right = right._replace(amount=_money(max(1, cents - chance.randint(1, cents // 2))))
        case "duplicate":
            return Case(kind, (left,), (right, right._replace(id=f"{right.id}D")))
        case "payout":
            batch = f"PO-{number:08d}"
            shares = [chance.randint(500, 99_999) for _ in range(size)]
            parts = tuple(left._replace(id=f"L{number}-{n}", amount=_money(share), reference=batch) for n, share in enumerate(shares))
            return Case(kind, parts, (right._replace(amount=_money(sum(shares)), reference=batch),))
        case "split":
            shares = [chance.randint(500, 99_999) for _ in range(size)]
            parts = tuple(right._replace(id=f"R{number}-{n}", amount=_money(share)) for n, share in enumerate(shares))
            return Case(kind, (left._replace(amount=_money(sum(shares))),), parts)
        case "only_left":
            return Case(kind, (left,), ())
        case "only_right":
            return Case(kind, (), (right._replace(reference=f"EXT{number:08d}"),))
    return Case(kind, (left,), (right,))


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _mistyped(chance: random.Random, reference: str) -> str:
    place = chance.randrange(4, len(reference) - 1)
    swapped = reference[:place] + reference[place + 1] + reference[place] + reference[place + 2 :]
    return swapped if swapped != reference else reference[:place] + reference[place + 1 :]
