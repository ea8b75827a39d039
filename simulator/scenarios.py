"""The mission's three use cases as scenarios: the messages to send, step by step, and what is to come of each step.

The bank's part is a script, so that the simulated bank gives the same outcomes when it answers the entries itself (the
demo); a test without that bank sends the steps' bank messages.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from ach.representment import RetryRules, retry_date
from simulator import hours
from simulator.bank import Bank, Script, Span
from simulator.hospitals import BY_ID
from simulator.message import Entry, Message, token
from simulator.outcomes import SETTLED, Outcome
from simulator.patients import Patient, Temper
from simulator.scribe import Scribe

SEED = 51_53
"""seed of the scripted bank: it decides trace numbers and the minutes of its answers, no outcome"""


class Step(NamedTuple):
    """Messages that belong together, the instant that the clock must reach afterwards, and what is then to be seen."""

    title: str
    messages: tuple[Message, ...]
    tick_ms: int
    expect: str


class Scenario(NamedTuple):
    """One use case. `transactions` are its payments by name, `script` the outcomes that the bank gives."""

    name: str
    mission: str
    account: str
    transactions: dict[str, str]
    steps: tuple[Step, ...]
    script: Script

    def credit(self) -> list[Message]:
        """CREDIT's messages alone, for a run in which the bank answers by itself."""
        return [message for step in self.steps for message in step.messages if not message.value.startswith(_BANK_HEAD)]


_BANK_HEAD = b'{"specversion":"1.0","id":"bank:'


def er_preapproval(tag: str, at_ms: int) -> Scenario:
    """5.1: $1,000 for an emergency is approved at once and stands on the hospital's account; the bank pays it out, then it is billed."""
    scribe = _scribe("er", tag, "H01")
    asked = scribe.initiated(at_ms + 60_000, "preapproval", 100_000)
    entry = _entry(asked)
    bank = _bank({})
    answers = bank.answers(entry)
    billed_ms = answers[-1].at_ms + hours.HOUR_MS
    balance = scribe.balance(100_000, hours.day_of(billed_ms + 30 * hours.DAY_MS))
    steps = (
        Step(
            "consent at the desk",
            (scribe.consent(at_ms, "payments", True), scribe.consent(at_ms + 1_000, "sms", True)),
            at_ms,
            "two consents",
        ),
        Step("CREDIT asks for $1,000", (asked,), asked.at_ms, "approved; billing.credit_applied 1000.00; a credit entry is due"),
        Step("the bank pays it out", tuple(answers), answers[-1].at_ms, "submitted, then settled"),
        Step("the treatment is billed", (scribe.balance_opened(billed_ms, balance),), billed_ms, "a balance of 1000.00 is open"),
    )
    transactions = {"preapproval": entry.transaction_id}
    return Scenario("er-preapproval", "5.1", scribe.patient.account, transactions, steps, {(entry.transaction_id, 1): SETTLED})


def monthly_reconciliation(tag: str, at_ms: int) -> Scenario:
    """5.2: a month's repayments match by themselves; what names an unknown invoice and exceeds all that is owed is an exception.

    A plan of four instalments of $250: one paid by reference, one by id, $100 without a reference; a week later $999.99 for an
    invoice of somebody else.
    """
    scribe = _scribe("monthly", tag, "H02")
    opened = hours.day_of(at_ms)
    dues = [opened]
    for _ in range(4):
        dues.append(_first_of_next_month(dues[-1]))
    plan = [scribe.balance(25_000, due) for due in dues[1:]]
    payday_ms = hours.instant(dues[1], 9)
    payments = [
        scribe.initiated(payday_ms, "repayment", 25_000, plan[0].reference),
        scribe.initiated(payday_ms + 60_000, "repayment", 25_000, "", plan[1].balance_id),
        scribe.initiated(payday_ms + 120_000, "repayment", 10_000),
        scribe.initiated(payday_ms + 7 * hours.DAY_MS, "repayment", 99_999, "INV-H02-00000000-0"),
    ]
    entries = [_entry(payment) for payment in payments]
    script = {(entry.transaction_id, 1): SETTLED for entry in entries}
    bank = _bank(script)
    own = sorted((answer for entry in entries[:3] for answer in bank.answers(entry)), key=lambda answer: answer.at_ms)
    foreign = bank.answers(entries[3])
    agreed = (scribe.consent(at_ms, "payments", True), scribe.mandate_granted(at_ms + 1_000), scribe.plan_opened(at_ms + 2_000, plan))
    steps = (
        Step("a plan of four instalments", agreed, at_ms + 2_000, "four balances of 250.00 are open"),
        Step("repayments on the 1st", tuple(payments[:3]), payments[2].at_ms, "three debit entries are due"),
        Step("the bank settles them", tuple(own), own[-1].at_ms, "matched by reference, by id and in part; 400.00 are open"),
        Step("a payment for an invoice of somebody else", (payments[3],), payments[3].at_ms, "approved, with an alert"),
        Step("the bank settles that too", tuple(foreign), foreign[-1].at_ms, "no more than is open is paid, the rest is an exception"),
    )
    names = ("by_reference", "by_id", "partial", "foreign_reference")
    transactions = {name: entry.transaction_id for name, entry in zip(names, entries, strict=True)}
    return Scenario("monthly-reconciliation", "5.2", scribe.patient.account, transactions, steps, script)


def returned_for_funds(tag: str, at_ms: int) -> Scenario:
    """5.3: a repayment comes back R01 (insufficient funds), is presented again five days later, and settles."""
    scribe = _scribe("returned", tag, "H03")
    balance = scribe.balance(31_250, hours.day_of(at_ms + 3 * hours.DAY_MS))
    agreed = (
        scribe.consent(at_ms, "payments", True),
        scribe.consent(at_ms + 1_000, "sms", True),
        scribe.mandate_granted(at_ms + 2_000),
        scribe.balance_opened(at_ms + 3_000, balance),
    )
    asked = scribe.initiated(at_ms + 60_000, "repayment", balance.amount_cents, balance.reference)
    entry = _entry(asked)
    script = {(entry.transaction_id, 1): Outcome("R01"), (entry.transaction_id, 2): SETTLED}
    first = _bank(script).answers(entry)
    retry_ms = _retry_ms(first[-1].at_ms, hours.day_of(first[-2].at_ms))
    second = _bank(script).answers(entry._replace(attempt=2, at_ms=retry_ms))
    steps = (
        Step("agreements and a bill", agreed, at_ms + 3_000, "a balance of 312.50 is open"),
        Step("CREDIT asks for the repayment", (asked,), asked.at_ms, "approved; a debit entry is due"),
        Step(
            "the bank returns it R01",
            tuple(first),
            first[-1].at_ms,
            "retry scheduled; webhook with error_code R01; SMS; the balance is open again",
        ),
        Step("five days later", (), retry_ms, "the entry is due again, described RETRY PYMT"),
        Step("the bank settles the re-presentment", tuple(second), second[-1].at_ms, "settled; the balance is paid"),
    )
    return Scenario("returned-for-funds", "5.3", scribe.patient.account, {"repayment": entry.transaction_id}, steps, script)


SCENARIOS: dict[str, Callable[[str, int], Scenario]] = {
    "er-preapproval": er_preapproval,
    "monthly-reconciliation": monthly_reconciliation,
    "returned-for-funds": returned_for_funds,
}
"""By name; each is called with a tag, which makes its ids its own, and the instant at which it begins."""


def _scribe(name: str, tag: str, hospital_id: str) -> Scribe:
    account = token("CR-", "scenario", name, tag)
    who = Patient(
        account,
        token("P-", "scenario", name, tag),
        token("M-", "scenario", name, tag),
        BY_ID[hospital_id],
        Temper.PUNCTUAL,
        "WEB",
    )
    return Scribe(SEED, who, f"scenario/{name}/{tag}")


def _bank(script: Script) -> Bank:
    """A bank that always answers by the banking calendar."""
    return Bank(SEED, Span(0, 1 << 60), script)


def _entry(asked: Message) -> Entry:
    assert asked.entry is not None, "a scenario's payments are in good order"
    return asked.entry


def _retry_ms(returned_ms: int, settled: date) -> int:
    due = retry_date(RetryRules(), hours.day_of(returned_ms), settled)
    assert due is not None, "a first return leaves time for a retry"
    return hours.instant(due, 0)


def _first_of_next_month(day: date) -> date:
    return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1, day=1)
