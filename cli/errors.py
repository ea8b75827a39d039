"""What the command line tells a person when it cannot go on."""

import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from confluent_kafka import KafkaError


class UserError(Exception):
    """One clear sentence for the person at the terminal: what is wrong and what to do. Ends the command with exit code 1."""


def sentence_for(error: Exception) -> str:
    """The sentence for any error: our own words where the cause is known, else its type and message."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"No disk space is left for {error.filename or 'the data folder'}; free some, or choose another with HMS_DATA_DIR."
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}."
    kind = f"{type(error).__module__.partition('.')[0]}.{type(error).__name__}"  # by name: neither need be imported
    if kind == "pydantic_core.ValidationError":
        return _bad_settings(error)
    name = type(error).__name__
    if name == "SecretError":
        return f"{error}."
    if name == "SettingsError":
        return f"Bad setting: {error}."
    if name == "KafkaException":
        return _kafka(error.args[0])
    return f"Unexpected {name}: {error}. Run again with --verbose before the command to keep the details."


def _kafka(error: "KafkaError") -> str:
    """The broker's words; to who has no grant, where the grants are."""
    said = f"Kafka: {error.str().rstrip('.')}."
    if not error.name().endswith("AUTHORIZATION_FAILED"):
        return said
    return f"{said} This user has no grant for it; `hms-ach topics acl` prints what each party needs."


def _bad_settings(error: Exception) -> str:
    """pydantic's findings, one clause for each setting."""
    from pydantic import ValidationError

    assert isinstance(error, ValidationError)
    clauses = (f"{_setting_name(finding['loc'])}{finding['msg'].removeprefix('Value error, ')}" for finding in error.errors())
    return f"Bad setting: {'; '.join(clauses)}."


def _setting_name(location: tuple[object, ...]) -> str:
    return f"HMS_{str(location[0]).upper()}: " if location else ""
