"""A second ledger that shares no code with the first: it keeps the effects in a list and sums them, slowly and simply."""

from collections import Counter
from collections.abc import Iterable

from ledger import effects as fx

GENERAL_LEDGER = (
    "patient_receivable",
    "hospital_payable",
    "ach_in_transit",
    "cash",
    "holds",
    "suspense",
    "returned_items",
    "fees",
    "interest",
    "write_offs",
    "matching_differences",
)


class Naive:
    """All effects of one account in the order in which they came about."""

    def __init__(self) -> None:
        self.effects: list[fx.AnyEffect] = []

    def take(self, effects: Iterable[fx.AnyEffect]) -> None:
        """Add effects at the end."""
        self.effects += effects

    def original(self) -> Counter[str]:
        """Cents that each balance and each charge was opened with, as plans were spread anew."""
        found: Counter[str] = Counter()
        for effect in self.effects:
            if isinstance(effect, fx.BalanceOpened | fx.Charged):
                found[effect.balance_id] += effect.amount_cents
            elif isinstance(effect, fx.Recast):
                found[effect.balance_id] += effect.change_cents
        return found

    def charged(self) -> Counter[str]:
        """Cents charged by component, what was waived taken off."""
        kinds = {effect.balance_id: effect.component for effect in self.effects if isinstance(effect, fx.Charged)}
        found: Counter[str] = Counter(fees=0, interest=0)
        for effect in self.effects:
            if isinstance(effect, fx.Charged):
                found[effect.component] += effect.amount_cents
            elif isinstance(effect, fx.ChargeWaived):
                found[kinds[effect.balance_id]] -= effect.waived_cents
        return found

    def open(self) -> Counter[str]:
        """Cents still open of each balance."""
        found = self.original()
        for effect in self.effects:
            if isinstance(effect, fx.Matched):
                found[effect.balance_id] -= effect.amount_cents
            elif isinstance(effect, fx.Unmatched | fx.BalanceAdjusted):
                found[effect.balance_id] += effect.amount_cents
            elif isinstance(effect, fx.ChargeWaived):
                found[effect.balance_id] -= effect.waived_cents
        return found

    def adjusted(self) -> int:
        """Cents that balances lost without money, what was reinstated left out."""
        return -sum(effect.amount_cents for effect in self.effects if isinstance(effect, fx.BalanceAdjusted))

    def refunded(self, memo: str = "refunded") -> Counter[str]:
        """Cents given back from suspense, by source; or those of them that the bank took back as well."""
        found: Counter[str] = Counter()
        for effect in self.effects:
            if isinstance(effect, fx.Posted) and effect.memo == memo:
                found[effect.about] += effect.amount_cents
        return found

    def paid(self) -> Counter[tuple[str, str]]:
        """Cents that each source has paid to each balance, what was taken back left out."""
        found: Counter[tuple[str, str]] = Counter()
        for effect in self.effects:
            if isinstance(effect, fx.Matched):
                found[effect.source_id, effect.balance_id] += effect.amount_cents
            elif isinstance(effect, fx.Unmatched):
                found[effect.source_id, effect.balance_id] -= effect.amount_cents
        return +found

    def suspended(self) -> Counter[str]:
        """Cents in suspense by source."""
        found: Counter[str] = Counter()
        for effect in self.effects:
            if isinstance(effect, fx.Suspended):
                found[effect.source_id] += effect.amount_cents
        return found

    def general_ledger(self) -> Counter[str]:
        """Debits less credits of each account."""
        found: Counter[str] = Counter(dict.fromkeys(GENERAL_LEDGER, 0))
        for effect in self.effects:
            if isinstance(effect, fx.Posted):
                found[effect.debit] += effect.amount_cents
                found[effect.credit] -= effect.amount_cents
        return found

    def statuses(self) -> dict[str, str]:
        """The latest status of each payment."""
        found: dict[str, str] = {}
        for effect in self.effects:
            if isinstance(effect, fx.Decided | fx.Moved):
                found[effect.transaction_id] = effect.status
        return found
