"""Which hospitals try a bank account with a prenote before its first debit.

Source: Nacha Operating Rules 2.6: prenotes are the originator's choice; whoever sends one waits three banking days for an answer.
"""

from msgspec import Struct


class PrenoteTerms(Struct, frozen=True, kw_only=True):
    """`[prenotes]`: none without it."""

    hospitals: tuple[str, ...] = ()
    """their ids; `*` speaks for all"""
