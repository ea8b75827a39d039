"""I3: nothing is applied beyond what is open, 0 <= open <= original; what is open is what the general ledger says is receivable."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.oracle.evidence import Evidence
from bench.oracle.journal import Fact
from bench.oracle.report import Finding, Violations


@dataclass
class Books:
    """One account as its effects say it is: every amount in cents."""

    original: dict[str, int] = field(default_factory=dict)
    open: dict[str, int] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    """of payments and deposits"""
    allocated: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    """of payments and deposits: allocated and suspended"""
    status: dict[str, str] = field(default_factory=dict)
    suspense: int = 0
    ledger: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    """debits less credits by general ledger account"""


def check(evidence: Evidence) -> tuple[Finding, dict[str, Books]]:
    """The finding, and the accounts by credit reference."""
    bad = Violations("I3", "0 <= open <= original, no money applied twice; receivable = sum of open balances, suspense = sum of suspended")
    accounts: defaultdict[str, Books] = defaultdict(Books)
    for chain in evidence.chains.values():
        for fact in chain.facts():
            for sentence in _take(accounts[fact.account], fact):
                bad.add(f"{fact.account}, {fact.place}: {sentence}")
    for account, books in accounts.items():
        owed, receivable = sum(books.open.values()), books.ledger["patient_receivable"]
        bad.add_if(owed != receivable, f"{account}: {owed} cents are open, {receivable} receivable")
        bad.add_if(
            books.suspense != -books.ledger["suspense"], f"{account}: {books.suspense} cents suspended, {-books.ledger['suspense']} posted"
        )
    bad.counted = {
        "accounts": len(accounts),
        "balances": sum(len(books.original) for books in accounts.values()),
        "payments": sum(len(books.status) for books in accounts.values()),
        "open cents": sum(sum(books.open.values()) for books in accounts.values()),
    }
    return bad.finding(), accounts


def _take(books: Books, fact: Fact) -> Iterator[str]:
    """Fold one effect; a sentence for everything about it that cannot be."""
    values = fact.values
    match fact.kind:
        case "balance" | "charged":
            if values["balance_id"] in books.original:
                yield f"balance {values['balance_id']} is opened again"
            books.original[values["balance_id"]] = books.open[values["balance_id"]] = values["amount_cents"]
        case "initiated":
            if values["transaction_id"] in books.amounts:
                yield f"payment {values['transaction_id']} is initiated again"
            books.amounts[values["transaction_id"]] = values["amount_cents"]
        case "deposit":
            if values["deposit_id"] in books.amounts:
                yield f"deposit {values['deposit_id']} is received again"
            books.amounts[values["deposit_id"]] = values["amount_cents"]
        case "decided" | "moved":
            if values["transaction_id"] not in books.amounts:
                yield f"payment {values['transaction_id']} is {values['status']}, but was never initiated"
            books.status[values["transaction_id"]] = values["status"]
        case "charge-waived":
            yield from _change(books, values["balance_id"], -values["waived_cents"], 0)
        case "recast":
            yield from _change(books, values["balance_id"], values["change_cents"], values["change_cents"])
        case "matched":
            yield from _allocate(books, values["source_id"], values["balance_id"], values["amount_cents"])
        case "unmatched":
            yield from _allocate(books, values["source_id"], values["balance_id"], -values["amount_cents"])
        case "balance-adjusted":
            balance = values["balance_id"]
            left = books.open.get(balance, 0) + values["amount_cents"]
            if not 0 <= left <= books.original.get(balance, 0):
                yield f"balance {balance} of {books.original.get(balance)} cents has {left} open after {values['adjustment_id']}"
            books.open[balance] = left
        case "suspended":
            books.suspense += values["amount_cents"]
            yield from _give(books, values["source_id"], values["amount_cents"])
        case "posted":
            books.ledger[values["debit"]] += values["amount_cents"]
            books.ledger[values["credit"]] -= values["amount_cents"]


def _change(books: Books, balance: str, open_cents: int, original_cents: int) -> Iterator[str]:
    """What is owed changes without money: a charge is waived, a plan spread anew."""
    books.original[balance] = books.original.get(balance, 0) + original_cents
    books.open[balance] = books.open.get(balance, 0) + open_cents
    if not 0 <= books.open[balance] <= books.original[balance]:
        yield f"balance {balance} of {books.original[balance]} cents has {books.open[balance]} open after a change of {open_cents}"


def _allocate(books: Books, source: str, balance: str, cents: int) -> Iterator[str]:
    left = books.open.get(balance, 0) - cents
    if not 0 <= left <= books.original.get(balance, 0):
        yield f"balance {balance} of {books.original.get(balance)} cents has {left} open after {cents} of {source}"
    books.open[balance] = left
    yield from _give(books, source, cents)


def _give(books: Books, source: str, cents: int) -> Iterator[str]:
    """Money of a source that is known goes nowhere twice."""
    books.allocated[source] += cents
    whole = books.amounts.get(source)
    if whole is not None and not 0 <= books.allocated[source] <= whole:
        yield f"{source} of {whole} cents has {books.allocated[source]} allocated"
