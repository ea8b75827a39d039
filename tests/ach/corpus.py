"""The seeds of the fuzzer: files of every kind that comes in or goes out, whole and as banks damage them. All of it is made up."""

from datetime import UTC, date, datetime

from ach.builder import Route
from ach.cutting import heartbeat
from ach.notices import Correction
from ach.reader import read
from ach.records import Batch, BatchHeader, Entry, File
from ach.returning import Answer, answer_file
from ach.writer import write
from tests.ach.samples import batch, entry, file, ppd
from tests.ach.test_columns import long_file
from tests.ach.test_foreign import adv_file, iat_file
from tests.ach.test_reader import mangle, many

ROUTE = Route(immediate_destination="091000019", immediate_origin="121042882")
CREATED = datetime(2026, 3, 2, 15, tzinfo=UTC)
DAMAGES = ("carriage returns and line feeds", "no line endings", "no padding", "trailing blanks trimmed", "too many blanks")


def corpus() -> dict[str, bytes]:
    """Every seed by its name, in the same order and with the same bytes each time."""
    files = {
        "many": many(),
        "plain": ppd(40),
        "iat": iat_file(),
        "adv": adv_file(81, 82),
        "prenotes": file(batch([entry(1, 28, 0), entry(2, 38, 0), entry(3, 23, 0)], company_entry_description="PRENOTE")),
        "heartbeat": heartbeat(ROUTE, CREATED),
        **{f"long-{sec}": long_file(sec) for sec in ("PPD", "CCD", "WEB", "TEL")},
        **{f"answers-{code}": answers(code) for code in ("R01", "R10", "C01", "C07", "R68", "R73")},
    }
    seeds = {name: write(found) for name, found in files.items()}
    lines = seeds["many"].decode().splitlines()
    seeds |= {f"many, {how}": mangle(how, lines) for how in DAMAGES}
    seeds |= {"headless": b"\n".join(line.encode() for line in lines if line[0] not in "159"), "cut short": seeds["many"][:700]}
    return seeds | {"empty": b"", "blank": b"\n", "digits": b"9" * 940, "nulls": bytes(940)}


def answers(code: str) -> File:
    """What a bank answers with this code to an ordinary entry."""
    sent = read(write(ppd(2))).file.batches[0]
    header, first = _ordinary(sent)
    correction = Correction(routing_number="121042882", account="999", transaction_code=37) if code[0] == "C" else None
    disputes = "R02" if code in ("R68", "R73") else ""
    answer = Answer(header=header, entry=first, code=code, correction=correction, disputes=disputes)
    return answer_file(ROUTE, [answer], created=CREATED, settles=date(2026, 3, 4)).file


def _ordinary(sent: Batch) -> tuple[BatchHeader, Entry]:
    header, first = sent.header, sent.entries[0]
    assert isinstance(header, BatchHeader)
    assert isinstance(first, Entry)
    return header, first
