"""What messages say, and what they must not."""

import re
from pathlib import Path

import pytest

from sinks.notifications.templates import SMS_LENGTH_MAX, TEMPLATES, compose

TRANSACTION = "4f3c21aa-0000-5000-8000-123456789012"
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("template", TEMPLATES)
def test_an_sms_fits_into_one_and_says_how_to_end_it(template: str) -> None:
    message = compose(template, "sms", TRANSACTION, "Payment service", "")
    assert message is not None
    assert len(message.text) <= SMS_LENGTH_MAX
    assert message.text.isascii()
    assert message.text.endswith("Reply STOP to end.")
    assert message.text.startswith("Payment service: ")


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("channel", ["sms", "email"])
def test_no_message_says_who_how_much_or_what_for(template: str, channel: str) -> None:
    message = compose(template, channel, TRANSACTION, "Payment service", "555-0100")
    assert message is not None
    text = f"{message.subject}\n{message.text}".lower()
    assert not re.search(r"hospital|patient|treatment|doctor|clinic|medical|credit|\$|usd|name", text)
    assert TRANSACTION not in text
    assert "4f3c21aa" in text
    assert "555-0100" in text


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("help_at", ["", "555-0100"])
def test_every_message_says_what_to_do_now(template: str, help_at: str) -> None:
    """Also where nobody has set whom to ask."""
    message = compose(template, "sms", TRANSACTION, "Payment service", help_at)
    assert message is not None
    ask = "get in touch" if help_at else "ask the office that sends your bill"
    assert re.search(rf"You need not do anything|Please (have the money in your account|{ask})\.", message.text)


def test_every_template_that_the_ledger_uses_is_there() -> None:
    used = {
        name
        for path in (ROOT / "ledger").rglob("*.py")
        for line in re.findall(r"tell\.patient\(.*", path.read_text())
        for name in re.findall(r'"(\w+)"', line)
    }
    assert len(used) >= 9
    assert used <= set(TEMPLATES)


def test_another_template_is_no_message() -> None:
    assert compose("birthday", "sms", TRANSACTION, "Payment service", "") is None
