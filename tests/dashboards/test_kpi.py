"""The KPI files: every one says what it means, and wrong ones are named."""

import re
from pathlib import Path

import pytest

from ach.codes import ADMINISTRATIVE_CODES, UNAUTHORIZED_CODES
from ach.rates import THRESHOLD_BASIS_POINTS, Kind
from dashboards.kpi import FEW, Goal, KpiError, kpis, read

HEAD = """-- title: A
-- definition: Something
--   that goes on.
-- unit: percent
-- grain: rows
-- trap: none known
"""


def test_every_file_is_a_kpi_and_every_part_is_used() -> None:
    folder = Path(__file__).parents[2] / "dashboards" / "kpis"
    texts = {file.stem: file.read_text() for file in folder.glob("*.sql")}
    assert set(texts) == set(kpis())
    parts = {file.stem: file.read_text() for file in (folder / "parts").glob("*.sql")}
    assert {name for text in (*texts.values(), *parts.values()) for name in re.findall(r"@([a-z_]+)", text)} == set(parts)
    assert not any("@" in kpi.sql for kpi in kpis().values())


def test_a_headline_has_a_value_a_target_and_a_view_to_follow_it() -> None:
    for kpi in kpis().values():
        if kpi.value:
            assert kpi.value in kpi.sql, kpi.name
            assert kpi.target, kpi.name
            assert kpi.leads in {"payments", "returns", "exceptions", "reconciliation", "rules", "system"}, kpi.name
        assert kpi.definition.endswith("."), kpi.name


RATES = {"percent", "per_thousand"}


def test_a_rate_says_of_what_it_is_a_share_and_every_headline_what_is_usual() -> None:
    for kpi in kpis().values():
        for share in kpi.shares:
            assert all(re.search(rf"\b{column}\b", kpi.sql) for column in share), kpi.name
        if kpi.value and kpi.unit in RATES and kpi.name != "traceability":  # no sample: one break counts
            assert kpi.value in {share.column for share in kpi.shares}, kpi.name
        if kpi.baseline is not None:
            assert kpi.value, kpi.name
            assert kpi.baseline.kpi in {"", *kpis()}, kpi.name
    assert {kpi.name for kpi in kpis().values() if kpi.value and kpi.baseline is None} == {"aged_unmatched", "traceability"}


@pytest.mark.parametrize(("n", "few"), [(0, False), (1, True), (FEW - 1, True), (FEW, False), (None, False)])
def test_a_share_of_too_few_cases_is_known_by_its_count(n: int | None, few: bool) -> None:
    kpi = kpis()["returns_all"]
    assert kpi.few({"n": n, "returns": 3}, "rate_percent") is few
    assert not kpi.few({"n": n, "returns": 3}, "limit_percent")
    assert not kpis()["traceability"].few({"n": n}, "traceable_percent")


def test_the_return_classes_and_limits_are_those_of_the_ach_package() -> None:
    def codes(name: str) -> set[str]:
        return set(re.findall(r"'(R\d\d)'", kpis()[name].sql))

    assert codes("returns_unauthorized") == set(UNAUTHORIZED_CODES)
    assert codes("returns_administrative") == set(ADMINISTRATIVE_CODES)
    assert codes("returns_by_hospital") == codes("returns_trend") == {*UNAUTHORIZED_CODES, *ADMINISTRATIVE_CODES}
    for kind, name in ((Kind.UNAUTHORIZED, "unauthorized"), (Kind.ADMINISTRATIVE, "administrative"), (Kind.OVERALL, "all")):
        assert f"{THRESHOLD_BASIS_POINTS[kind]} AS limit_basis_points" in kpis()[f"returns_{name}"].sql
        assert kpis()[f"returns_{name}"].goal == Goal("<=", THRESHOLD_BASIS_POINTS[kind] / 100)


def test_a_header_goes_on_in_the_next_line_and_a_part_is_put_in_its_place() -> None:
    kpi = read(
        "a",
        f"{HEAD}SELECT count()\nFROM (@b)\n",
        {"b": "SELECT 1\nWHERE {{from:Date}} = {{to:Date}}".replace("{{", "{").replace("}}", "}")},
    )
    assert kpi.definition == "Something that goes on."
    assert kpi.sql == "SELECT count()\nFROM (\n    SELECT 1\n    WHERE {from:Date} = {to:Date}\n)"
    assert kpi.parameters == {"from", "to"}


def test_parts_are_made_of_parts_but_not_of_themselves() -> None:
    assert read("a", f"{HEAD}SELECT 1 FROM (@b) AS x\nLIMIT 1", {"b": "SELECT (@c)", "c": "1"}).sql == (
        "SELECT 1 FROM (\n    SELECT (\n        1\n    )\n) AS x\nLIMIT 1"
    )
    with pytest.raises(KpiError, match="b is a part of itself"):
        read("a", f"{HEAD}SELECT (@b)", {"b": "SELECT (@c)", "c": "SELECT (@b)"})


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("SELECT 1", "does not state"),
        (HEAD.replace("-- trap: none known\n", ""), "trap"),
        (HEAD + "-- colour: red\n", "unknown header colour"),
        (HEAD + "-- goal: nice\n", "goal nice"),
        (HEAD.replace("unit: percent", "unit: apples"), "unknown unit apples"),
        (HEAD + "SELECT 1 FROM (@nothing)", "no part nothing"),
        (HEAD + "SELECT {who:String}", "unknown parameters: who"),
        (HEAD + "-- share: a of b\n", "share a of b"),
        (HEAD + "-- baseline: what I feel\n", "baseline what I feel"),
        ("--strange\n", "not understood"),
    ],
)
def test_a_file_that_is_not_a_kpi_is_named(text: str, wrong: str) -> None:
    with pytest.raises(KpiError, match=wrong) as raised:
        read("mine", text, {})
    assert "mine.sql" in str(raised.value)
