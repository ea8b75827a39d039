"""A rule book's terms and a debt to the plan that is quoted. Pure."""

from ach.calendar import is_banking_day
from api.models.common import dollars
from api.models.quote import QuoteAnswer, QuotedInstalment, QuoteRequest
from ledger.money import cents
from rules.compile import CompiledBook
from rules.quote import quote


def quoted(book: CompiledBook, asked: QuoteRequest) -> QuoteAnswer:
    """The answer; due dates fall on the Federal Reserve's banking days where the book lets them move."""
    found = quote(book.book.terms, cents(asked.amount), asked.first_due, is_banking_day, opened=asked.opened, paid=asked.paid, on=asked.on)
    return QuoteAnswer(
        version=book.version,
        instalments=[
            QuotedInstalment(
                number=each.number,
                due_date=each.due,
                payment=dollars(each.payment_cents),
                principal=dollars(each.principal_cents),
                interest=dollars(each.interest_cents),
                balance=dollars(each.balance_cents),
            )
            for each in found.instalments
        ],
        total=dollars(found.payment_cents),
        interest=dollars(found.interest_cents),
        payoff=dollars(found.payoff_cents),
        minimum_payment=dollars(found.minimum_cents),
    )
