"""The keys of personal data, counted, rotated and wrapped anew, for `hms-ach privacy`."""

from typing import NamedTuple

from cli.errors import UserError
from cli.progress import Advance
from journal.keys import house as house_keys
from journal.keys.masters import KeyAccessError, file_of, forget_in_file, masters_of, rotate_file
from journal.keys.store import KeyStore, Standing
from journal.settings import Settings


class Rewrapped(NamedTuple):
    """What `rewrap_all` did."""

    rewrapped: int
    destroyed: int
    forgotten: list[str]


def standing(settings: Settings) -> Standing:
    """What the topic of keys holds. Raises UserError."""
    try:
        with KeyStore.of(settings) as store:
            return store.standing()
    except KeyAccessError as error:
        raise UserError(str(error)) from error


def house(settings: Settings) -> None:
    """Make the house's key pair if there is none: workers, which have no master key, find it. Raises UserError."""
    try:
        house_keys.house_of(settings)
    except KeyAccessError as error:
        raise UserError(str(error)) from error


def rotate(settings: Settings) -> str:
    """A new master key in the file; its name. Raises UserError, also when the keys come from the environment."""
    if settings.master_keys.get_secret_value():
        raise UserError("The master keys come from HMS_MASTER_KEYS: put a new one in front there, then run `hms-ach privacy rewrap`.")
    try:
        return rotate_file(file_of(settings))
    except KeyAccessError as error:
        raise UserError(str(error)) from error


def rewrap_all(settings: Settings, advance: Advance, *, forget: bool) -> Rewrapped:
    """Wrap every key with the current master key, finish erasures that were broken off, and, if wished, forget older master keys.

    Raises UserError.
    """
    try:
        masters = masters_of(settings)
        with KeyStore.of(settings) as store:
            strays = store.strays()
            for subject in sorted(set(strays.values())):
                store.destroy(subject, "rewrap")
            count = store.rewrap(advance) + house_keys.rewrap(settings, masters)
            store.catch_up()
            old = set(store.standing().keys) - {masters.current}
        if forget and old:
            raise UserError(f"Keys were made under {', '.join(sorted(old))} meanwhile; run this again.")
        file = not settings.master_keys.get_secret_value()
        return Rewrapped(count, len(strays), forget_in_file(file_of(settings)) if forget and file else [])
    except KeyAccessError as error:
        raise UserError(str(error)) from error
