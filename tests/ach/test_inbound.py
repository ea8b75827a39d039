"""What the bank sends back, end to end: our file out, its answers in. Faults, row 28."""

from datetime import date, datetime

import pytest

from ach.builder import Route
from ach.cutting import cut
from ach.inbound import InboundFile, InboundItem
from ach.notices import Correction
from ach.open_batch import Category
from ach.reader import EntryStream, read
from ach.records import (
    Addenda98Refused,
    Addenda99Contested,
    Addenda99Dishonored,
    BatchHeader,
    Entry,
    File,
)
from ach.returning import Answer, answer_file
from ach.writer import write
from ach.zone import NEW_YORK
from tests.ach.samples import batch, entry, file, with_addenda
from tests.ach.test_builder import ROUTE, outgoing

CREATED = datetime(2026, 11, 24, 20, 0, tzinfo=NEW_YORK)
BANK = Route(immediate_destination="121042882", immediate_origin="231380104")


def answers(sent: File, codes: dict[str, str]) -> list[Answer]:
    """Answers to the entries of these names."""
    made = []
    for found in EntryStream(write(sent)):
        assert isinstance(found.entry, Entry)
        assert isinstance(found.header, BatchHeader)
        code = codes.get(found.entry.individual_name)
        if code:
            correction = Correction(account="1918171614") if code == "C01" else None
            made.append(Answer(header=found.header, entry=found.entry, code=code, correction=correction))
    return made


def test_returns_and_notices_find_their_entries() -> None:
    names = ["Ann", "Bob", "Cid", "Dan"]
    entries = [outgoing(name, name=name, amount_cents=100 * at) for at, name in enumerate(names, start=1)]
    made = cut(ROUTE, entries, created=CREATED)
    traces = {sent.reference: sent.trace_number for sent in made.sent}
    replies = answers(made.files[0], {"Bob": "R01", "Cid": "C01", "Dan": "R10"})
    back = answer_file(BANK, replies, created=CREATED, settles=date(2026, 11, 25))
    assert read(write(back.file)).valid
    items = list(InboundFile(write(back.file)))
    assert [(item.category, item.code, item.reason) for item in items] == [
        (Category.RETURN, "R01", "insufficient_funds"),
        (Category.RETURN, "R10", "not_authorized"),
        (Category.NOTICE_OF_CHANGE, "C01", "C01"),
    ]
    assert [item.original_trace_number for item in items] == [traces["Bob"], traces["Dan"], traces["Cid"]]
    assert [item.amount_cents for item in items] == [200, 400, 0]
    assert all(item.is_debit and item.company_identification == "1210428822" for item in items)
    assert [item.settlement_julian for item in items] == ["329"] * 3
    assert items[2].correction == Correction(account="1918171614")
    assert back.next_sequence == 4


def test_a_file_read_twice_gives_the_same_items() -> None:
    replies = [Answer(header=_header(), entry=entry(at), code="R09") for at in range(1, 9)]
    data = write(answer_file(BANK, replies, created=CREATED, settles=date(2026, 11, 25)).file)
    assert list(InboundFile(data)) == list(InboundFile(data))


def _header() -> BatchHeader:
    header = batch([entry(1)]).header
    assert isinstance(header, BatchHeader)
    return header


def only(made: Entry, sec: str = "PPD") -> InboundItem:
    (item,) = InboundFile(write(file(batch([made], sec))))
    return item


def test_disputes_carry_the_code_they_answer() -> None:
    dishonored = Addenda99Dishonored("R68", "121042880000001", "23138010", "231380100000001", "329", "01", "UNTIMELY")
    item = only(with_addenda(entry(1, 26), dishonored))
    assert (item.category, item.code, item.reason, item.return_reason_code, item.information) == (
        Category.DISHONORED,
        "R68",
        "untimely_return",
        "R01",
        "UNTIMELY",
    )
    contested = Addenda99Contested("R73", "121042880000001", "261125", "23138010", "327", "231380100000001", "329", "01")
    item = only(with_addenda(entry(1, 26), contested))
    assert (item.category, item.code, item.reason, item.return_reason_code) == (
        Category.CONTESTED,
        "R73",
        "timely_original_return",
        "R01",
    )


def test_a_refused_notice_is_an_item() -> None:
    refused = Addenda98Refused("C65", "121042880000001", "23138010", "1918171614", "C01", "0000007", "")
    item = only(with_addenda(entry(1, 26, 0), refused), "COR")
    assert (item.category, item.code, item.correction) == (Category.NOTICE_OF_CHANGE, "C65", None)


def test_forward_entries_are_no_items() -> None:
    assert list(InboundFile(write(file(batch([entry(1)]))))) == []


def test_a_partial_return_file_gives_its_items_and_its_problems() -> None:
    replies = [Answer(header=_header(), entry=entry(at), code="R01") for at in range(1, 4)]
    data = write(answer_file(BANK, replies, created=CREATED, settles=date(2026, 11, 25)).file)
    lines = [line.rstrip() for line in data.decode().splitlines() if line[0] in "67"]
    inbound = InboundFile("\r\n".join(lines).encode())
    assert sorted(item.original_trace_number for item in inbound) == [entry(at).trace_number for at in range(1, 4)]
    assert inbound.stream.examination is not None
    assert inbound.stream.examination.errors > 0


def test_no_answer_makes_no_file() -> None:
    with pytest.raises(ValueError, match="nothing to answer"):
        answer_file(BANK, [], created=CREATED, settles=date(2026, 11, 25))
