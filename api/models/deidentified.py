"""Postings without persons."""

from typing import Annotated

from pydantic import Field

from api.models.common import Answer, Money


class Cell(Answer):
    """Postings of one month and hospital between two accounts of the general ledger."""

    month: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$", examples=["2026-03"])]
    hospital_id: str
    debit_account: str
    credit_account: str
    postings: int
    patients: Annotated[int, Field(ge=11, description="Persons that the postings belong to.")]
    amount: Money


class DeidentifiedAnswer(Answer):
    """Cells of a range. What is too small to be told is counted, and in no total."""

    from_: Annotated[str, Field(alias="from")]
    to: str
    cells: list[Cell]
    suppressed_cells: int
    patients_min: int
