"""Whose insurers' deposits wait for the remittance advice (X12 835) that says which bills they pay."""

from msgspec import Struct


class RemittanceTerms(Struct, frozen=True, kw_only=True):
    """`[remittances]`: none without it; a deposit whose advice is here already is placed by it all the same."""

    hospitals: tuple[str, ...] = ()
    """their ids; `*` speaks for all"""
