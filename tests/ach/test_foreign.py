"""Entry classes that are not ours: read and checked, never originated. International and accounting entries."""

from ach.controls import close_batch, close_file
from ach.open_batch import Category, category_of
from ach.problems import Rule
from ach.reader import read
from ach.records import (
    Addenda02,
    Addenda05,
    Addenda98,
    Addenda99,
    AddendaOther,
    AdvBatchControl,
    AdvEntry,
    BatchHeader,
    File,
    IatBatchHeader,
    IatEntry,
)
from ach.routing import trace_number
from ach.summary import summarize
from ach.writer import write
from tests.ach.samples import HEADER, ODFI, batch, entry, file, payment_information, with_addenda

IAT_HEADER = IatBatchHeader(
    service_class_code=225,
    foreign_exchange_indicator="FF",
    foreign_exchange_reference_indicator="3",
    iso_destination_country_code="US",
    originator_identification="123456789",
    company_entry_description="TRADEPAYMT",
    iso_originating_currency_code="CAD",
    iso_destination_currency_code="USD",
    effective_entry_date="261124",
    odfi_identification=ODFI,
)


def iat_entry(*kinds: str) -> IatEntry:
    addenda = tuple(AddendaOther(kind, f"CONTENT OF {kind}") for kind in kinds)
    return IatEntry(27, "23138010", "4", len(kinds), 100_000, "123456789", "", "", 1, trace_number(ODFI, 1), addenda)


def iat_file(*kinds: str) -> File:
    return close_file(HEADER, [close_batch(IAT_HEADER, [iat_entry(*kinds)])])


SEVEN = ("10", "11", "12", "13", "14", "15", "16")


def test_an_international_entry_is_read_with_its_seven_addenda() -> None:
    original = iat_file(*SEVEN)
    reading = read(write(original))
    assert reading.problems == ()
    assert reading.file == original
    assert summarize(write(original)).sec["IAT"].addenda == 7


def test_an_international_entry_without_one_of_the_seven_is_refused() -> None:
    reading = read(write(iat_file(*SEVEN[:-1])))
    assert [problem.rule for problem in reading.problems] == [Rule.ADDENDA_COUNT]


def test_an_international_entry_with_too_many_or_foreign_addenda_is_refused() -> None:
    rules = {
        kinds: [problem.rule for problem in read(write(iat_file(*SEVEN, *kinds))).problems] for kinds in (("17",) * 2, ("17",) * 3, ("19",))
    }
    assert rules == {("17",) * 2: [], ("17",) * 3: [Rule.ADDENDA_COUNT], ("19",): [Rule.ADDENDA_TYPE]}


def test_a_miscounted_international_entry_is_warned_of() -> None:
    lines = write(iat_file(*SEVEN)).decode().splitlines()
    lines[2] = f"{lines[2][:12]}0009{lines[2][16:]}"
    reading = read("\n".join(lines).encode())
    assert [(problem.rule, problem.warning) for problem in reading.problems] == [(Rule.ADDENDA_RECORDS, True)]


def test_a_notice_of_change_for_an_international_entry() -> None:
    header = IatBatchHeader(
        **{name: getattr(IAT_HEADER, name) for name in IAT_HEADER.__struct_fields__}
        | {"iat_indicator": "IATCOR", "standard_entry_class_code": "COR", "originator_status_code": "0"}
    )
    addenda = Addenda98("C01", trace_number(ODFI, 7), "23138010", "1918171614", trace_number(ODFI, 1))
    notice = IatEntry(26, "23138010", "4", 1, 0, "123456789", "", "", 1, trace_number(ODFI, 1), (addenda,))
    original = close_file(HEADER, [close_batch(header, [notice])])
    reading = read(write(original))
    assert reading.problems == ()
    assert reading.file == original
    assert summarize(write(original)).change_codes[0].code == "C01"


def adv_file(*codes: int) -> File:
    header = BatchHeader(
        service_class_code=280,
        company_name="FRB OPERATOR",
        company_identification="121042882",
        standard_entry_class_code="ADV",
        company_entry_description="ACCOUNTING",
        effective_entry_date="261124",
        originator_status_code="0",
        odfi_identification=ODFI,
    )
    entries = [
        AdvEntry(code, "23138010", "4", "744-5678-99", 50_000, "121042882", "11131", "", "ADV NAME", "", 0, ODFI, 328, at)
        for at, code in enumerate(codes, start=1)
    ]
    return close_file(HEADER, [close_batch(header, entries)])


def test_accounting_advices_have_entries_and_controls_of_their_own() -> None:
    original = adv_file(81, 82, 83)
    reading = read(write(original))
    assert reading.problems == ()
    assert reading.file == original
    control = reading.file.batches[0].control
    assert isinstance(control, AdvBatchControl)
    assert (control.total_credit_cents, control.total_debit_cents) == (100_000, 50_000)
    assert write(original).decode().splitlines()[-4][31:51] == f"{50_000:020}"


def test_an_ordinary_code_does_not_belong_among_advices() -> None:
    reading = read(write(adv_file(27)))
    assert [problem.rule for problem in reading.problems] == [Rule.TRANSACTION_CODE_FOR_SEC]


TERMINAL = Addenda02("REFONE", "RF", "TERM01", "100049", "0612", "123456", "Target Store 0049", "PHILADELPHIA", "PA")


def test_other_classes_are_read_by_their_rules() -> None:
    trace = trace_number(ODFI, 1)
    files = {
        "POS": batch([with_addenda(entry(1, discretionary_data="01"), TERMINAL)], "POS"),
        "SHR": batch([with_addenda(entry(1, discretionary_data="01"), TERMINAL)], "SHR"),
        "MTE": batch([with_addenda(entry(1), TERMINAL)], "MTE"),
        "ARC": batch([entry(1)], "ARC"),
        "BOC": batch([entry(1)], "BOC"),
        "POP": batch([entry(1)], "POP"),
        "RCK": batch([entry(1)], "RCK", company_entry_description="REDEPCHECK"),
        "XCK": batch([entry(1)], "XCK"),
        "TRC": batch([entry(1)], "TRC"),
        "TRX": batch([with_addenda(entry(1, individual_name="0001Bank"), payment_information("X", trace))], "TRX"),
        "CIE": batch([with_addenda(entry(1, 22), payment_information("BILL", trace))], "CIE"),
        "ACK": batch([entry(1, 24, 0)], "ACK"),
        "ATX": batch([with_addenda(entry(1, 24, 0, individual_name="0001Bank"), payment_information("X", trace))], "ATX"),
        "DNE": batch([with_addenda(entry(1, 23, 0), payment_information("DATE OF DEATH", trace))], "DNE"),
        "ENR": batch(
            [with_addenda(entry(1, 28, 0), payment_information("22*12200004*3*123987654321*777777777*DOE*JOHN*1\\", trace))],
            "ENR",
            company_entry_description="AUTOENROLL",
        ),
    }
    for sec, made in files.items():
        reading = read(write(file(made)))
        assert reading.problems == (), (sec, [str(problem) for problem in reading.problems])
        assert reading.file == file(made)


def test_the_last_addenda_that_says_so_decides_what_an_entry_is() -> None:
    back = with_addenda(entry(1, 26), Addenda05("X", 1, "0000001"), Addenda99("R01"))
    assert category_of(back) is Category.RETURN
    assert category_of(entry(1)) is Category.FORWARD
