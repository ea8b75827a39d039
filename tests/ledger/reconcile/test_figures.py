"""Amounts as files write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.reconcile.figures import NumberFormat, decimal, detect, units

POINT, COMMA, CENTS = NumberFormat("."), NumberFormat(","), NumberFormat(".", minor_units=True)


@pytest.mark.parametrize(
    ("text", "form", "amount"),
    [
        ("1234.56", POINT, "1234.56"),
        ("1,234.56", POINT, "1234.56"),
        ("$1,234.5", POINT, "1234.50"),
        ("USD 12", POINT, "12.00"),
        ("1.234,56", COMMA, "1234.56"),
        ("1 234,56 €", COMMA, "1234.56"),
        ("(12.30)", POINT, "-12.30"),
        ("12.30-", POINT, "-12.30"),
        ("12.30 DR", POINT, "-12.30"),
        ("12.30 CR", POINT, "12.30"),
        ("-.5", POINT, "-0.50"),
        ("12.3456", POINT, "12.3456"),
        ("123456", CENTS, "1234.56"),
        ("-7", CENTS, "-0.07"),
        ("1234.5600000000001", POINT, "1234.56"),
        ("0.30000000000000004", POINT, "0.30"),
        ("₹1,23,456.00", POINT, "123456.00"),
        ("Rs. 500.00", POINT, "500.00"),
        ("US$ 7.50", POINT, "7.50"),
        ("1'234.50 CHF", POINT, "1234.50"),
        ("1\u202f234,50 €", COMMA, "1234.50"),
        ("−12.30", POINT, "-12.30"),
        ("($1,234.56)", POINT, "-1234.56"),
        ("100.", POINT, "100.00"),
        ("12.34567", POINT, None),
        ("1.234,56", POINT, None),
        ("--5", POINT, None),
        ("ABC 5.00", POINT, None),
        ("1.5", CENTS, None),
        ("ten", POINT, None),
        ("", POINT, None),
        ("1e5", POINT, None),
        ("123456789012.00", POINT, None),
    ],
)
def test_an_amount_is_exact_or_refused(text: str, form: NumberFormat, amount: str | None) -> None:
    read = units(text, form)
    assert (None if read is None else decimal(read)) == amount


@pytest.mark.parametrize(
    ("samples", "mark", "certain"),
    [
        (["1.50", "2,000.00"], ".", True),
        (["1,50", "2.000,00"], ",", True),
        (["1,5"], ",", True),
        (["1.234.567"], ",", True),
        (["1,234"], ".", False),
        (["Rs. 1,500.00"], ".", True),
        (["100", "200"], ".", True),
    ],
)
def test_a_column_tells_its_decimal_mark(samples: list[str], mark: str, certain: bool) -> None:
    assert detect(samples) == NumberFormat(mark, certain=certain)  # type: ignore[arg-type]


@given(st.integers(-(10**14), 10**14))
def test_writing_and_reading_give_the_amount_back(value: int) -> None:
    assert units(decimal(value), POINT) == value
