"""Writing is strict."""

import pytest
from msgspec.structs import replace

from ach.layouts import ADV_BATCH_CONTROL, BATCH_CONTROL, BATCH_HEADER, ENTRY, FILE_CONTROL, FILE_HEADER
from ach.records import Addenda99, BatchHeader, Entry, File, FileControl
from ach.validator import preflight, validate
from ach.writer import write
from tests.ach.samples import batch, entry, file, ppd, with_addenda
from tests.ach.test_foreign import adv_file

MISFITS = """
field                   value              says
dfi_account_number      123456789012345678 entry detail: dfi_account_number does not fit columns 13-29
individual_name         a name that is far too long for it  entry detail: individual_name does not fit columns 55-76
rdfi_identification     1234567            entry detail: rdfi_identification does not fit columns 4-11
rdfi_identification     1234567x           entry detail: rdfi_identification does not fit columns 4-11
check_digit             -                  entry detail: check_digit does not fit columns 12-12
amount_cents            -1                 entry detail: amount_cents does not fit columns 30-39
amount_cents            10000000000        entry detail: amount_cents does not fit columns 30-39
trace_number            12                 entry detail: trace_number does not fit columns 80-94
individual_name         Zoë                entry detail: only printable ASCII can be written
individual_name         two\\nlines        entry detail: only printable ASCII can be written
"""


@pytest.mark.parametrize("row", MISFITS.strip().splitlines()[1:])
def test_what_does_not_fit_is_refused_by_name(row: str) -> None:
    field, rest = row.split(maxsplit=1)
    value, says = rest.split("entry detail:")
    text = value.strip().replace("\\\\n", "\n").replace("\\n", "\n")
    changed: object = int(text) if field == "amount_cents" else text
    made = replace(entry(1), **{field: changed})
    with pytest.raises(ValueError, match=f"entry detail:{says.split('(')[0]}"):
        write(File(None, (batch([entry(1)]),), None).__class__(None, (replace(batch([entry(1)]), entries=(made,)),), None))


def test_blocks_are_filled_with_nines() -> None:
    for count in range(1, 25):
        lines = write(ppd(count)).decode().splitlines()
        assert len(lines) % 10 == 0
        assert all(len(line) == 94 for line in lines)
        pads = [line for line in lines if not line.strip("9")]
        assert len(pads) == -(count + 4) % 10
        assert lines[count + 3][7:13] == f"{len(lines) // 10:06}"


def test_a_control_that_would_read_as_padding_is_refused() -> None:
    nines = FileControl(999_999, 999_999, 99_999_999, 9_999_999_999, 999_999_999_999, 999_999_999_999)
    with pytest.raises(ValueError, match="nothing but nines"):
        write(File(None, (), nines))


def test_an_addenda_trace_is_digits_or_blank() -> None:
    assert write(file(batch([with_addenda(entry(1, 26), Addenda99("R01"))])))
    with pytest.raises(ValueError, match="addenda 99: original_trace_number"):
        write(file(batch([with_addenda(entry(1, 26), Addenda99("R01", "12345"))])))


def test_layouts_leave_no_column_twice() -> None:
    for layout in (FILE_HEADER, BATCH_HEADER, ENTRY, BATCH_CONTROL, ADV_BATCH_CONTROL, FILE_CONTROL):
        columns = [column for field in layout.fields for column in range(field.start, field.end + 1)]
        assert len(columns) == len(set(columns))
        assert max(columns) <= 94
        assert [field.name for field in layout.fields] == list(layout.record.__struct_fields__)[: len(layout.fields)]


def test_preflight_passes_what_is_right_and_nothing_else() -> None:
    assert preflight(write(ppd())) == ()
    assert validate(ppd()) == ()
    late = file(batch([entry(2), entry(1)]))
    assert [problem.rule for problem in validate(late)] == ["trace_ascending"]
    undated = file(batch([entry(1)], effective_entry_date="      "))
    assert [(problem.rule, problem.warning) for problem in preflight(write(undated))] == [("date", False)]


def test_an_entry_renders_as_nacha_draws_it() -> None:
    line = ENTRY.render(entry(1, 27, 12_345))
    assert line == "627076401251001              0000012345PATIENT 1      " + "Jane Doe".ljust(22) + "  " + "0" + "121042880000001"
    assert isinstance(ENTRY.parse(line)[0], Entry)
    assert isinstance(BATCH_HEADER.parse("5" + " " * 93)[0], BatchHeader)


def test_a_batch_without_header_does_not_follow_one_that_is_open() -> None:
    whole, other = batch([entry(1)]), batch([entry(2)], number=2)
    with pytest.raises(ValueError, match="would read as its part"):
        write(File(None, (replace(whole, control=None), replace(other, header=None)), None))
    assert write(File(None, (whole, replace(other, header=None)), None)).count(b"\n") == 5


def test_accounting_advices_have_their_file_control_even_without_their_own() -> None:
    advices = adv_file(81, 82)
    damaged = File(advices.header, (replace(advices.batches[0], control=None),), advices.control)
    assert write(damaged).splitlines()[-1 - write(damaged).splitlines().count(b"9" * 94)] == write(advices).splitlines()[5]
