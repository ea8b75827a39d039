"""Books and facts that several tests need."""

from typing import Any

from ledger.facts import Facts
from rules.compile import CompiledBook, compile_book


def a_book(*tables: str, header: str = "") -> str:
    """A book's text: the header, then the given tables."""
    return "\n".join(['[book]\nname = "test"\nversion = 1', header, *tables])


def a_rule(name: str = "a-rule", when: str = "amount > 100", outcome: str = "review", **more: Any) -> str:
    """One `[[rule]]` table; values of `more` are TOML."""
    lines = ["[[rule]]", f'name = "{name}"', f"when = '''{when}'''", f'outcome = "{outcome}"']
    return "\n".join([*lines, *(f"{key} = {value}" for key, value in more.items())]) + "\n"


def compiled(*tables: str, header: str = "") -> CompiledBook:
    """The compiled book, which must be right."""
    book = compile_book(a_book(*tables, header=header))
    assert isinstance(book, CompiledBook), [str(error) for error in book]
    return book


def problems(text: str) -> list[tuple[int, str]]:
    """Lines and messages of everything wrong with a book's text."""
    book = compile_book(text)
    assert not isinstance(book, CompiledBook)
    return [(error.line, f"{error.where}: {error.message}") for error in book]


def payment(dollars: str = "100.00", direction: str = "repayment", **more: Any) -> Facts:
    """Facts of a payment with consent and mandate."""
    return Facts(
        **{
            "event_type": "payment.initiated",
            "direction": direction,
            "amount_cents": int(dollars.replace(".", "")),
            "has_mandate": True,
            "hospital_id": "H1",
            "account": "CR-1",
            **more,
        }
    )
