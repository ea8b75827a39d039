"""Postings without persons: small cells are left out, and nothing lets one calculate them."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.deidentified import PATIENTS_MIN
from tests.api.ledger_fake import World

URL = "/api/v1/ledger/deidentified"
ROWS: list[tuple[Any, ...]] = [
    ("2026-03-01", "hospital-1", "patient_receivable", "hospital_payable", 40, 11, 400_000),
    ("2026-03-01", "hospital-1", "cash", "patient_receivable", 39, 10, 390_000),
    ("2026-03-01", "=hospital-2", "cash", "patient_receivable", 900, 120, 9_000_001),
    ("2026-03-01", "hospital-3", "cash", "patient_receivable", 1, 1, 77),
]


def ask(client: TestClient, world: World, **changes: str) -> Any:
    world.store.stored["toStartOfMonth"] = ROWS
    return client.get(URL, params={"from": "2026-03-01", "to": "2026-04-01", **changes})


def test_cells_of_fewer_than_eleven_patients_are_left_out(client: TestClient, world: World) -> None:
    assert PATIENTS_MIN == 11
    said = ask(client, world).json()
    assert [(cell["hospital_id"], cell["patients"], cell["amount"]) for cell in said["cells"]] == [
        ("hospital-1", 11, "4000.00"),
        ("=hospital-2", 120, "90000.01"),
    ]
    assert (said["suppressed_cells"], said["patients_min"]) == (2, 11)
    assert set(said) == {"from", "to", "cells", "suppressed_cells", "patients_min"}


def test_csv_is_guarded_and_tells_what_is_missing(client: TestClient, world: World) -> None:
    lines = ask(client, world, format="csv").text.splitlines()
    assert lines[0] == "record,month,hospital_id,debit_account,credit_account,postings,patients,amount"
    assert lines[2].startswith("cell,2026-03,'=hospital-2,cash,")
    assert lines[-1] == "end,2,2 cells of fewer than 11 patients left out"
    assert not [line for line in lines if "hospital-3" in line]


@pytest.mark.parametrize(
    "changes", [{"from": "2026-03-02"}, {"to": "2026-04-02"}, {"from": "2026-03-01T00:00:00Z"}, {"from": "2026-05-01"}]
)
def test_other_ranges_than_whole_months_are_refused(client: TestClient, world: World, changes: dict[str, str]) -> None:
    assert ask(client, world, **changes).status_code == 422
