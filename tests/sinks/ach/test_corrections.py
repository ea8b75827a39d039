"""A notice of change comes in as a Nacha file, and the next entry to that account goes out as it wants it, outside the sandbox."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from ach.builder import Route
from ach.inbound import InboundFile
from ach.notices import Correction
from ach.reader import read
from ach.records import BatchHeader, Entry
from ach.returning import Answer, answer_file
from ach.writer import write
from journal.keys.sealer import Sealer
from journal.topics import DEAD_LETTERS, FILES
from ledger import bank_account
from ledger.bank_account import BankAccount
from sinks.ach import cutter, filecut, replies
from sinks.ach.corrections import account_key, open_correction, sealing
from sinks.ach.drafting import Draft
from sinks.ach.due import Due
from sinks.ach.instrument import unsealed
from sinks.ach.lineage import Lineage
from sinks.ach.replies import Reply, Source
from tests.journal.keys.memory import sealer as a_sealer
from tests.sinks.ach.told import MONDAY, Rail, due

ROUTE = Route(immediate_destination="091000019", immediate_origin="091000019")
HOME = BankAccount(routing_number="091000019", account_number="111", name="JANE DOE")
OTHER = BankAccount(routing_number="091000019", account_number="222", name="JANE DOE")
PLACE = ("P1", bank_account.EVENT, bank_account.FIELD)


class World:
    """A rail that opens instruments, and its index."""

    def __init__(self, folder: Path) -> None:
        self.sealer: Sealer = a_sealer()
        self.rail = Rail(unseal=unsealed(self.sealer))
        self.lineage = Lineage(folder / "lineage.db")
        self._offset = 0

    def due(self, account: BankAccount = HOME, patient: str = "P1") -> Due:
        """The next entry of the same credit account, sealed anew."""
        self._offset += 1
        sealed = self.sealer.seal(patient, *PLACE[1:], bank_account.encode(account))
        return replace(due(self._offset), credit_reference="acct-1", patient_id=patient, instrument=sealed)

    def send(self, *dues: Due) -> Draft:
        """These go out; the index knows of them."""
        self.rail.wait(dues)
        found = self.rail.cut({"H01"}, sandboxed=False)
        self.lineage.add_cut(found.event.data.number, cutter.lineage(found.event.data, found.made))
        return found

    def hear(self, sent: Draft, code: str, correction: Correction) -> Reply:
        """The bank answers the first entry of a cut with a notice, in a file."""
        batch = read(sent.made.files[0]).file.batches[0]
        assert isinstance(batch.header, BatchHeader)
        assert isinstance(batch.entries[0], Entry)
        answer = Answer(header=batch.header, entry=batch.entries[0], code=code, correction=correction)
        content = write(answer_file(ROUTE, [answer], created=MONDAY, settles=date(2026, 3, 4)).file)
        [found] = list(InboundFile(content).stream)
        item = replies.item_of(found)
        assert item is not None
        reply = replies.of_item(found, item, self.lineage, Source("n.ach", "0", date(2026, 3, 4)), MONDAY, sealing(self.sealer))
        for saying in reply.also:
            if saying.topic == FILES:
                assert self.rail.state.apply(filecut.decode(saying.message.value), saying.message.value)
        return reply


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    yield found
    found.lineage.close()


def entries(sent: Draft) -> list[tuple[str, str, int, str]]:
    """Routing number, account, transaction code and name of each entry of a cut's file."""
    found = [entry for batch in read(sent.made.files[0]).file.batches for entry in batch.entries if isinstance(entry, Entry)]
    return [(e.rdfi_identification + e.check_digit, e.dfi_account_number, e.transaction_code, e.individual_name) for e in found]


NOTICES = """
code | correction                                                   | routing   | account | code | name
C01  | account=999                                                  | 091000019 | 999     | 27   | JANE DOE
C02  | routing_number=121042882                                     | 121042882 | 111     | 27   | JANE DOE
C03  | routing_number=121042882 account=999                         | 121042882 | 999     | 27   | JANE DOE
C04  | name=JANE_ROE                                                | 091000019 | 111     | 27   | JANE_ROE
C05  | transaction_code=37                                          | 091000019 | 111     | 37   | JANE DOE
C06  | account=999 transaction_code=37                              | 091000019 | 999     | 37   | JANE DOE
C07  | routing_number=121042882 account=999 transaction_code=37     | 121042882 | 999     | 37   | JANE DOE
"""


@pytest.mark.parametrize("line", NOTICES.strip().splitlines()[1:])
def test_the_next_entry_carries_what_the_notice_says(world: World, line: str) -> None:
    code, words, routing, account, transaction, name = (cell.strip() for cell in line.split("|"))
    fields = dict(word.split("=") for word in words.split())
    correction = Correction(**{key: int(text) if key == "transaction_code" else text for key, text in fields.items()})  # type: ignore[arg-type]
    first = world.send(world.due())
    reply = world.hear(first, code, correction)
    assert [saying.topic for saying in reply.also] == [FILES], "nobody is asked to do it by hand"
    second = world.send(world.due(), world.due(OTHER))
    assert entries(second) == [(routing, account, int(transaction), name), ("091000019", "222", 27, "JANE DOE")]
    assert world.rail.made_again(second) == second.made.files
    assert world.rail.made_again(first) == first.made.files, "what was sent stays what it was"


def test_nothing_of_it_lies_in_the_clear(world: World) -> None:
    reply = world.hear(world.send(world.due()), "C01", Correction(account="98765432"))
    [said] = reply.also
    cut = world.send(world.due())
    assert all(b"98765432" not in text for text in (said.message.value, reply.message.value, filecut.encode(cut.event)))
    event = filecut.decode(said.message.value)
    assert isinstance(event, filecut.AccountCorrected)
    assert open_correction(world.sealer, event.data.sealed, "P1") == Correction(account="98765432")
    assert open_correction(world.sealer, event.data.sealed, "P2") is None


def test_later_notices_go_on_from_earlier_ones_and_a_repeat_changes_nothing(world: World) -> None:
    first = world.send(world.due())
    world.hear(first, "C03", Correction(routing_number="121042882", account="999"))
    world.hear(first, "C04", Correction(name="JANE ROE"))
    world.hear(first, "C04", Correction(name="JANE ROE"))
    world.hear(first, "C01", Correction(account="777"))
    assert entries(world.send(world.due())) == [("121042882", "777", 27, "JANE ROE")]


def test_an_entry_stays_back_when_its_correction_cannot_be_opened(world: World) -> None:
    first = world.send(world.due())
    world.hear(first, "C01", Correction(account="999"))
    notices = world.rail.state.sealed_corrections[account_key(first.dues[0].instrument)]
    notices["C01"] = notices["C01"][:-4] + "AAAA"
    found = world.send(world.due()).event.data
    assert (found.files, [why for *_, why in found.left_out]) == ([], ["CORRECTION_LOCKED"])


def test_a_notice_on_an_entry_of_an_older_index_is_left_to_a_person(world: World) -> None:
    first = world.send(world.due())
    old = [sent._replace(patient_id="", account_key="") for sent in cutter.lineage(first.event.data, first.made)]
    world.lineage.add_cut(1, old)
    assert [saying.topic for saying in world.hear(first, "C01", Correction(account="999")).also] == [DEAD_LETTERS]
