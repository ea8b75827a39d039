"""Text tables of business cases: how a finance person writes items and money, and how the tests read them."""

from msgspec import convert

from ledger.matching.item import Expected, Incoming
from ledger.matching.outcome import Outcome
from ledger.money import money

NAMES = {"id": "balance_id", "ref": "reference", "patient": "patient_id", "hospital": "hospital_id", "day": "day", "trace": "trace_number"}


def rows(table: str) -> list[list[str]]:
    """The lines of a text table, cut at two or more blanks; lines that start with # are headings."""
    lines = [line.strip() for line in table.strip().splitlines()]
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines if line and not line.startswith("#")]


def cents(text: str) -> int:
    return int(text.replace(".", ""))


def blank(text: str) -> str:
    return "" if text == "-" else text


def open_items(table: str) -> list[Expected]:
    """Columns: balance, reference, open, due, patient, hospital."""
    return [
        Expected(balance, blank(reference), cents(amount), due, n, blank(patient), blank(hospital))
        for n, (balance, reference, amount, due, patient, hospital) in enumerate(rows(table))
    ]


def came_in(words: str, amount: str, source_id: str = "T1") -> Incoming:
    """`ref=INV-1 day=2026-01-05` and an amount."""
    fields = dict(word.split("=") for word in words.split()) if words != "-" else {}
    return convert(
        {"source_id": source_id, "amount_cents": cents(amount)} | {NAMES[name]: value for name, value in fields.items()}, Incoming
    )


def where(outcome: Outcome) -> str:
    """`B1 100.00 + B2 250.00`, with the rule after each part unless it is oldest first."""
    parts = [f"{a.balance_id} {money(a.amount_cents)}{'' if a.rule == 'oldest_first' else ' ' + a.rule}" for a in outcome.allocations]
    return " + ".join(parts) or "-"
