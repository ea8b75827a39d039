"""Banks and hospitals of the rail, from TOML: who sends, through which bank, until when, in files of which size.

[banks.first]
destination = "091000019"        # routing number of the bank that takes the files
origin = "1234567890"            # the identification it gave us
odfi = "09100001"                # begins the trace numbers; one bank, one ODFI

[hospitals.H01]                  # "*" stands for every hospital without a section of its own
bank = "first"
company_name = "ST MARY HOSPITAL"
company_identification = "1234567890"
"""

import tomllib
from datetime import time
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from ach.builder import Route
from ach.outgoing import Originator
from ach.packing import Limits
from ach.routing import is_routing_number
from ach.windows import WINDOWS, CutOffs
from journal.settings import Settings

ANY_HOSPITAL = "*"
ENTRIES_PER_CUT_MAX = 100_000
SANDBOX = "sandbox"
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,32}$")]


class ConfigError(Exception):
    """The rail's TOML cannot be used: one sentence that says why."""


class Sftp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where files are pushed to and pulled from. The host's key must be known; there is no password."""

    host: str
    user: str
    key_file: str
    known_hosts: str
    port: int = 22
    folder: str = "."
    pull_folder: str = ""
    """where the bank lays its files; empty: nothing is pulled"""


class Bank(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One bank that takes our files."""

    destination: str
    origin: str
    odfi: Annotated[str, Meta(pattern=r"^[0-9]{8}$")]
    destination_name: str = ""
    origin_name: str = ""
    same_day: bool = False
    """whether entries ask for the same day where they may"""
    windows: tuple[str, ...] = tuple(window.code for window in WINDOWS)
    """the same-day windows at which files are sent; the last cut-off of a day is always one"""
    lead_minutes: int = 30
    next_day: time = time(19, 0)
    lines_max: int = 10_000
    entries_per_cut: Annotated[int, Meta(ge=1, le=ENTRIES_PER_CUT_MAX)] = ENTRIES_PER_CUT_MAX
    mixed: bool = False
    """debits and credits share a batch"""
    heartbeat: bool = False
    """a file without batches goes at a cut-off that has nothing to send"""
    sftp: Sftp | None = None
    age_recipients: tuple[str, ...] = ()
    """the files are encrypted for these age keys"""

    @property
    def route(self) -> Route:
        """How the file header names both sides."""
        return Route(
            immediate_destination=self.destination,
            immediate_origin=self.origin,
            immediate_destination_name=self.destination_name,
            immediate_origin_name=self.origin_name,
        )

    @property
    def limits(self) -> Limits:
        """What one file may hold."""
        return Limits(lines_max=self.lines_max)


class Hospital(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One originator."""

    bank: Name
    company_name: str
    company_identification: str
    lead_minutes: int = 15
    """the hospital closes its list so long before the bank"""
    offset_routing_number: str = ""
    """with `offset_account`: the account that balances the batches, for banks that want balanced files"""
    offset_account: str = ""


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole rail."""

    banks: dict[Name, Bank]
    hospitals: dict[str, Hospital]

    def hospital(self, hospital_id: str) -> Hospital | None:
        """The section of this hospital, else that of any; None when there is neither."""
        return self.hospitals.get(hospital_id) or self.hospitals.get(ANY_HOSPITAL)

    def originator(self, hospital_id: str) -> Originator | None:
        """Who sends for this hospital. In a section for any hospital, `{hospital}` in the name stands for its id."""
        found = self.hospital(hospital_id)
        if found is None:
            return None
        return Originator(
            company_name=found.company_name.replace("{hospital}", hospital_id),
            company_identification=found.company_identification,
            odfi_identification=self.banks[found.bank].odfi,
            offset_routing_number=found.offset_routing_number,
            offset_account=found.offset_account,
        )

    def cut_offs(self, section: str) -> CutOffs:
        """When the lists of this section of `hospitals` close."""
        hospital = self.hospitals[section]
        bank = self.banks[hospital.bank]
        return CutOffs(
            bank_lead_minutes=bank.lead_minutes,
            hospital_lead_minutes=hospital.lead_minutes,
            same_day_windows=bank.windows,
            next_day=bank.next_day,
        )


def load(settings: Settings) -> Config:
    """The rail's configuration. ConfigError when it is missing outside the sandbox, cannot be read, or contradicts itself."""
    if settings.ach_config is None:
        if settings.ach_sandbox:
            return sandbox()
        raise ConfigError("HMS_ACH_CONFIG must name the TOML of banks and hospitals; only HMS_ACH_SANDBOX goes without.")
    try:
        return parse(settings.ach_config.read_bytes().decode())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{settings.ach_config} cannot be read: {error}") from None
    except ConfigError as error:
        raise ConfigError(f"{settings.ach_config}: {error}") from None


def known(settings: Settings) -> Config | None:
    """The same for a process that can do without: None where nothing is configured. ConfigError as above."""
    return load(settings) if settings.ach_config is not None or settings.ach_sandbox else None


def parse(text: str) -> Config:
    """The configuration in this TOML; ConfigError says what is wrong with it."""
    try:
        config = msgspec.convert(tomllib.loads(text), Config)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(str(error)) from None
    _check(config)
    return config


def _check(config: Config) -> None:
    codes = {window.code for window in WINDOWS}
    for name, bank in config.banks.items():
        if not is_routing_number(bank.destination):
            raise ConfigError(f"banks.{name}.destination: the check digit of {bank.destination!r} is wrong")
        if unknown := sorted(set(bank.windows) - codes):
            raise ConfigError(f"banks.{name}.windows: there is no window {unknown[0]}")
        if bank.lines_max and bank.lines_max < 10:
            raise ConfigError(f"banks.{name}.lines_max: a file has at least ten lines")
    if len({bank.odfi for bank in config.banks.values()}) < len(config.banks):
        raise ConfigError("two banks have the same ODFI: their trace numbers would repeat")
    for name, hospital in config.hospitals.items():
        if hospital.bank not in config.banks:
            raise ConfigError(f"hospitals.{name}.bank: there is no bank {hospital.bank}")
        if not hospital.company_name.strip() or not hospital.company_identification.strip(" 0"):
            raise ConfigError(f"hospitals.{name}: company name and identification must not be blank")
        if len(hospital.company_identification) > 10:
            raise ConfigError(f"hospitals.{name}.company_identification: ten characters at most")


def sandbox() -> Config:
    """One bank that does not exist, for every hospital."""
    bank = Bank(
        destination="091000019", origin="1912345678", odfi="09100001", destination_name="SANDBOX BANK", origin_name="HMS ACH SANDBOX"
    )
    hospital = Hospital(bank=SANDBOX, company_name="HOSPITAL {hospital}", company_identification="1912345678")
    return Config(banks={SANDBOX: bank}, hospitals={ANY_HOSPITAL: hospital})
