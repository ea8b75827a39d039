"""How patients are reached."""

import os
from pathlib import Path

import pytest

from sinks.notifications.contacts import EVENT, FIELD, ContactsError, FileContacts, SandboxContacts, SealedContacts
from tests.journal.keys.memory import sealer

LINES = b'{"patient_id":"p-1","sms":"+12025550101","email":"a@example.com"}\n\n{"patient_id":"p-2","email":"b@example.com"}\n'


def written(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    path = folder / "contacts.jsonl"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_a_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = written(tmp_path, LINES)
    contacts = FileContacts(path)
    assert contacts.find("p-1", "sms", "") == "+12025550101"
    assert contacts.find("p-2", "sms", "") is None
    assert contacts.find("p-3", "email", "") is None
    written(tmp_path, LINES + b'{"patient_id":"p-2","sms":"+12025550102"}\n')
    os.utime(path, ns=(1, 1))
    assert contacts.find("p-2", "sms", "") == "+12025550102"


BAD = """
{"patient_id":"p-1","sms":"555"}
{"patient_id":"p-1","sms":"+1202\\n5550101"}
{"patient_id":"p-1","email":"a@b.c, d@e.f"}
{"patient_id":"p-1","email":"a@b.c\\nBcc: x@y.z"}
{"patient_id":"p-1","email":"a"}
{"patient_id":"p-1","phone":"+12025550101"}
{"sms":"+12025550101"}
nonsense
"""


@pytest.mark.parametrize("line", BAD.strip().splitlines())
def test_a_line_that_is_no_contact_is_refused_without_being_shown(line: str, tmp_path: Path) -> None:
    with pytest.raises(ContactsError, match="line 4 is no contact") as refused:
        FileContacts(written(tmp_path, LINES + line.encode()))
    assert "p-1" not in str(refused.value)


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContactsError, match="chmod 600"):
        FileContacts(written(tmp_path, LINES, 0o640))


def test_the_sandbox_reaches_nobody() -> None:
    """Numbers 555-0100 to 0199 are kept free for fiction; the domain `example` is nobody's (RFC 2606)."""
    found = {SandboxContacts().find(f"p-{n}", "sms", "") for n in range(200)}
    assert all(number is not None and "+12025550100" <= number <= "+12025550199" for number in found)
    email = SandboxContacts().find("p-1", "email", "")
    assert email is not None
    assert email.endswith("@patients.example")
    assert "p-1" not in email


SEALED = """
sealed for   content                 channel   found
p-1          +12125550147            sms       +12125550147
p-1          b@example.com           email     b@example.com
p-1          b@example.com           sms       -
p-1          +12125550147            email     -
p-1          b@example.com, c@x.y    email     -
p-2          +12125550147            sms       -
nobody       -                       sms       +12025550101
nobody       -                       email     a@example.com
"""


@pytest.mark.parametrize("line", SEALED.strip().splitlines()[1:])
def test_what_came_with_the_consent_comes_first(line: str, tmp_path: Path) -> None:
    patient, content, channel, found = (part.strip() for part in line.split("  ") if part.strip())
    keys = sealer()
    sealed = keys.seal(patient, EVENT, FIELD, content.encode()) if patient != "nobody" else ""
    contacts = SealedContacts(keys, FileContacts(written(tmp_path, LINES)))
    assert contacts.find("p-1", channel, sealed) == (None if found == "-" else found)


def test_who_was_erased_is_not_reached(tmp_path: Path) -> None:
    keys = sealer()
    sealed = keys.seal("p-1", EVENT, FIELD, b"+12125550147")
    contacts = SealedContacts(keys, FileContacts(written(tmp_path, LINES)))
    assert contacts.find("p-1", "sms", sealed) is not None
    keys.store.destroy("p-1", "officer")
    assert contacts.find("p-1", "sms", sealed) is None
    assert contacts.find("p-1", "sms", "") is None
    assert contacts.find("p-1", "sms", keys.seal("p-2", "consent.changed.v1", "instrument", b"+12125550147")) is None
