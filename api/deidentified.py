"""Postings without persons: sums by month, hospital and accounts of the general ledger, small cells left out.

Whole months alone can be asked for, and no total is told: otherwise what is left out could be found by subtraction.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from api.formats import guarded
from api.models.common import dollars
from api.models.deidentified import Cell, DeidentifiedAnswer
from api.problems import Finding, Kind, Problem
from api.span import Span
from api.store import Store

PATIENTS_MIN: Final = 11
"""A cell of fewer persons is not told: CMS cell size suppression policy, 1 to 10."""
_FIRST_DAY: Final = "-01"
_COLUMNS: Final = tuple(Cell.model_fields)
_SQL: Final = """
SELECT toString(toStartOfMonth(business_date)) AS month, toString(hospital_id), toString(debit), toString(credit),
       count(), uniqExact(patient_id), sum(amount_cents)
FROM (
    SELECT DISTINCT business_date, hospital_id, debit, credit, partition, position, credit_reference, amount_cents FROM ledger_entries
    WHERE business_date >= {since:Date} AND business_date < {until:Date}
      AND (empty({hospitals:Array(String)}) OR has({hospitals:Array(String)}, hospital_id))
) AS postings
LEFT JOIN (
    SELECT credit_reference, max(patient_id) AS patient_id FROM (
        SELECT credit_reference, patient_id FROM balance_items
        UNION ALL SELECT credit_reference, patient_id FROM payment_events WHERE kind = 'initiated'
    ) GROUP BY credit_reference
) AS people USING credit_reference
WHERE credit_reference NOT IN (
    SELECT credit_reference FROM consents WHERE purpose = 'analytics'
    GROUP BY credit_reference HAVING NOT argMax(granted, (partition, position))
) AND credit_reference NOT IN (SELECT credit_reference FROM subjects WHERE kind = 'erased')
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


async def deidentified(store: Store, span: Span, hospitals: Sequence[str] | None) -> DeidentifiedAnswer:
    """The cells of a range of whole months; `hospitals` None means all. Raises Problem (422) for other ranges."""
    for name, day in (("from", span.since_text), ("to", span.until_text)):
        if not day.endswith(_FIRST_DAY):
            found = Finding(detail="is the first day of a month: cells are whole months", parameter=name)
            raise Problem(Kind.INVALID, "The range is not valid; see errors.", errors=[found])
    asked = {**span.parameters, "hospitals": list(hospitals or ())}
    rows = [] if hospitals is not None and not hospitals else await store.ask(_SQL, asked)
    return told(span, rows)


def told(span: Span, rows: Iterable[Sequence[Any]]) -> DeidentifiedAnswer:
    """The answer from (month, hospital, debit, credit, postings, patients, cents): small cells are counted, not told."""
    cells, suppressed = [], 0
    for month, hospital, debit, credit, postings, patients, cents in rows:
        if patients < PATIENTS_MIN:
            suppressed += 1
            continue
        cells.append(
            Cell(
                month=month[:7],
                hospital_id=hospital,
                debit_account=debit,
                credit_account=credit,
                postings=postings,
                patients=patients,
                amount=dollars(cents),
            )
        )
    return DeidentifiedAnswer.model_validate(
        {"from": span.since_text, "to": span.until_text, "cells": cells, "suppressed_cells": suppressed, "patients_min": PATIENTS_MIN}
    )


def as_csv(answer: DeidentifiedAnswer) -> bytes:
    """The same as CSV; the last line says how many cells there are and how many were left out."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("record", *_COLUMNS))
    for cell in answer.cells:
        writer.writerow(("cell", *(guarded(value) if isinstance(value, str) else value for value in cell.model_dump().values())))
    writer.writerow(("end", len(answer.cells), f"{answer.suppressed_cells} cells of fewer than {answer.patients_min} patients left out"))
    return out.getvalue().encode()
