"""Retries, return fees and reversals, made and refused by the book."""

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from ach.builder import build_batches
from ach.follow_ups import (
    NoFee,
    NoReversal,
    ReversalReason,
    refuse_fee,
    refuse_reversal,
    retry_of,
    return_fee_of,
    reversal_of,
)
from ach.outgoing import refuse
from ach.records import BatchHeader
from ach.zone import NEW_YORK
from tests.ach.test_builder import INSTALMENT, outgoing

MONDAY = date(2026, 11, 30)
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=NEW_YORK)


def test_a_retry_changes_nothing_but_description_and_date() -> None:
    original = outgoing("P-1", sec="WEB", payment_type="R", descriptive_date="SD1300")
    retry = retry_of(original, "P-1/R1", MONDAY)
    assert (retry.description, retry.effective_date, retry.reference) == ("RETRY PYMT", MONDAY, "P-1/R1")
    kept = [name for name in retry.__struct_fields__ if getattr(retry, name) == getattr(original, name)]
    assert set(retry.__struct_fields__) - set(kept) == {"reference", "description", "effective_date", "descriptive_date"}
    assert refuse(retry) is None


def test_retries_and_fees_travel_in_batches_of_their_own() -> None:
    built = build_batches([INSTALMENT, retry_of(INSTALMENT, "R", INSTALMENT.effective_date), return_fee_of(INSTALMENT, "F", 2500, MONDAY)])
    headers = [batch.header for batch in built.batches]
    assert [header.company_entry_description for header in headers if isinstance(header, BatchHeader)] == [
        "INSTALMENT",
        "RETRY PYMT",
        "RETURN FEE",
    ]


FEES = """
description  code  transaction  charged  settles     refused because
INSTALMENT   R01       27         no     2026-12-07  -
INSTALMENT   R09       37         no     2026-12-07  -
RETRY PYMT   R01       27         no     2026-12-07  -
RETURN FEE   R01       27         no     2026-12-07  FEE_ON_FEE
INSTALMENT   R23       22         no     2026-12-07  NOT_A_DEBIT
INSTALMENT   R08       27         no     2026-12-07  CODE
INSTALMENT   R02       27         no     2026-12-07  CODE
INSTALMENT   R01       27         yes    2026-12-07  ALREADY_CHARGED
INSTALMENT   R01       27         no     2027-01-07  -
INSTALMENT   R01       27         no     2027-01-08  TOO_LATE
"""


@pytest.mark.parametrize("row", FEES.strip().splitlines()[1:])
def test_who_pays_a_return_fee(row: str) -> None:
    description, (code, transaction, charged, settles, expected) = row[:10], row[10:].split()
    original = replace(INSTALMENT, description=description.strip(), transaction_code=int(transaction))
    found = refuse_fee(original, code, date(2026, 11, 23), date.fromisoformat(settles), already_charged=charged == "yes")
    assert found is (None if expected == "-" else NoFee[expected])


REVERSALS = """
sec  transaction  description  reason          found, hours ago  settled     refused because
PPD      27       INSTALMENT   DUPLICATE              1          2026-11-23  -
PPD      22       REFUND       WRONG_AMOUNT          24          2026-11-17  -
PPD      22       REFUND       PAID_BY_CHECK          1          2026-11-23  -
PPD      27       INSTALMENT   PAID_BY_CHECK          1          2026-11-23  REASON_DOES_NOT_FIT
CCD      22       REFUND       PAID_BY_CHECK          1          2026-11-23  REASON_DOES_NOT_FIT
PPD      27       REVERSAL     DUPLICATE              1          2026-11-23  IS_REVERSAL
PPD      28       PRENOTE      DUPLICATE              1          2026-11-23  MOVES_NO_MONEY
PPD      27       INSTALMENT   DUPLICATE             25          2026-11-23  DISCOVERED_TOO_LONG_AGO
PPD      27       INSTALMENT   WRONG_DATE             1          2026-11-16  TOO_LATE
"""


@pytest.mark.parametrize("row", REVERSALS.strip().splitlines()[1:])
def test_what_may_be_reversed(row: str) -> None:
    sec, transaction, description, reason, hours, settled, expected = row.split()
    original = replace(INSTALMENT, sec=sec, transaction_code=int(transaction), description=description)
    found = refuse_reversal(
        original,
        ReversalReason[reason],
        settled=date.fromisoformat(settled),
        discovered=NOON - timedelta(hours=int(hours)),
        now=NOON,
    )
    assert found is (None if expected == "-" else NoReversal[expected])


@pytest.mark.parametrize(("code", "undone"), [(22, 27), (27, 22), (32, 37), (37, 32), (52, 55), (55, 52), (47, 42)])
def test_a_reversal_flips_the_transaction_code(code: int, undone: int) -> None:
    reversal = reversal_of(replace(INSTALMENT, transaction_code=code), "X", MONDAY)
    assert (reversal.transaction_code, reversal.description) == (undone, "REVERSAL")
    assert (reversal.amount_cents, reversal.sec) == (INSTALMENT.amount_cents, INSTALMENT.sec)


def test_a_reversal_needs_a_banking_day_and_money() -> None:
    with pytest.raises(ValueError, match="no banking day"):
        reversal_of(INSTALMENT, "X", date(2026, 11, 26))
    with pytest.raises(ValueError, match="moves no money"):
        reversal_of(replace(INSTALMENT, transaction_code=28), "X", MONDAY)
