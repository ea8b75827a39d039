from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from msgspec.structs import replace

from ach.builder import MODIFIERS
from ach.deadlines import apply_change_by
from ach.notices import Correction
from ach.reader import read
from ach.records import BatchHeader, Entry
from ach.validator import preflight, preflight_heartbeat
from sinks.ach import filecut
from sinks.ach.config import parse
from sinks.ach.drafting import DayFullError
from sinks.ach.filecut import CutData
from sinks.ach.making import make
from tests.sinks.ach.told import MONDAY, Rail, due

DESCRIPTIONS = ("REPAYMENT", "RETRY PYMT", "CREDIT")
TWO_BANKS = parse(
    """
    [banks.first]
    destination = "091000019"
    origin = "1234567890"
    odfi = "09100001"
    same_day = true

    [banks.second]
    destination = "121042882"
    origin = "9876543210"
    odfi = "12104288"

    [hospitals.H01]
    bank = "first"
    company_name = "FIRST HOSPITAL"
    company_identification = "1234567890"

    [hospitals.H02]
    bank = "second"
    company_name = "SECOND HOSPITAL"
    company_identification = "9876543210"
    """
)


def remade(cut: CutData, dues: list) -> tuple[bytes, ...]:  # type: ignore[type-arg]
    """The files from the event alone, as it comes back from the wire."""
    decoded = msgspec.json.decode(msgspec.json.encode(cut), type=CutData)
    out = {(partition, offset) for partition, offset, _ in decoded.left_out}
    return make(decoded.number, decoded.terms, (found for found in reversed(dues) if (found.partition, found.offset) not in out)).files


def test_a_cut_makes_the_same_files_again() -> None:
    rail = Rail()
    dues = [due(n, hospital=f"H{n % 4}", side="credit" if n % 7 == 0 else "debit", description=DESCRIPTIONS[n % 3]) for n in range(200)]
    rail.wait(dues)
    cut = rail.cut({"H0", "H1", "H2", "H3"})
    assert remade(cut.event.data, dues) == cut.made.files
    assert all(preflight(content) == () for content in cut.made.files)


def test_a_heartbeat_is_a_cut_without_entries_and_the_next_goes_on_from_it() -> None:
    rail = Rail()
    found = rail.beat()
    [content] = found.made.files
    assert preflight_heartbeat(content) == ()
    assert [problem.rule for problem in preflight(content)] == ["no_batches"]
    assert remade(found.event.data, []) == (content,)
    assert (found.event.data.ranges, found.event.data.files[0].entries) == ([], 0)
    assert rail.state.has_file_since("sandbox", MONDAY)
    rail.wait([due(1)])
    cut = rail.cut({"H01"}).event.data
    assert (cut.number, cut.terms.file_of_day, cut.terms.first_sequence) == (2, 1, 1)


def test_retries_travel_apart() -> None:
    rail = Rail()
    rail.wait([due(1), due(2, description="RETRY PYMT"), due(3, description="RETURN FEE"), due(4, description="REVERSAL"), due(5)])
    [content] = rail.cut({"H01"}).made.files
    batches = read(content).file.batches
    found = [(batch.header.company_entry_description, len(batch.entries)) for batch in batches if isinstance(batch.header, BatchHeader)]
    assert found == [("REPAYMENT", 2), ("RETRY PYMT", 1), ("RETURN FEE", 1), ("REVERSAL", 1)]


def test_prenotes_move_no_money_and_travel_apart() -> None:
    rail = Rail()
    tried = [replace(due(n, side=side, description="PRENOTE"), amount_cents=0, attempt=0) for n, side in ((2, "debit"), (3, "credit"))]
    rail.wait([due(1), *tried])
    [content] = rail.cut({"H01"}).made.files
    assert preflight(content) == ()
    entries = [entry for batch in read(content).file.batches for entry in batch.entries]
    assert [(entry.transaction_code, entry.amount_cents) for entry in entries] == [(27, 10_001), (28, 0), (23, 0)]


def test_what_is_canceled_or_refused_is_left_out_and_never_waits_again() -> None:
    rail = Rail()
    rail.wait([due(1), due(2), due(3, description="PAYROLL"), due(4)])
    rail.waiting.cancel("tx-0-2", 0, 55)
    cut = rail.cut({"H01"}).event.data
    assert cut.left_out == [(0, 2, "CANCELED"), (0, 3, "DESCRIPTION")]
    assert (cut.ranges, cut.files[0].entries, len(rail.waiting)) == ([(0, 0, 4)], 2, 0)


def test_without_the_sandbox_no_account_is_made_up() -> None:
    rail = Rail()
    rail.wait([due(1), due(2)])
    cut = rail.cut({"H01"}, sandboxed=False).event.data
    assert (cut.left_out, cut.files) == ([(0, 1, "NO_INSTRUMENT"), (0, 2, "NO_INSTRUMENT")], [])


def test_each_bank_cuts_its_own_and_no_entry_is_in_two_cuts() -> None:
    rail = Rail(TWO_BANKS)
    dues = [due(n, hospital="H01" if n % 2 else "H02") for n in range(10)]
    rail.wait(dues)
    first = rail.cut({"H01"}, bank="first")
    assert {found.hospital_id for found in first.dues} == {"H01"}
    assert rail.state.covered.low_water(0) == 0
    second = rail.cut({"H02"}, bank="second")
    assert rail.state.covered.low_water(0) == 10
    assert {found.offset for found in first.dues} | {found.offset for found in second.dues} == set(range(10))


def test_numbers_go_on_from_cut_to_cut_and_day_to_day() -> None:
    rail, seen = Rail(), set[str]()
    for number, day in enumerate([0, 0, 1, 1, 1]):
        rail.wait([due(10 * number + n) for n in range(10)])
        cut = rail.cut({"H01"}, now=MONDAY + timedelta(days=day, minutes=number))
        traces = {travel.trace_number for travel in cut.made.travels}
        assert not traces & seen
        seen |= traces
        assert read(cut.made.files[0]).file.header.file_id_modifier == MODIFIERS[(0, 1, 0, 1, 2)[number]]  # type: ignore[union-attr]
    assert len(rail.state.unsent) == 5


def test_row_30_files_and_batches_of_the_same_second_have_ids_of_their_own() -> None:
    """Faults, row 30: five cuts at one instant, for two banks; none has another's name, number or place."""
    rail = Rail(TWO_BANKS)
    files, sent, batches, traces = [], [], [], []
    for number in range(5):
        hospital, bank = ("H01", "first") if number % 2 else ("H02", "second")
        rail.wait([due(10 * number + n, hospital=hospital, description=DESCRIPTIONS[n % 2]) for n in range(4)])
        cut = rail.cut({hospital}, bank=bank, now=MONDAY)
        files += cut.event.data.files
        traces += [travel.trace_number for travel in cut.made.travels]
        for content in cut.made.files:
            file = read(content).file
            assert file.header is not None
            head = file.header
            sent.append((head.immediate_origin, head.file_creation_date, head.file_creation_time, head.file_id_modifier))
            batches += [(sent[-1], batch.header.batch_number) for batch in file.batches if isinstance(batch.header, BatchHeader)]
    assert len({time for _, _, time, _ in sent}) == 1, "all of one minute"
    for ids in ([file.file_id for file in files], [file.name for file in files], [file.sha256 for file in files], sent, batches, traces):
        assert len(set(ids)) == len(ids)
    assert (len(files), len(batches), len(traces)) == (5, 10, 20)


def test_a_day_has_files_for_36_modifiers_and_the_rest_waits() -> None:
    rail = Rail()
    for number in range(36):
        rail.wait([due(number)])
        rail.cut({"H01"})
    rail.wait([due(36)])
    with pytest.raises(DayFullError):
        rail.draft({"H01"})
    assert rail.draft({"H01"}, now=MONDAY + timedelta(days=1)) is not None


DATES = """
now (UTC)        | cents     | effective  | window
2026-03-02 14:00 | 10000     | 2026-03-02 | SD1300
2026-03-02 18:50 | 10000     | 2026-03-02 | SD1700
2026-03-02 22:30 | 10000     | 2026-03-03 |
2026-03-02 14:00 | 100000001 | 2026-03-03 |
2026-03-06 22:30 | 10000     | 2026-03-09 |
2026-03-07 15:00 | 10000     | 2026-03-09 | SD1300
2026-07-02 23:30 | 10000     | 2026-07-03 | SD1300
2026-07-03 23:30 | 10000     | 2026-07-06 | SD1300
"""


@pytest.mark.parametrize("line", DATES.strip().splitlines()[1:])
def test_effective_dates_of_a_same_day_bank(line: str) -> None:
    now, cents, effective, window = (cell.strip() for cell in line.split("|"))
    rail = Rail(TWO_BANKS)
    rail.wait([due(1, cents=int(cents), sec="CCD", side="credit")])
    cut = rail.cut({"H01"}, bank="first", now=datetime.fromisoformat(now).replace(tzinfo=UTC))
    [travel] = cut.made.travels
    header = read(cut.made.files[0]).file.batches[0].header
    assert (travel.effective_date, header.company_descriptive_date) == (date.fromisoformat(effective), window)  # type: ignore[union-attr]


def test_a_cut_that_lost_is_not_believed() -> None:
    rail, zombie = Rail(), Rail()
    for found in (rail, zombie):
        found.wait([due(1), due(2)])
    late = zombie.draft({"H01"}, now=MONDAY + timedelta(minutes=1))
    rail.cut({"H01"})
    assert late is not None
    assert not rail.state.apply(late.event, filecut.encode(late.event))
    assert (rail.state.number, rail.state.skipped) == (1, 1)


def test_a_cut_holds_no_more_than_its_event_can_carry() -> None:
    rail = Rail(TWO_BANKS, parts_max=10)
    rail.wait([due(n, hospital="H01" if n % 2 else "H02") for n in range(100)])
    cuts = 0
    while rail.draft({"H01"}, bank="first"):
        assert len(rail.cut({"H01"}, bank="first").event.data.ranges) <= 10
        cuts += 1
    assert cuts >= 5
    assert len(rail.waiting) == 50, "the other bank's"


def test_hospital_without_section_is_refused() -> None:
    rail = Rail(TWO_BANKS)
    rail.wait([due(1, hospital="H09")])
    assert rail.cut({"H01", "H09"}, bank="first").event.data.left_out == [(0, 1, "NO_ORIGINATOR")]


def test_a_notice_of_change_counts_from_the_next_entry_on() -> None:
    rail = Rail()
    rail.wait([due(1), due(2)])
    before = rail.cut({"H01"})
    for code, correction in (
        ("C01", Correction(account="NEW-1")),
        ("C05", Correction(transaction_code=37)),
        ("C04", Correction(name="NEW NAME")),
    ):
        event = filecut.AccountCorrected(
            id=code,
            time=MONDAY,
            data=filecut.CorrectedData(
                credit_reference="acct-1",
                transaction_id="tx-0-1",
                trace_number=before.made.travels[0].trace_number,
                code=code,
                day=MONDAY.date(),
                apply_by=apply_change_by(MONDAY.date()),
                correction=correction,
            ),
        )
        assert rail.state.apply(filecut.decode(filecut.encode(event)), b"")
    again = [replace(found, offset=found.offset + 10, attempt=2, description="RETRY PYMT") for found in before.dues]
    rail.wait(again)
    after = rail.cut({"H01"})
    changed, same = read(after.made.files[0]).file.batches[0].entries
    assert isinstance(changed, Entry)
    assert isinstance(same, Entry)
    assert (changed.dfi_account_number, changed.transaction_code, changed.individual_name) == ("NEW-1", 37, "NEW NAME")
    assert (same.dfi_account_number, same.transaction_code) == (before.made.travels[1].instrument.account, 27)
    assert remade(before.event.data, list(before.dues)) == before.made.files, "what was sent stays what it was"
    assert remade(after.event.data, again) == after.made.files
