"""Reading: whole, damaged and partial files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ach.options import Options
from ach.problems import Rule
from ach.reader import EntryStream, read
from ach.records import Addenda05, Addenda98, Addenda99, Entry, File
from ach.routing import trace_number
from ach.writer import write
from tests.ach.samples import (
    ODFI,
    batch,
    changed,
    entry,
    file,
    payment_information,
    ppd,
    returned,
    with_addenda,
)


def many() -> File:
    """A file with one batch of each kind we meet."""
    original = entry(5)
    plus = with_addenda(entry(3), payment_information("TRN*1*12345*1512345678~", trace_number(ODFI, 3)))
    ctx = with_addenda(
        entry(4, 22, individual_name="0002Big Payer Inc"),
        payment_information("ST*820*0001", trace_number(ODFI, 4)),
        payment_information("SE*2*0001", trace_number(ODFI, 4), 2),
    )
    return file(
        batch([entry(1), entry(2)], number=1),
        batch([plus], "CCD", 2),
        batch([ctx], "CTX", 3),
        batch([entry(6, discretionary_data="S")], "WEB", 4),
        batch([entry(7, 37, discretionary_data="R")], "TEL", 5),
        batch([returned(original, "R01", 8), returned(original, "R10", 9)], number=6),
        batch([changed("C01", "1918171614", 10)], "COR", 7),
        batch([entry(11, 28, 0)], number=8, company_entry_description="PRENOTE"),
    )


def test_a_file_of_every_kind_is_valid_and_reads_as_it_was_written() -> None:
    original = many()
    reading = read(write(original))
    assert reading.problems == ()
    assert reading.file == original


def test_addenda_come_with_their_entries() -> None:
    batches = read(write(many())).file.batches
    assert isinstance(batches[1].entries[0].addenda[0], Addenda05)
    assert [len(found.entries[0].addenda) for found in batches] == [0, 1, 2, 0, 0, 1, 1, 0]
    back = batches[5].entries[1].addenda[0]
    assert isinstance(back, Addenda99)
    assert (back.return_code, back.original_trace_number) == ("R10", trace_number(ODFI, 5))
    notice = batches[6].entries[0].addenda[0]
    assert isinstance(notice, Addenda98)
    assert (notice.change_code, notice.corrected_data) == ("C01", "1918171614")


def mangle(how: str, lines: list[str]) -> bytes:
    """The lines of a file, as some bank sends them."""
    unpadded = [line for line in lines if line.strip("9")]
    trimmed = [line.rstrip() for line in lines]
    return {
        "line feeds": "\n".join(lines) + "\n",
        "carriage returns and line feeds": "\r\n".join(lines) + "\r\n",
        "carriage returns": "\r".join(lines),
        "no line endings": "".join(lines),
        "no line endings, one at the end": "".join(lines) + "\n",
        "no padding": "\n".join(unpadded),
        "trailing blanks trimmed": "\n".join(trimmed),
        "too many blanks": "\n".join(line + "   " for line in lines),
        "blank lines between": "\n\n".join(lines) + "\n\n\n",
        "an end-of-file character": "\n".join(lines) + "\n\x1a",
        "mixed line endings": "".join(line + ("\r\n" if at % 2 else "\n") for at, line in enumerate(lines)),
        "a byte order mark": "\ufeff" + "\n".join(lines),
    }[how].encode()


HARMLESS = """
line feeds
carriage returns and line feeds
carriage returns
no line endings
no line endings, one at the end
no padding
trailing blanks trimmed
too many blanks
blank lines between
an end-of-file character
mixed line endings
a byte order mark
"""


@pytest.mark.parametrize("how", HARMLESS.strip().splitlines())
def test_the_way_lines_are_ended_or_filled_makes_no_difference(how: str) -> None:
    original = many()
    reading = read(mangle(how, write(original).decode().splitlines()))
    assert reading.errors == 0, [str(problem) for problem in reading.problems]
    assert reading.file == original


def without(lines: list[str], *codes: str) -> bytes:
    return "\n".join(line for line in lines if line[0] not in codes).encode()


PARTIAL = """
records left out   rules reported                              overrides that allow it
1                  file_header                                 allow_missing_file_header
9                  file_control                                allow_missing_file_control
1 9                file_header file_control                    allow_missing_file_header allow_missing_file_control
8                  batch_control file_control                  allow_missing_batch_control allow_missing_file_control
1 8 9              file_header file_control batch_control      allow_missing_file_header allow_missing_file_control allow_missing_batch_control
1 5 8 9            file_header file_control batch_control entry_outside_batch   allow_missing_file_header allow_missing_file_control allow_missing_batch_control allow_missing_batch_header
"""  # noqa: E501 - a table


@pytest.mark.parametrize("line", PARTIAL.strip().splitlines()[1:])
def test_a_partial_file_gives_its_entries_and_says_what_is_missing(line: str) -> None:
    codes, rules, overrides = (cell.strip() for cell in line.replace("   ", "\t").split("\t") if cell.strip())
    left_out = codes.split()
    if "8" in left_out and "9" not in left_out:
        left_out.append("9")
    data = without(write(ppd(5)).decode().splitlines(), *left_out)
    reading = read(data)
    assert [len(found.entries) for found in reading.file.batches] == [5]
    assert {problem.rule for problem in reading.problems if not problem.warning} == {Rule(rule) for rule in rules.split()}
    allowed = read(data, Options(**dict.fromkeys(overrides.split(), True)))
    assert allowed.valid
    assert allowed.file.batches[0].entries == reading.file.batches[0].entries


def test_garbage_between_records_is_reported_and_the_rest_read() -> None:
    lines = write(ppd(4)).decode().splitlines()
    lines.insert(3, "HELLO FROM THE MAILER")
    lines.insert(5, "\x00\x01\x02")
    reading = read("\n".join(lines).encode())
    assert len(reading.file.batches[0].entries) == 4
    assert [problem.line for problem in reading.problems if problem.rule is Rule.RECORD_TYPE] == [4, 6]


def test_a_stream_gives_the_same_entries_without_the_whole_file() -> None:
    original = many()
    data = write(original)
    stream = EntryStream(data[at : at + 50] for at in range(0, len(data), 50))
    found = list(stream)
    assert [each.entry for each in found] == [one for each in original.batches for one in each.entries]
    assert found[0].header == original.batches[0].header
    assert stream.examination is not None
    assert stream.examination.valid


@given(st.binary(max_size=3000))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    reading = read(data)
    assert reading.errors > 0


def test_sensitive_values_do_not_enter_problems() -> None:
    bad = entry(1, dfi_account_number="SECRET\u00a7\u00a7", individual_name="WHO\u00a7")
    lines = write(ppd(1)).decode().splitlines()
    lines[2] = lines[2][:12] + bad.dfi_account_number.ljust(17) + lines[2][29:54] + "WHO\u00a7".ljust(22) + lines[2][76:]
    reading = read("\n".join(lines).encode())
    assert {problem.field for problem in reading.problems} == {"dfi_account_number", "individual_name"}
    assert not any("SECRET" in str(problem) or "WHO" in str(problem) for problem in reading.problems)


def test_an_entry_is_a_value() -> None:
    first = read(write(ppd(1))).file.batches[0].entries[0]
    assert isinstance(first, Entry)
    assert first == entry(1)
    assert hash(first) == hash(entry(1))
