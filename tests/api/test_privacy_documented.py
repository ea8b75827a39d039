"""The guide to personal data says what the marks in the models say."""

from api.contract import FOLDER
from api.marks import GUIDE, renewed
from ledger.wire import BadInput

TEXT = (FOLDER / GUIDE).read_text(encoding="utf-8")


def test_every_marked_field_of_every_event_is_in_the_table() -> None:
    assert renewed(TEXT) == TEXT, "run `make schemas`"


def test_the_codes_of_refused_events_are_explained() -> None:
    for code in (BadInput.NOT_SEALED, BadInput.PERSONAL_DATA, BadInput.CARD_NUMBER):
        assert f"`{code}`" in TEXT
