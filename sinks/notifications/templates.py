"""What messages say. No name, no amount, no hospital, nothing medical: whoever reads over a shoulder learns that there is a payment."""

from typing import Final, NamedTuple

SMS_LENGTH_MAX: Final = 160
"""one SMS in the GSM alphabet; a longer one is sent, and paid for, in parts"""
STOP: Final = "Reply STOP to end."
_REFERENCE_LENGTH = 8


class Message(NamedTuple):
    """A message ready to go. SMS has no subject."""

    subject: str
    text: str


TEMPLATES: Final[dict[str, tuple[str, str]]] = {
    "approved": ("Payment approved", "Your payment {reference} was approved. You need not do anything."),
    "pending": ("Payment received", "Your payment {reference} was received and is being processed. You need not do anything."),
    "held": ("Payment being checked", "Your payment {reference} is being checked. You need not do anything."),
    "declined": ("Payment not approved", "Your payment {reference} was not approved. {ask}"),
    "failed": ("Payment not made", "Your payment {reference} could not be made. {ask}"),
    "returned": ("Payment returned", "Your bank returned your payment {reference}. {ask}"),
    "retry_scheduled": (
        "Payment returned",
        "Your bank returned your payment {reference}. We will try it again in a few days. Please have the money in your account.",
    ),
    "retry": ("Payment tried again", "We are trying your payment {reference} again today. Please have the money in your account."),
    "retry_dropped": ("Payment not made", "Your payment {reference} was not made and will not be tried again. {ask}"),
    "paid": ("Payment not needed", "Your payment {reference} will not be tried again: what it was for is paid. You need not do anything."),
    "final": ("Payment not made", "Your payment {reference} was not made and will not be tried again. {ask}"),
}
"""Subject and words of each template: what came of the payment, and what to do now."""
_ASK_US: Final = "Please get in touch."
_ASK_THE_BILLER: Final = "Please ask the office that sends your bill."
"""where nobody has said whom to ask (HMS_NOTIFY_HELP)"""


def compose(template: str, channel: str, transaction_id: str, sender: str, help_at: str) -> Message | None:
    """The message of a template; None for one that is not known. The payment is named by the beginning of its id alone."""
    found = TEMPLATES.get(template)
    if found is None:
        return None
    subject, sentence = found
    said = sentence.format(reference=transaction_id[:_REFERENCE_LENGTH], ask=_ASK_US if help_at else _ASK_THE_BILLER)
    asks = f"Questions: {help_at}" if help_at else ""
    if channel == "sms":
        return Message("", " ".join(part for part in (f"{sender}: {said}", asks, STOP) if part))
    ending = "You get this because you agreed to messages about your payments; tell us if you no longer want them."
    return Message(f"{sender}: {subject}", "\n\n".join(part for part in (said, asks, ending) if part) + "\n")
