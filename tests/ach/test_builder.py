"""Approved entries become batches: grouped, numbered, balanced, refused with a reason."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ach.builder import MODIFIERS, Route, build_batches, file_header
from ach.outgoing import Originator, OutgoingEntry, Refusal, refuse
from ach.records import BatchControl, BatchHeader, Entry
from ach.zone import NEW_YORK

HOSPITAL = Originator(
    company_name="Général Hospital of Springfield",
    company_identification="1210428822",
    odfi_identification="12104288",
)
BALANCED = replace(HOSPITAL, offset_routing_number="121042882", offset_account="7001")
ROUTE = Route(immediate_destination="231380104", immediate_origin="121042882")
TUESDAY = date(2026, 11, 24)
INSTALMENT = OutgoingEntry(
    reference="P-1",
    originator=HOSPITAL,
    sec="PPD",
    description="INSTALMENT",
    effective_date=TUESDAY,
    transaction_code=27,
    routing_number="231380104",
    account="0123456789",
    amount_cents=10_000,
    name="Zoë Müller",
)


def outgoing(reference: str, **fields: object) -> OutgoingEntry:
    return replace(INSTALMENT, reference=reference, **fields)


def header_of(batches: tuple[object, ...], at: int) -> BatchHeader:
    header = getattr(batches[at], "header", None)
    assert isinstance(header, BatchHeader)
    return header


REFUSALS = """
sec   code  description  cents        routing     account              name       type  info      refused because
PPD   27    INSTALMENT   100          231380104   1                    Jane Doe   -     -         -
PPD   28    PRENOTE      0            231380104   1                    Jane Doe   -     -         -
PPD   22    REFUND       100          231380104   1                    Jane Doe   -     -         -
WEB   27    INSTALMENT   100          231380104   1                    Jane Doe   R     -         -
CCD   27    INVOICE      100          231380104   1                    Acme       -     RMR*1     -
PPD   55    REVERSAL     100          231380104   1                    Jane Doe   -     -         -
TEL   22    REVERSAL     100          231380104   1                    Jane Doe   S     -         -
IAT   27    INSTALMENT   100          231380104   1                    Jane Doe   -     -         NOT_ORIGINATED
COR   27    INSTALMENT   100          231380104   1                    Jane Doe   -     -         NOT_ORIGINATED
PPD   27    PAYROLL      100          231380104   1                    Jane Doe   -     -         DESCRIPTION
PPD   27    MUCHTOOLONG  100          231380104   1                    Jane Doe   -     -         DESCRIPTION
PPD   26    INSTALMENT   100          231380104   1                    Jane Doe   -     -         TRANSACTION_CODE
PPD   99    INSTALMENT   100          231380104   1                    Jane Doe   -     -         TRANSACTION_CODE
PPD   27    PRENOTE      100          231380104   1                    Jane Doe   -     -         TRANSACTION_CODE
PPD   55    INSTALMENT   100          231380104   1                    Jane Doe   -     -         TRANSACTION_CODE
TEL   22    INSTALMENT   100          231380104   1                    Jane Doe   S     -         TRANSACTION_CODE
PPD   27    INSTALMENT   0            231380104   1                    Jane Doe   -     -         AMOUNT
PPD   27    INSTALMENT   -1           231380104   1                    Jane Doe   -     -         AMOUNT
PPD   27    INSTALMENT   10000000000  231380104   1                    Jane Doe   -     -         AMOUNT
PPD   28    PRENOTE      100          231380104   1                    Jane Doe   -     -         AMOUNT
PPD   27    INSTALMENT   100          231380105   1                    Jane Doe   -     -         ROUTING_NUMBER
PPD   27    INSTALMENT   100          23138010    1                    Jane Doe   -     -         ROUTING_NUMBER
PPD   27    INSTALMENT   100          231380104   123456789012345678   Jane Doe   -     -         ACCOUNT
PPD   27    INSTALMENT   100          231380104   ü                    Jane Doe   -     -         ACCOUNT
PPD   27    INSTALMENT   100          231380104   1                    000        -     -         NAME
WEB   27    INSTALMENT   100          231380104   1                    Jane Doe   -     -         PAYMENT_TYPE
TEL   27    INSTALMENT   100          231380104   1                    Jane Doe   S     RMR*1     PAYMENT_INFORMATION
"""


@pytest.mark.parametrize("row", REFUSALS.strip().splitlines()[1:])
def test_what_may_not_go_out_is_refused_with_a_reason(row: str) -> None:
    sec, code, description, cents, routing, account, rest = row.split(maxsplit=6)
    name, kind, information, expected = rest.rsplit(maxsplit=3)
    entry = outgoing(
        "X",
        sec=sec,
        transaction_code=int(code),
        description=description,
        amount_cents=int(cents),
        routing_number=routing,
        account=account,
        name=name,
        payment_type=kind.replace("-", ""),
        payment_information=information.replace("-", ""),
    )
    assert refuse(entry) is (None if expected == "-" else Refusal[expected])


def test_an_effective_date_must_be_a_banking_day() -> None:
    assert refuse(outgoing("X", effective_date=date(2026, 11, 26))) is Refusal.EFFECTIVE_DATE


def test_kinds_travel_in_batches_of_their_own() -> None:
    built = build_batches(
        [
            outgoing("1"),
            outgoing("2", description="RETRY PYMT"),
            outgoing("3", transaction_code=22, description="REFUND"),
            outgoing("4"),
            outgoing("5", sec="WEB", payment_type="S"),
            outgoing("6", effective_date=date(2026, 11, 25)),
            outgoing("7", transaction_code=22),
        ]
    )
    found = [
        (header.standard_entry_class_code, header.company_entry_description, header.effective_entry_date)
        for header in (header_of(built.batches, at) for at in range(len(built.batches)))
    ]
    assert found == [
        ("PPD", "INSTALMENT", "261124"),
        ("PPD", "RETRY PYMT", "261124"),
        ("PPD", "REFUND", "261124"),
        ("WEB", "INSTALMENT", "261124"),
        ("PPD", "INSTALMENT", "261125"),
        ("PPD", "INSTALMENT", "261124"),
    ]
    assert [header_of(built.batches, at).service_class_code for at in range(6)] == [225, 225, 220, 225, 225, 220]
    assert [sent.reference for sent in built.sent] == ["1", "4", "2", "3", "5", "6", "7"]
    assert [sent.trace_number[8:] for sent in built.sent] == [f"{n:07}" for n in range(1, 8)]
    assert built.next_sequence == 8


def test_names_are_made_portable_and_cut() -> None:
    (batch,) = build_batches([INSTALMENT]).batches
    assert header_of((batch,), 0).company_name == "General Hospital"
    (entry,) = batch.entries
    assert isinstance(entry, Entry)
    assert entry.individual_name == "Zoe Muller"


def test_a_balanced_batch_ends_with_its_offset() -> None:
    debits = [outgoing(str(n), originator=BALANCED, amount_cents=n * 100) for n in (1, 2, 3)]
    credit = outgoing("4", originator=BALANCED, transaction_code=32, amount_cents=50)
    built = build_batches([*debits, credit], mixed=True)
    (batch,) = built.batches
    offsets = [entry for entry in batch.entries if isinstance(entry, Entry) and entry.individual_name == "OFFSET"]
    assert [(entry.transaction_code, entry.amount_cents) for entry in offsets] == [(22, 600), (27, 50)]
    assert isinstance(batch.control, BatchControl)
    assert batch.control.total_debit_cents == batch.control.total_credit_cents == 650
    assert built.next_sequence == 7
    assert len(built.sent) == 4


def test_a_refused_entry_does_not_hold_up_the_others() -> None:
    built = build_batches([outgoing("bad", amount_cents=0), outgoing("good")])
    assert built.refused == (("bad", Refusal.AMOUNT),)
    assert [sent.reference for sent in built.sent] == ["good"]


def test_a_day_has_thirty_six_files_and_ten_million_traces() -> None:
    created = datetime(2026, 11, 23, 9, 30, tzinfo=NEW_YORK)
    assert [file_header(ROUTE, created, n).file_id_modifier for n in range(36)] == list(MODIFIERS)
    assert len(set(MODIFIERS)) == 36
    with pytest.raises(ValueError, match="file id modifiers"):
        file_header(ROUTE, created, 36)
    with pytest.raises(ValueError, match="time zone"):
        file_header(ROUTE, created.replace(tzinfo=None), 0)
    assert file_header(ROUTE, created.astimezone(UTC), 0).file_creation_time == "0930"
    with pytest.raises(ValueError, match="used up"):
        build_batches([INSTALMENT], next_sequence=10_000_000)


@given(st.lists(st.tuples(st.integers(1, 10**9), st.sampled_from([22, 27, 32, 37]), st.booleans()), max_size=30))
def test_no_entry_is_lost_and_no_cent(rows: list[tuple[int, int, bool]]) -> None:
    entries = [
        outgoing(str(at), amount_cents=cents, transaction_code=code, description="RETRY PYMT" if retry else "A")
        for at, (cents, code, retry) in enumerate(rows)
    ]
    built = build_batches(entries, entries_per_batch=7)
    assert sorted(sent.reference for sent in built.sent) == sorted(entry.reference for entry in entries)
    traces = [sent.trace_number for sent in built.sent]
    assert traces == sorted(set(traces))
    controls = [batch.control for batch in built.batches]
    assert all(control is not None for control in controls)
    totals = sum(control.total_debit_cents + control.total_credit_cents for control in controls if control)
    assert totals == sum(cents for cents, _, _ in rows)
