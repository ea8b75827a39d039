"""The oracle finds nothing in a good run, and names what is done to one."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from bench.oracle import balances, cents, inputs, payments, public
from bench.oracle.evidence import Evidence
from bench.oracle.kafka import Raw
from bench.oracle.report import Report, read_report
from tests.bench.found import evidence


def judged(found: Evidence) -> Report:
    """Every invariant that needs no database."""
    balanced, accounts = balances.check(found)
    findings = (inputs.check(found), inputs.check_letters(found), cents.check(found), balanced, public.check(found))
    return Report((*findings, payments.check(found, accounts)))


def entries(records: list[Any], kind: str) -> list[Any]:
    """Entries with an effect of this kind."""
    return [entry for record in records for entry in record[8] if any(effect[0] == kind for effect in entry[6])]


def effect(records: list[Any], kind: str) -> list[Any]:
    """The last effect of this kind."""
    found: list[Any] = [effect for entry in entries(records, kind) for effect in entry[6] if effect[0] == kind][-1]
    return found


def lose_an_entry(records: list[Any]) -> None:
    records[20][8].pop(3)


def lose_a_record(records: list[Any]) -> None:
    records.pop(20)


def repeat_an_entry(records: list[Any]) -> None:
    records[21][8].insert(0, records[20][8][0])


def repeat_a_match(records: list[Any]) -> None:
    entry = entries(records, "matched")[-1]
    entry[6] += [part for part in entry[6] if part[0] in {"matched", "posted"}]


def match_a_cent_more(records: list[Any]) -> None:
    effect(records, "matched")[3] += 1


def post_to_an_unknown_account(records: list[Any]) -> None:
    effect(records, "posted")[1] = "pocket"


def suspend_a_cent_less(records: list[Any]) -> None:
    effect(records, "suspended")[2] -= 1


def refuse_a_good_event(records: list[Any]) -> None:
    entries(records, "balance")[-1][6][:] = [["refused", "DUPLICATE", "", ""]]


def approve_what_is_too_large(records: list[Any]) -> None:
    next(part for entry in entries(records, "decided") for part in entry[6] if part[:3:2] == ["decided", "declined"])[2] = "approved"


def number_effects_wrongly(records: list[Any]) -> None:
    records[20][8][3][7] = 5


def go_back(records: list[Any]) -> None:
    records[-1][6][0] -= 200


@pytest.mark.parametrize(
    ("wrong", "broken"),
    [
        (lose_an_entry, {"I1"}),
        (lose_a_record, {"I1", "I6"}),
        (repeat_an_entry, {"I1"}),
        (repeat_a_match, {"I2", "I3"}),
        (match_a_cent_more, {"I2", "I3", "model"}),
        (post_to_an_unknown_account, {"I2"}),
        (suspend_a_cent_less, {"I2", "I3", "model"}),
        (refuse_a_good_event, {"model"}),
        (approve_what_is_too_large, {"model", "I6"}),
        (number_effects_wrongly, {"I1"}),
        (go_back, {"I1"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_journal_that_is_wrong_is_named(wrong: Callable[[list[Any]], None], broken: set[str]) -> None:
    assert broken <= set(judged(evidence(journal=wrong)).broken)


def lose_one(raws: list[Raw]) -> None:
    raws.pop(2)


def repeat_one(raws: list[Raw]) -> None:
    raws.append(raws[2])


def change_one(raws: list[Raw]) -> None:
    raws[2] = raws[2]._replace(value=(raws[2].value or b"") + b" ", key=b"CR-other")


def swap_two(raws: list[Raw]) -> None:
    first, second = next(pair for pair in combinations(range(len(raws)), 2) if len({(raws[n].key, raws[n].topic) for n in pair}) == 1)
    raws[first], raws[second] = raws[second], raws[first]


@pytest.mark.parametrize("wrong", [lose_one, repeat_one, change_one, swap_two])
def test_public_events_that_are_wrong_are_named(wrong: Callable[[list[Raw]], None]) -> None:
    assert judged(evidence(public=wrong)).broken == ("I6",)


@pytest.mark.parametrize("wrong", [lose_one, change_one])
def test_dead_letters_that_are_wrong_are_named(wrong: Callable[[list[Raw]], None]) -> None:
    assert judged(evidence(letters=wrong)).broken == ("I1 dead",)


def test_a_letter_written_twice_is_no_fault() -> None:
    assert judged(evidence(letters=repeat_one)).holds


def test_a_good_run_holds_and_its_report_survives_json() -> None:
    report = judged(evidence())
    assert report.holds, report.text()
    assert read_report(report.to_json()) == report
    counted = {finding.name: finding.counted for finding in report.findings}
    assert min(counted["I1"][name] for name in ("posted", "refused", "dead")) > 0
    assert counted["I6"]["published"] > 100
