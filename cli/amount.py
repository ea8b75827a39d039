"""Amounts as people type them."""

import re

from cli.errors import UserError

_TYPED = re.compile(r"\$?(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<rest>[0-9]{1,2}))?")


def dollars(text: str) -> str:
    """The amount with two places, as the API takes it, of `30`, `30.5` or `$1,200.00`. Raises UserError for anything else."""
    typed = _TYPED.fullmatch(text.strip())
    if typed is None:
        raise UserError(f"{text} is no amount in dollars, such as 30 or 1,200.50.")
    return f"{int(typed['whole'].replace(',', ''))}.{(typed['rest'] or '').ljust(2, '0')}"
