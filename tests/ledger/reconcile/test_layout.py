"""Headers as people write them."""

import pytest

from ledger.reconcile.layout import Layout, complete, guess

ROW = {"Date": "01/25/2026"}


def test_a_bank_statement_with_money_in_and_money_out() -> None:
    layout = guess(
        ["Booking Date", "Value Date", "Narrative", "Paid Out", "Paid In", "Balance", "Transaction Ref"],
        [{"Booking Date": "25/01/2026", "Paid Out": "1,00", "Paid In": "2,50"}],
    )
    assert (layout.date, layout.debit, layout.credit, layout.amount) == ("Booking Date", "Paid Out", "Paid In", "")
    assert (layout.text, layout.reference, layout.date_format, layout.decimal) == (("Narrative",), ("Transaction Ref",), "EU", ",")


def test_a_ledger_with_references_party_name_and_currency() -> None:
    layout = guess(
        ["entry_id", "posting_date", "amount_cents", "currency", "invoice_no", "trace_number", "patient_id", "patient_name", "match_group"],
        [{"entry_id": "1", "posting_date": "2026-01-05", "amount_cents": "1000"}],
    )
    assert (layout.id, layout.date, layout.amount, layout.currency, layout.party) == (
        "entry_id",
        "posting_date",
        "amount_cents",
        "currency",
        "patient_id",
    )
    assert (layout.reference, layout.name, layout.minor_units) == (("invoice_no", "trace_number"), ("patient_name",), True)


def test_debit_and_credit_as_words_beside_an_unsigned_amount() -> None:
    rows = [{"amount": "5.00", "type": "debit"}, {"amount": "6.00", "type": "credit"}]
    assert guess(["amount", "type"], rows).direction == "type"
    assert guess(["amount", "type"], [{"amount": "5.00", "type": "rent"}]).direction == ""
    assert guess(["amount", "type"], [{"amount": "-5.00", "type": "debit"}]).direction == ""


def test_what_a_mapping_gives_is_kept_and_the_rest_is_guessed() -> None:
    layout = complete(Layout(amount="b", date_format="EU"), ["a", "b", "date"], [{"a": "1", "b": "2", "date": "01/02/2026"}])
    assert (layout.amount, layout.date, layout.date_format, layout.assumed) == ("b", "date", "EU", ())


def test_an_ambiguous_format_is_told() -> None:
    assert guess(["date", "amount"], [{"date": "01/02/2026", "amount": "1,234"}]).assumed == (
        "amount: the decimal mark is taken for a point",
        "date: read as US, EU would do as well",
    )


@pytest.mark.parametrize(
    ("given", "headers", "says"),
    [
        (Layout(amount="sum"), ["amount"], "no such column: sum; there are amount"),
        (Layout(), ["date", "what"], "no column of amounts among date, what"),
        (Layout(date_format="MARS"), ["amount"], "no date format MARS"),
        (Layout(decimal="'"), ["amount"], "the decimal mark"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(given: Layout, headers: list[str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        complete(given, headers, [dict.fromkeys(headers, "1")])
