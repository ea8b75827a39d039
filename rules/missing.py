"""Which bills become an exception when their window closes without their money."""

from typing import Literal

from msgspec import Struct

from ledger.policy import Missing


class MissingTerms(Struct, frozen=True, kw_only=True):
    """`[missing]`: of none without it, for most bills that are paid late are no case for a person."""

    tell: Literal["nothing", "plans", "all"] = "nothing"
    """plans: instalments alone, whose days were agreed"""
    minimum_cents: int = 0
    """what is open of a bill is not worth a person's time below this"""

    def policy(self) -> Missing | None:
        """The terms as the ledger's decisions ask them; None when nothing is told."""
        return None if self.tell == "nothing" else Missing(self.tell == "plans", self.minimum_cents)
