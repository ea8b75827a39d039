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


HEADERS = """
columns                                                                | date          | amount or debit/credit       | reference
Details, Posting Date, Description, Amount, Type, Check or Slip #      | Posting Date  | Amount                       | Check or Slip #
Date, Narration, Chq./Ref.No., Value Dt, Withdrawal Amt., Deposit Amt. | Date          | Withdrawal Amt./Deposit Amt. | Chq./Ref.No.
id, Created (UTC), Amount, Fee, Currency, Description                  | Created (UTC) | Amount                       |
GL Date, Doc No, Amount (GBP), Payer                                   | GL Date       | Amount (GBP)                 | Doc No
Date, Transaction Type, Num, Name, Memo/Description, Amount, Balance   | Date          | Amount                       | Num
Buchungstag, Verwendungszweck, Betrag, Währung, Rechnungsnr            | Buchungstag   | Betrag                       | Rechnungsnr
Patient No, Service Date, Amount Due, S.No                             | Service Date  | Amount Due                   |
"""


@pytest.mark.parametrize("line", HEADERS.strip().splitlines()[1:])
def test_the_columns_of_exports_as_banks_and_ledgers_name_them(line: str) -> None:
    columns, date, money, reference = (cell.strip() for cell in line.split("|"))
    layout = guess([name.strip() for name in columns.split(",")], [])
    found = layout.amount or f"{layout.debit}/{layout.credit}"
    assert (layout.date, found, "/".join(layout.reference)) == (date, money, reference)


def test_columns_without_telling_names_are_known_by_their_cells() -> None:
    rows = [{"when": "25.01.2026", "how much": "1.200,50", "Saldo": "9,00"}, {"when": "06.01.2026", "how much": "7,00", "Saldo": "2,00"}]
    layout = guess(["when", "how much", "Saldo"], rows)
    assert (layout.date, layout.amount, layout.decimal) == ("when", "how much", ",")
    assert layout.assumed == ("how much holds the amounts",)
    with pytest.raises(ValueError, match="no column of amounts"):
        guess(["a", "b"], [{"a": "1.00", "b": "2.00"}])
