"""What happens to one payment in the load: CREDIT's and the bank's messages in order, made from the drawn kind alone."""

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

import orjson

from journal.topics import OPERATIONS, PAYMENTS, SETTLEMENTS

Step = tuple[str, str, dict[str, object]]
"""topic, event type, data"""
Steps = Iterator[Step]


class Sent(NamedTuple):
    """One message. `partition` -1 leaves the choice to the key."""

    topic: str
    key: bytes | None
    value: bytes
    partition: int = -1


class Payment(NamedTuple):
    """The names and amounts of one payment. `day` is the ISO date of everything in it."""

    account: str
    number: int
    cents: int
    time: str
    day: str

    @property
    def name(self) -> str:
        """Unique in the run."""
        return f"{self.account}-{self.number}"

    def common(self) -> dict[str, object]:
        """Who."""
        return {"credit_reference": self.account, "patient_id": f"P-{self.account}", "hospital_id": "H-1"}


def opening(account: str) -> Steps:
    """What every account begins with: without an authorization no debit is approved."""
    yield PAYMENTS, "mandate.granted.v1", {"credit_reference": account, "mandate_id": f"M-{account}", "patient_id": f"P-{account}"}
    for purpose in ("payments", "sms"):
        yield (
            PAYMENTS,
            "consent.changed.v1",
            {"credit_reference": account, "patient_id": f"P-{account}", "purpose": purpose, "granted": True},
        )


def repaid(p: Payment, rng: Random) -> Steps:
    """A balance is opened, asked for, sometimes in part, and settled."""
    whole = p.cents
    part = whole // 2 if rng.random() < 0.15 else whole
    yield _balance(p, whole)
    by_name = part != whole or rng.random() < 0.7
    yield _initiated(p, part, reference=f"INV-{p.name}" if by_name else "", balance_id="" if by_name else f"B-{p.name}")
    if rng.random() < 0.5:
        yield _bank(p, "payment.submitted.v1", {"trace_number": _trace(p), "effective_date": p.day})
    yield _settled(p, part)


def repaid_by_amount(p: Payment, _: Random) -> Steps:
    """The request names nothing: the exact amount, the only one of its kind, finds the balance."""
    yield _balance(p, p.cents)
    yield _initiated(p, p.cents)
    yield _settled(p, p.cents)


def returned(p: Payment, rng: Random) -> Steps:
    """Settled, then sent back by the receiving bank."""
    yield from repaid_by_amount(p, rng)
    code = rng.choice(("R01", "R03"))
    yield _bank(p, "payment.returned.v1", {"return_code": code, "return_date": p.day, "amount": _money(p.cents)})
    if code == "R03":  # debits are held until the patient signs for another bank account
        mandate: dict[str, object] = {"credit_reference": p.account, "mandate_id": f"M-{p.name}", "patient_id": f"P-{p.account}"}
        yield PAYMENTS, "mandate.granted.v1", mandate


def early(p: Payment, _: Random) -> Steps:
    """The bank is faster than CREDIT: its word waits for the payment."""
    yield _settled(p, p.cents)
    yield _balance(p, p.cents)
    yield _initiated(p, p.cents, reference=f"INV-{p.name}")


def failed(p: Payment, _: Random) -> Steps:
    """The entry never reached the network."""
    yield _balance(p, p.cents)
    yield _initiated(p, p.cents, reference=f"INV-{p.name}")
    yield _bank(p, "payment.failed.v1", {"reason": "file rejected"})


def canceled(p: Payment, _: Random) -> Steps:
    """CREDIT withdraws."""
    yield _initiated(p, p.cents)
    yield PAYMENTS, "payment.canceled.v1", {"credit_reference": p.account, "transaction_id": f"T-{p.name}", "reason": "withdrawn"}


def held(p: Payment, rng: Random) -> Steps:
    """Too large to go through by itself: a person decides."""
    whole = p.cents + 1_200_000
    yield _balance(p, whole)
    yield _initiated(p, whole, balance_id=f"B-{p.name}")
    verdict = rng.choice(("approve", "decline"))
    yield (
        OPERATIONS,
        "payment.reviewed.v1",
        {
            "credit_reference": p.account,
            "transaction_id": f"T-{p.name}",
            "verdict": verdict,
            "reviewer": "R-1",
        },
    )
    yield _settled(p, whole)


def declined(p: Payment, _: Random) -> Steps:
    """Above the hard limit; the bank's word on it is then an impossible one."""
    yield _initiated(p, p.cents + 6_000_000)
    yield _settled(p, p.cents + 6_000_000)


def paid_out(p: Payment, _: Random) -> Steps:
    """A credit to the hospital."""
    yield _initiated(p, p.cents, direction="disbursement")
    yield _settled(p, p.cents)


def preapproved(p: Payment, _: Random) -> Steps:
    """A credit promised to the hospital, which expires if the clock is faster than the bank."""
    yield _initiated(p, p.cents, direction="preapproval")
    yield _settled(p, p.cents)


def deposited(p: Payment, _: Random) -> Steps:
    """Money without a payment of ours, which names nothing that is owed."""
    yield (
        SETTLEMENTS,
        "deposit.received.v1",
        {
            "credit_reference": p.account,
            "deposit_id": f"D-{p.name}",
            "hospital_id": "H-1",
            "amount": _money(p.cents),
            "settlement_date": p.day,
            "reference": f"INV-{p.name}",
        },
    )


STORIES: tuple[tuple[Callable[[Payment, Random], Steps], int], ...] = (
    (repaid, 50),
    (repaid_by_amount, 15),
    (returned, 8),
    (early, 5),
    (failed, 3),
    (canceled, 3),
    (held, 3),
    (declined, 2),
    (paid_out, 4),
    (preapproved, 3),
)
"""Every kind with its weight, but deposits, which have accounts of their own."""


def event(p: Payment, number: int, kind: str, data: dict[str, object]) -> bytes:
    """The structured CloudEvent of one step."""
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": f"{p.name}-{number}",
            "source": "/chaos",
            "type": kind,
            "time": p.time,
            "subject": p.account,
            "data": data,
        }
    )


def _balance(p: Payment, cents: int) -> Step:
    owed = {"balance_id": f"B-{p.name}", "amount": _money(cents), "due_date": p.day, "reference": f"INV-{p.name}"}
    return PAYMENTS, "balance.opened.v1", {**p.common(), **owed}


def _initiated(p: Payment, cents: int, direction: str = "repayment", reference: str = "", balance_id: str = "") -> Step:
    asked = {
        "transaction_id": f"T-{p.name}",
        "amount": _money(cents),
        "direction": direction,
        "client_reference": f"C-{p.name}",
        "reference": reference,
        "balance_id": balance_id,
    }
    return PAYMENTS, "payment.initiated.v1", {**p.common(), **asked}


def _settled(p: Payment, cents: int) -> Step:
    return _bank(p, "payment.settled.v1", {"amount": _money(cents), "settlement_date": p.day, "trace_number": _trace(p)})


def _bank(p: Payment, kind: str, told: dict[str, object]) -> Step:
    return SETTLEMENTS, kind, {"credit_reference": p.account, "transaction_id": f"T-{p.name}", **told}


def _trace(p: Payment) -> str:
    return f"09100001{p.number:07d}"


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
