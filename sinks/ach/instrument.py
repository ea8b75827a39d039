"""The receiver's account of an entry. In the sandbox it is made up; anywhere else an entry without one is refused."""

from collections.abc import Callable
from hashlib import blake2b

from msgspec import Struct

from ach.routing import check_digit
from sinks.ach.due import Due


class Instrument(Struct, frozen=True, gc=False):
    """An account at a bank, and the name on it."""

    routing_number: str
    account: str
    name: str
    savings: bool = False


Opener = Callable[[Due], Instrument | None]
"""Gives the account of an entry, or None when the entry names none that can be used."""


def sandbox(due: Due) -> Instrument:
    """A made-up account that follows from the credit reference alone. Its name says that it is one."""
    digest = blake2b(due.credit_reference.encode(), digest_size=16, person=b"hms-ach-sandbox").digest()
    # 2..12 are the Federal Reserve districts in which a routing number may begin
    district = 1 + digest[0] % 12
    identification = f"{district:02d}{int.from_bytes(digest[1:5]) % 1_000_000:06d}"
    account = f"SB{int.from_bytes(digest[5:12]) % 10**12:012d}"
    return Instrument(f"{identification}{check_digit(identification)}", account, f"SANDBOX {account[-6:]}")


def sealed(due: Due) -> None:
    """None: instruments are sealed, and this process holds no key that opens them."""
