"""Which small differences between a deposit and the bill that it names are explained: to the cent without it."""

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from ledger.matching.terms import PAID_IN, Fee, Terms
from rules.fees import Name

TOLERANCE_CENTS_MAX = 10_000
TOLERANCE_PERCENT_MAX = 5


class KnownFee(Struct, frozen=True, kw_only=True):
    """What the payer's side keeps of a payment: a fixed amount and a share of what is open, rounded half up."""

    name: Name
    flat_cents: int = 0
    percent: Decimal = Decimal(0)

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the fee as a whole, for the lint."""
        return () if self.flat_cents or self.percent else ("a known fee keeps something: give it `flat` or `percent`",)


class MatchingTerms(Struct, frozen=True, kw_only=True):
    """`[matching]`: of deposits. The larger tolerance counts; a known fee is tried before it."""

    tolerance_cents: int = 0
    tolerance_percent: Decimal = Decimal(0)
    fees: tuple[KnownFee, ...] = ()

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the terms as a whole, for the lint."""
        found = []
        if self.tolerance_cents > TOLERANCE_CENTS_MAX or self.tolerance_percent > TOLERANCE_PERCENT_MAX:
            found.append(f"a tolerance is at most ${TOLERANCE_CENTS_MAX // 100} and {TOLERANCE_PERCENT_MAX} percent")
        if any(rate * 100 % 1 for rate in (self.tolerance_percent, *(fee.percent for fee in self.fees))):
            found.append("a percentage of matching has at most two decimals")
        if len({fee.name for fee in self.fees}) < len(self.fees):
            found.append("two known fees have the same name")
        return tuple(found)

    def paid_in(self, version: str) -> Terms:
        """The terms as matching asks them."""
        if self == MatchingTerms():
            return PAID_IN
        return replace(
            PAID_IN,
            version=version,
            tolerance_cents=self.tolerance_cents,
            tolerance_basis_points=int(self.tolerance_percent * 100),
            fees=tuple(Fee(fee.name, fee.flat_cents, int(fee.percent * 100)) for fee in self.fees),
        )
