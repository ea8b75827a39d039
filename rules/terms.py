"""The terms of money in a rule book: fees, interest, schedules, late and return fees, minimum payments, allocation, retries, prenotes."""

from msgspec import Struct

from rules.allocation import AllocationTerms
from rules.fees import Fee, FeePolicy
from rules.interest import InterestTerms
from rules.late import LateTerms
from rules.matching import MatchingTerms
from rules.minimum import MinimumTerms
from rules.missing import MissingTerms
from rules.prenotes import PrenoteTerms
from rules.remittances import RemittanceTerms
from rules.retry import RetryTerms
from rules.return_fee import ReturnFeeTerms
from rules.schedule import ScheduleTerms


class Terms(Struct, frozen=True, kw_only=True):
    """What a book says about money, each from the table of its name; what it does not say is free of charge."""

    fees: FeePolicy = FeePolicy()
    fee: tuple[Fee, ...] = ()
    interest: InterestTerms = InterestTerms()
    schedule: ScheduleTerms = ScheduleTerms()
    late_fee: LateTerms = LateTerms()
    minimum_payment: MinimumTerms = MinimumTerms()
    allocation: AllocationTerms = AllocationTerms()
    retry: RetryTerms = RetryTerms()
    return_fee: ReturnFeeTerms = ReturnFeeTerms()
    prenotes: PrenoteTerms = PrenoteTerms()
    missing: MissingTerms = MissingTerms()
    remittances: RemittanceTerms = RemittanceTerms()
    matching: MatchingTerms = MatchingTerms()


TABLES: dict[str, type[Struct]] = {
    "fees": FeePolicy,
    "interest": InterestTerms,
    "schedule": ScheduleTerms,
    "late_fee": LateTerms,
    "minimum_payment": MinimumTerms,
    "allocation": AllocationTerms,
    "retry": RetryTerms,
    "return_fee": ReturnFeeTerms,
    "prenotes": PrenoteTerms,
    "missing": MissingTerms,
    "remittances": RemittanceTerms,
    "matching": MatchingTerms,
}
"""The tables that stand once each; fees are the list `[[fee]]`."""
