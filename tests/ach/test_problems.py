"""Every rule, broken once: the file is refused (or warned of) with the right reason, at the right place."""

from collections.abc import Callable

import pytest

from ach.options import OVERRIDES, Options
from ach.problems import WARNINGS, Problem, Rule
from ach.reader import Reading, read
from ach.records import Addenda02, File
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


def lines_of(original: File) -> list[str]:
    return write(original).decode().splitlines()


def put(line: str, start: int, text: str) -> str:
    return line[: start - 1] + text + line[start - 1 + len(text) :]


TWO = file(batch([entry(1), entry(2)]), batch([entry(3, 22)], number=2))
PLUS = file(batch([with_addenda(entry(1), payment_information("HELLO", trace_number(ODFI, 1)))]))
RETURN = file(batch([returned(entry(9), "R01")]))
NOTICE = file(batch([changed("C01", "1918171614")], "COR"))
WEB = file(batch([entry(1, discretionary_data="S")], "WEB"))

ONE_FIELD = """
file     line  column  text          rule                                 field
TWO         1       4  ␣123456789    immediate_destination                immediate_destination
TWO         1      14  0000000000    immediate_origin                     immediate_origin
TWO         1      24  261399        file_creation_date                   file_creation_date
TWO         1      30  2561          time                                 file_creation_time
TWO         1      34  a             file_id_modifier                     file_id_modifier
TWO         1      35  095           constant                             record_size
TWO         1      38  11            constant                             blocking_factor
TWO         2       2  999           service_class_code                   service_class_code
TWO         2       5  ␣␣␣␣␣␣␣␣␣␣␣␣␣␣␣␣  mandatory                       company_name
TWO         2      41  0000000000    mandatory                            company_identification
TWO         2      51  ZZZ           standard_entry_class_code            standard_entry_class_code
TWO         2      51  ppd           upper_case                           standard_entry_class_code
TWO         2      54  ␣␣␣␣␣␣␣␣␣␣    mandatory                            company_entry_description
TWO         2      70  269999        date                                 effective_entry_date
TWO         2      76  367           date                                 settlement_date
TWO         2      76  12X           date                                 settlement_date
TWO         2      79  7             originator_status_code               originator_status_code
TWO         2      79  0             originator_status_code               originator_status_code
TWO         2      88  ␣␣␣␣␣␣1       zero_filled                          batch_number
TWO         3       2  99            transaction_code                     transaction_code
TWO         3       2  22            transaction_code_for_service_class   transaction_code
TWO         3       2  81            transaction_code_for_sec             transaction_code
TWO         3      12  9             check_digit                          check_digit
TWO         3      13  ␣␣␣␣␣␣␣␣␣␣␣␣␣␣␣␣␣  mandatory                      dfi_account_number
TWO         3      30  00000000X0    numeric                              amount_cents
TWO         3      30  0000000000    amount_zero                          amount_cents
TWO         3      55  Jos§          characters                           individual_name
TWO         3      79  1             addenda_record_indicator             addenda_record_indicator
TWO         3      80  99999999      trace_odfi                           trace_number
TWO         4      88  0000001       trace_ascending                      trace_number
TWO         5       2  200           service_class_code_match             service_class_code
TWO         5       5  000003        entry_addenda_count                  entry_addenda_count
TWO         5      11  0000000001    entry_hash                           entry_hash
TWO         5      21  000000000001  total_debit                          total_debit_cents
TWO         5      33  000000000001  total_credit                         total_credit_cents
TWO         5      45  9999999999    company_identification_match         company_identification
TWO         5      80  23138010      odfi_identification_match            odfi_identification
TWO         5      88  0000009       batch_number_match                   batch_number
TWO         6      88  0000001       batch_number_ascending               batch_number
TWO         9       2  000009        batch_count                          batch_count
TWO         9       8  000009        block_count                          block_count
TWO         9      14  00000009      entry_addenda_count                  entry_addenda_count
TWO         9      22  0000000009    entry_hash                           entry_hash
TWO         9      32  000000000009  total_debit                          total_debit_cents
TWO         9      44  000000000009  total_credit                         total_credit_cents
PLUS        3      79  0             addenda_record_indicator             addenda_record_indicator
PLUS        4       2  02            addenda_type_code                    type_code
PLUS        4      84  0000          addenda_sequence                     addenda_sequence_number
PLUS        4      88  0000009       addenda_trace                        entry_detail_sequence_number
RETURN      4       4  R99           return_code                          return_code
RETURN      4       4  r01           upper_case                           return_code
RETURN      4       7  12X           digits                               original_trace_number
RETURN      4      22  260229        date                                 date_of_death
NOTICE      4       4  C99           change_code                          change_code
NOTICE      4      36  ␣␣␣␣␣␣␣␣␣␣    corrected_data                       corrected_data
NOTICE      3      30  0000000001    amount_not_zero                      amount_cents
WEB         3      55  ␣␣␣␣␣␣␣␣      individual_name                      individual_name
WEB         3      77  ␣␣            payment_type                         discretionary_data
"""

FILES = {"TWO": TWO, "PLUS": PLUS, "RETURN": RETURN, "NOTICE": NOTICE, "WEB": WEB}


def spoil(row: str) -> tuple[Reading, Problem]:
    """Read a file with one field overwritten, and find the problem that the table announces."""
    name, line, column, text, rule, field = row.split()
    lines = lines_of(FILES[name])
    at = int(line) - 1
    lines[at] = put(lines[at], int(column), text.replace("␣", " "))
    reading = read("\n".join(lines).encode())
    found = [problem for problem in reading.problems if problem.rule == rule and problem.field == field and problem.line == int(line)]
    assert found, [str(problem) for problem in reading.problems]
    return reading, found[0]


@pytest.mark.parametrize("row", ONE_FIELD.strip().splitlines()[1:])
def test_a_wrong_field_is_named_with_its_line_columns_and_rule(row: str) -> None:
    column, rule = row.split()[2], row.split()[4]
    reading, problem = spoil(row)
    assert problem.warning is (Rule(rule) in WARNINGS)
    assert reading.valid is all(problem.warning for problem in reading.problems)
    if problem.field != "type_code":
        assert problem.start <= int(column) <= problem.end


def build(what: str) -> File:
    """Files that break a rule by what they hold, not by a wrong character."""
    makers: dict[str, Callable[[], File]] = {
        "a batch without entries": lambda: file(batch([], service_class_code=200)),
        "a file without batches": lambda: file(),
        "a forward entry among returns": lambda: file(batch([returned(entry(9), "R01", 1), entry(2)])),
        "two addenda records in PPD": lambda: file(
            batch(
                [
                    with_addenda(
                        entry(1),
                        payment_information("ONE", trace_number(ODFI, 1)),
                        payment_information("TWO", trace_number(ODFI, 1), 2),
                    )
                ]
            )
        ),
        "an addenda record in TEL": lambda: file(batch([with_addenda(entry(1), payment_information("ONE", trace_number(ODFI, 1)))], "TEL")),
        "a credit in TEL": lambda: file(batch([entry(1, 22, discretionary_data="S")], "TEL")),
        "a debit in CIE": lambda: file(batch([entry(1, 27)], "CIE")),
        "a prenote with money": lambda: file(batch([entry(1, 28, 5)])),
        "an entry described as PRENOTE with money": lambda: file(batch([entry(1, 27, 5)], company_entry_description="PRENOTE")),
        "a notice of change in PPD": lambda: file(batch([changed("C01", "1918171614")])),
        "a check of more than 25,000": lambda: file(batch([entry(1, 27, 2_500_001)], "ARC")),
        "a check without serial number": lambda: file(batch([entry(1, identification_number="")], "BOC")),
        "a re-presented check described otherwise": lambda: file(batch([entry(1)], "RCK")),
        "a card payment of unknown type": lambda: file(batch([entry(1, discretionary_data="77")], "POS")),
        "a CTX entry that miscounts its addenda": lambda: file(batch([entry(1, individual_name="0001Payer")], "CTX")),
        "a card payment with two addenda records": lambda: file(
            batch([with_addenda(entry(1, discretionary_data="01"), Addenda02(), Addenda02())], "POS")
        ),
        "an acknowledgment that could move money": lambda: file(batch([entry(1, 22, 0)], "ACK")),
        "a death notice for a debit": lambda: file(
            batch([with_addenda(entry(1, 28, 0), payment_information("DATE OF DEATH", trace_number(ODFI, 1)))], "DNE")
        ),
        "an accounting advice in PPD": lambda: file(batch([entry(1)], service_class_code=280)),
    }
    return makers[what]()


WHOLE = """
a batch without entries                      no_entries
a file without batches                       no_batches
a forward entry among returns                category
two addenda records in PPD                   addenda_count
an addenda record in TEL                     addenda_count
a credit in TEL                              transaction_code_for_sec
a debit in CIE                               transaction_code_for_sec
a prenote with money                         amount_not_zero
an entry described as PRENOTE with money     amount_not_zero
a notice of change in PPD                    addenda_type_code
a check of more than 25,000                  amount_limit
a check without serial number                identification_number
a re-presented check described otherwise     company_entry_description
a card payment of unknown type               card_transaction_type
a CTX entry that miscounts its addenda       addenda_count
a card payment with two addenda records      addenda_count
an acknowledgment that could move money      transaction_code_for_sec
a death notice for a debit                   transaction_code_for_sec
an accounting advice in PPD                  transaction_code_for_service_class
"""


@pytest.mark.parametrize("row", WHOLE.strip().splitlines())
def test_a_file_that_holds_the_wrong_things_is_refused(row: str) -> None:
    what, rule = row.rsplit(maxsplit=1)
    reading = read(write(build(what.strip())))
    assert Rule(rule) in {problem.rule for problem in reading.problems}, [str(each) for each in reading.problems]


def test_a_reversal_may_go_against_the_rule_of_its_class() -> None:
    reversal = batch([entry(1, 22, discretionary_data="S")], "TEL", company_entry_description="REVERSAL")
    assert read(write(file(reversal))).valid


@pytest.mark.parametrize("name", sorted(OVERRIDES))
def test_an_override_silences_its_rules_and_no_others(name: str) -> None:
    options = Options(**{name: True})
    for row in ONE_FIELD.strip().splitlines()[1:]:
        file_name, line, column, text, _, _ = row.split()
        lines = lines_of(FILES[file_name])
        lines[int(line) - 1] = put(lines[int(line) - 1], int(column), text.replace("␣", " "))
        data = "\n".join(lines).encode()
        plain = [problem for problem in read(data).problems if problem.rule not in OVERRIDES[name]]
        assert list(read(data, options).problems) == plain


def test_strict_reading_makes_every_warning_an_error() -> None:
    lines = lines_of(ppd())
    short = "\n".join(line.rstrip() for line in lines if line.strip("9"))
    assert read(short.encode()).valid
    strict = read(short.encode(), Options(strict=True))
    assert strict.warnings == 0
    assert {problem.rule for problem in strict.problems} == {Rule.RECORD_LENGTH, Rule.PADDING}


def test_a_problem_reads_as_a_sentence() -> None:
    _, problem = spoil("TWO 3 12 9 check_digit check_digit")
    assert str(problem) == "line 3, entry detail, check_digit (12-12): should be 1, found '9' [check_digit]"


def test_every_rule_is_broken_somewhere_in_this_package() -> None:
    """A rule that no test breaks may as well not be there."""
    elsewhere = {
        Rule.ADDENDA_RECORDS,
        Rule.FILE_HEADER,
        Rule.RECORD_LENGTH,
        Rule.RECORD_TYPE,
        Rule.FILE_CONTROL,
        Rule.BATCH_CONTROL,
        Rule.ENTRY_OUTSIDE_BATCH,
        Rule.ADDENDA_OUTSIDE_ENTRY,
        Rule.PADDING,
        Rule.RESERVED,
    }
    here = {row.split()[4] for row in ONE_FIELD.strip().splitlines()[1:]}
    here |= {row.rsplit(maxsplit=1)[1] for row in WHOLE.strip().splitlines()}
    assert {Rule(rule) for rule in here} | elsewhere == set(Rule)
