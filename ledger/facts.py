"""The facts a rule may speak of: one flat, typed value per decision, made from the account alone.

Every field is exact and can be made again from the journal. Money is integer cents, time is epoch milliseconds (UTC).
"""

from msgspec import Struct


class Facts(Struct, frozen=True, kw_only=True):
    """What is known of a payment at the moment of its decision.

    The window fields count this account's payments in event time, the present one included.
    """

    event_type: str
    """the event's type without its version, e.g. `payment.initiated`"""
    direction: str
    """disbursement, repayment or preapproval"""
    amount_cents: int
    account: str = ""
    """the credit reference"""
    at_ms: int = 0
    """the instant of the decision: the event's time; snoozes end by it"""
    currency: str = "USD"
    hospital_id: str = ""
    patient_id: str = ""
    sec_code: str = ""
    reference: str = ""
    hour: int = 0
    """hour of the day in America/New_York, 0-23"""
    is_banking_day: bool = True
    account_age_days: int = 0
    open_cents: int = 0
    """sum of the open amounts of the account's balances"""
    open_count: int = 0
    held_cents: int = 0
    """sum of the pre-approvals that are on hold"""
    suspense_cents: int = 0
    days_past_due: int = 0
    """days since the due date of the oldest open balance; 0 when none is late"""
    first_instrument: bool = False
    """the instrument has never settled a payment for this account"""
    has_mandate: bool = False
    payment_consent: bool = True
    returns_90d: int = 0
    unauthorized_returns_90d: int = 0
    count_1m: int = 0
    count_1h: int = 0
    count_1d: int = 0
    count_7d: int = 0
    count_30d: int = 0
    count_90d: int = 0
    sum_1m_cents: int = 0
    sum_1h_cents: int = 0
    sum_1d_cents: int = 0
    sum_7d_cents: int = 0
    sum_30d_cents: int = 0
    sum_90d_cents: int = 0
    max_1m_cents: int = 0
    max_1h_cents: int = 0
    max_1d_cents: int = 0
    max_7d_cents: int = 0
    max_30d_cents: int = 0
    max_90d_cents: int = 0
    distinct_hospitals_1m: int = 0
    distinct_hospitals_1h: int = 0
    distinct_hospitals_1d: int = 0
    distinct_hospitals_7d: int = 0
    distinct_hospitals_30d: int = 0
    distinct_hospitals_90d: int = 0
    snoozed: tuple[str, ...] = ()
    """names of the rules that a person has snoozed for this account and that are still asleep"""
