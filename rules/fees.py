"""Fees on a payment: flat, percent or tiered, each with its bounds; several beside each other or one after the other."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from rules.rounding import Rounding, percent, rounded

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]


class Tier(Struct, frozen=True, kw_only=True):
    """One step of a tiered fee: amounts up to and including `up_to`; the last step has no end."""

    up_to_cents: int | None = None
    flat_cents: int = 0
    percent: Decimal = Decimal(0)


class Fee(Struct, frozen=True, kw_only=True):
    """`[[fee]]`: one fee."""

    name: Name
    kind: Literal["flat", "percent", "tiered"]
    flat_cents: int = 0
    """flat: the fee; percent: added to the percentage"""
    percent: Decimal = Decimal(0)
    tiers: tuple[Tier, ...] = ()
    slices: bool = False
    """tiered: each tier charges only its own slice of the amount; else the tier the amount falls in charges all of it"""
    minimum_cents: int = 0
    maximum_cents: int | None = None
    directions: tuple[Literal["disbursement", "repayment", "preapproval"], ...] = ()
    """empty: every direction"""
    hospitals: tuple[str, ...] = ()
    """empty: every hospital"""
    rounding: Rounding = "half_up"

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the fee as a whole, for the lint."""
        found = []
        if self.kind == "tiered" and not self.tiers:
            found.append("a tiered fee needs tiers")
        if self.kind != "tiered" and self.tiers:
            found.append(f"a {self.kind} fee has no tiers")
        if self.kind == "flat" and self.percent:
            found.append("a flat fee has no percent")
        if self.maximum_cents is not None and self.maximum_cents < self.minimum_cents:
            found.append("the maximum is below the minimum")
        bounds = [tier.up_to_cents for tier in self.tiers]
        if any(bound is None for bound in bounds[:-1]) or (bounds and bounds[-1] is not None):
            found.append("every tier but the last needs `up_to`, the last must not have it")
        ends = [bound for bound in bounds if bound is not None]
        if ends != sorted(set(ends)):
            found.append("tiers must rise")
        return tuple(found)


class FeePolicy(Struct, frozen=True, kw_only=True):
    """`[fees]`: how several fees on one payment combine."""

    mode: Literal["parallel", "cascading"] = "parallel"
    """parallel: each on the gross amount; cascading: each on what the ones before have left, in the order of the book"""
    maximum_cents: int | None = None
    """cap on all fees of one payment together; the last ones give way"""


class Line(NamedTuple):
    """One fee charged."""

    name: str
    base_cents: int
    fee_cents: int


class Charge(NamedTuple):
    """All fees of a payment: gross = fees + net, and net is never negative."""

    lines: tuple[Line, ...]
    fee_cents: int
    net_cents: int


def fee_on(fee: Fee, base_cents: int) -> int:
    """The fee on an amount, in cents, rounded once and then held within its bounds. Nothing is charged on nothing."""
    if base_cents <= 0:
        return 0
    match fee.kind:
        case "flat":
            exact = Fraction(fee.flat_cents)
        case "percent":
            exact = fee.flat_cents + base_cents * percent(fee.percent)
        case "tiered":
            exact = _by_slices(fee.tiers, base_cents) if fee.slices else _by_tier(fee.tiers, base_cents)
    charged = max(rounded(exact, fee.rounding), fee.minimum_cents)
    return charged if fee.maximum_cents is None else min(charged, fee.maximum_cents)


def charge(fees: Sequence[Fee], policy: FeePolicy, amount_cents: int, direction: str, hospital_id: str) -> Charge:
    """The fees of one payment. A fee never takes more than what is left of the amount and of the common cap."""
    left_cents = amount_cents
    room_cents = amount_cents if policy.maximum_cents is None else min(amount_cents, policy.maximum_cents)
    lines: list[Line] = []
    for fee in fees:
        if (fee.directions and direction not in fee.directions) or (fee.hospitals and hospital_id not in fee.hospitals):
            continue
        base_cents = amount_cents if policy.mode == "parallel" else left_cents
        fee_cents = min(fee_on(fee, base_cents), room_cents)
        left_cents -= fee_cents
        room_cents -= fee_cents
        lines.append(Line(fee.name, base_cents, fee_cents))
    total = sum(line.fee_cents for line in lines)
    assert total + left_cents == amount_cents
    assert left_cents >= 0
    return Charge(tuple(lines), total, left_cents)


def _by_tier(tiers: Sequence[Tier], base_cents: int) -> Fraction:
    tier = next(tier for tier in tiers if tier.up_to_cents is None or base_cents <= tier.up_to_cents)
    return tier.flat_cents + base_cents * percent(tier.percent)


def _by_slices(tiers: Sequence[Tier], base_cents: int) -> Fraction:
    total, floor_cents = Fraction(0), 0
    for tier in tiers:
        if base_cents <= floor_cents:
            break
        ceiling_cents = base_cents if tier.up_to_cents is None else min(base_cents, tier.up_to_cents)
        total += tier.flat_cents + (ceiling_cents - floor_cents) * percent(tier.percent)
        floor_cents = ceiling_cents
    return total
