"""What is written is read as it was, and what is read is written as it was."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from ach.addenda_layouts import LAYOUT_OF
from ach.controls import close_batch, close_file
from ach.fields import Kind, Layout
from ach.json_form import from_json, to_json
from ach.layouts import ADV_ENTRY, BATCH_HEADER, ENTRY, FILE_HEADER, IAT_BATCH_HEADER, IAT_ENTRY
from ach.options import Options
from ach.reader import read
from ach.records import (
    Addenda98,
    Addenda98Refused,
    Addenda99,
    Addenda99Contested,
    Addenda99Dishonored,
    AddendaOther,
    Batch,
    File,
)
from ach.writer import write

ANYTHING = Options(skip_all=True)
PRINTABLE = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
FIXED: dict[type[Struct], dict[str, list[str]]] = {
    Addenda98: {"change_code": ["C01", "C03", "C07"]},
    Addenda98Refused: {"refused_change_code": ["C61", "C69"]},
    Addenda99: {"return_code": ["R01", "R10", "R97", ""]},
    Addenda99Dishonored: {"return_code": ["R61", "R62", "R70"]},
    Addenda99Contested: {"return_code": ["R71", "R74", "R77"]},
    AddendaOther: {"type_code": ["10", "11", "16", "18", "77"]},
}


def records(layout: Layout, **fixed: object) -> st.SearchStrategy[Any]:
    """Any value that this layout can write, with some fields fixed."""
    values = []
    for field in layout.fields:
        width = field.width
        if field.name in fixed:
            choice = fixed[field.name]
            values.append(st.sampled_from(choice) if isinstance(choice, list) else st.just(choice))
        elif field.kind is Kind.NUMBER:
            values.append(st.integers(0, 10**width - 1))
        elif field.kind is Kind.DIGITS:
            values.append(st.text("0123456789", min_size=width, max_size=width))
        elif field.kind is Kind.OPTIONAL_DIGITS:
            digits = st.text("0123456789", min_size=width, max_size=width)
            values.append(st.just("") | digits)
        elif field.kind is Kind.RIGHT:
            values.append(st.text(PRINTABLE, max_size=width).map(str.strip))
        else:
            values.append(st.text(PRINTABLE, max_size=width).map(str.rstrip))
    return st.tuples(*values).map(lambda chosen: layout.record(*chosen))


ADDENDA = st.one_of([records(layout, **FIXED.get(kind, {})) for kind, layout in LAYOUT_OF.items()])


@st.composite
def batches(draw: st.DrawFn, number: int, layout: Layout, header: Layout, sec: str) -> Batch:
    name = {} if header is IAT_BATCH_HEADER else {"company_name": "SOMEBODY"}
    drawn = draw(records(header, standard_entry_class_code=sec.rstrip(), batch_number=number, **name))
    entries: list[Any] = []
    for plain in draw(st.lists(records(layout), min_size=1, max_size=4)):
        fields = {field.name: getattr(plain, field.name) for field in layout.fields}
        entries.append(layout.record(**fields, addenda=tuple(draw(st.lists(ADDENDA, max_size=3)))))
    return close_batch(drawn, entries)


@st.composite
def files(draw: st.DrawFn) -> File:
    if draw(st.integers(0, 9)) == 0:
        drawn = [draw(batches(1, ADV_ENTRY, BATCH_HEADER, "ADV"))]
    else:
        drawn = []
        for number in range(1, draw(st.integers(1, 3)) + 1):
            sec = draw(st.sampled_from(["PPD", "CCD", "WEB", "CTX", "COR", "POS", "IAT", "XXX", "   "]))
            iat = sec == "IAT"
            layouts = (IAT_ENTRY, IAT_BATCH_HEADER) if iat else (ENTRY, BATCH_HEADER)
            drawn.append(draw(batches(number, *layouts, sec)))
    return close_file(draw(records(FILE_HEADER)), drawn)


@settings(max_examples=40, deadline=None)
@given(files())
def test_a_file_is_read_as_it_was_written(file: File) -> None:
    data = write(file)
    assert len(data) % 950 == 0
    assert read(data, ANYTHING).file == file


@settings(max_examples=40, deadline=None)
@given(files())
def test_bytes_are_written_as_they_were_read(file: File) -> None:
    data = write(file)
    assert write(read(data, ANYTHING).file) == data


@settings(max_examples=25, deadline=None)
@given(files())
def test_the_json_form_loses_nothing(file: File) -> None:
    assert from_json(to_json(file)) == file
