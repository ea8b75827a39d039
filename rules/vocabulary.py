"""The words a rule may use: one for each field of `ledger.facts.Facts`, with its kind, unit and meaning.

Money is dollars in the language (`amount > 2500`) and integer cents inside; its word is the field's name without `_cents`.
"""

from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from msgspec.structs import fields

from ledger.facts import Facts


class Kind(Enum):
    """What a value is; two kinds never compare or mix."""

    MONEY = "money"
    NUMBER = "number"
    TEXT = "text"
    BOOL = "yes/no"


class Word(NamedTuple):
    """One word of the language."""

    name: str
    field: str
    kind: Kind
    unit: str
    meaning: str


_SPANS = {"1m": "minute", "1h": "hour", "1d": "24 hours", "7d": "7 days", "30d": "30 days", "90d": "90 days"}

_MEANINGS: dict[str, tuple[str, str]] = {
    "event_type": ("event name", "kind of event that is decided, without its version, e.g. payment.initiated"),
    "direction": ("disbursement, repayment or preapproval", "which way the money goes; empty for a deposit"),
    "account": ("credit reference", "the account of this payment"),
    "amount_cents": ("dollars", "amount of the payment"),
    "currency": ("ISO 4217", "currency of the payment"),
    "hospital_id": ("identifier", "hospital of the payment"),
    "patient_id": ("identifier", "patient of the payment"),
    "sec_code": ("Nacha SEC code", "how the debit was authorized: PPD, WEB, TEL or CCD"),
    "reference": ("text", "reference that came with the payment"),
    "hour": ("0-23, New York", "hour of the day"),
    "is_banking_day": ("", "the Federal Reserve settles today"),
    "account_age_days": ("days", "age of the account"),
    "open_cents": ("dollars", "open amount of the account's balances"),
    "open_count": ("balances", "number of open balances"),
    "held_cents": ("dollars", "sum of the pre-approvals on hold"),
    "suspense_cents": ("dollars", "money received that is not yet matched"),
    "days_past_due": ("days", "days since the oldest open balance was due"),
    "first_instrument": ("", "the bank account has never settled a payment here"),
    "has_mandate": ("", "an authorization to debit is in force"),
    "payment_consent": ("", "the patient consents to payments"),
    "returns_90d": ("returns", "returned payments in the last 90 days"),
    "unauthorized_returns_90d": ("returns", "payments returned as unauthorized in the last 90 days"),
    **{f"count_{span}": ("payments", f"payments in the last {text}") for span, text in _SPANS.items()},
    **{f"sum_{span}_cents": ("dollars", f"sum of the payments in the last {text}") for span, text in _SPANS.items()},
    **{f"max_{span}_cents": ("dollars", f"largest payment in the last {text}") for span, text in _SPANS.items()},
    **{f"distinct_hospitals_{span}": ("hospitals", f"hospitals paid in the last {text}") for span, text in _SPANS.items()},
}

NOT_WORDS = frozenset({"at_ms", "snoozed"})
"""Fields of `Facts` that the machinery needs but no rule may speak of: a rule on the instant would be a rule on the clock."""

_KINDS = {str: Kind.TEXT, int: Kind.NUMBER, bool: Kind.BOOL}


def _word(field: str, python_type: type) -> Word:
    unit, meaning = _MEANINGS[field]
    kind = Kind.MONEY if field.endswith("_cents") else _KINDS[python_type]
    return Word(field.removesuffix("_cents"), field, kind, unit, meaning)


WORDS = MappingProxyType({word.name: word for word in (_word(f.name, f.type) for f in fields(Facts) if f.name in _MEANINGS)})
"""Every word by its name. A field without a meaning here is not part of the language; a test demands that there is none."""


def vocabulary_table() -> str:
    """The documented vocabulary as a Markdown table, in the order of `Facts`."""
    head = "| word | kind | unit | meaning |\n|---|---|---|---|\n"
    return head + "".join(f"| `{w.name}` | {w.kind.value} | {w.unit} | {w.meaning} |\n" for w in WORDS.values())
