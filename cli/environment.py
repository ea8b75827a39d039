"""Settings on their way in (from the environment and options) and out (to child processes)."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from cli.errors import UserError
from cli.stack import state
from cli.stack.broker import may_listen
from cli.stack.folder import DataFolder
from journal.settings import Settings

PREFIX = "HMS_"


def load_settings(**options: Any) -> Settings:
    """Settings from the environment, overridden by the options that are given (None means not given)."""
    return Settings(**{name: value for name, value in options.items() if value is not None})


def running_settings(**options: Any) -> Settings:
    """Settings for talking to the stack that runs on the data folder: its actual ports, unless the operator named others than the stack
    was told to take."""
    settings = load_settings(**options)
    running = state.read(DataFolder(settings.data_dir))
    if running is None:
        return settings
    found: dict[str, object] = {}
    if "kafka_bootstrap" not in settings.model_fields_set:
        found["kafka_bootstrap"] = running.kafka_bootstrap
    if "api_port" not in settings.model_fields_set or settings.api_port == running.wanted_port:
        found["api_port"] = int(running.api_url.rpartition(":")[2])
    if "auth" not in settings.model_fields_set:
        found["auth"] = "on" if running.api_url.startswith("https:") else "off"
    return settings.model_copy(update=found)


def answering_settings(**options: Any) -> Settings:
    """`running_settings`, refused with one sentence when Kafka does not answer there, or not to us."""
    from journal.reach import unanswered

    settings = running_settings(**options)
    asked = settings.kafka()
    if may_listen(asked):
        if why := unanswered(asked):
            raise UserError(f"Kafka at {settings.kafka_bootstrap} does not answer us: {why}.")
    else:
        raise UserError(f"Kafka at {settings.kafka_bootstrap} does not answer; `hms-ach up` starts one, HMS_KAFKA_BOOTSTRAP names another.")
    return quiet(settings)


def reachable_settings(**options: Any) -> Settings:
    """The same, refused too when the topics there have another partition count."""
    settings = answering_settings(**options)
    must_agree(settings)
    return settings


def must_agree(settings: Settings) -> None:
    """Raise UserError when the topics have another partition count than the settings; those that are missing say nothing."""
    from confluent_kafka.admin import AdminClient

    from journal.partition_count import PartitionCountError, must_be
    from journal.topics import together

    try:
        must_be(settings.partitions, AdminClient(settings.kafka()), together())
    except PartitionCountError as error:
        raise UserError(str(error)) from error


def quiet(settings: Settings) -> Settings:
    """The same for clients inside a command: librdkafka's remarks below errors don't belong on a person's terminal."""
    return settings.model_copy(update={"kafka_options": {"log_level": "3", **settings.kafka_options}})


def to_environment(settings: Settings) -> dict[str, str]:
    """Environment variables from which a child reads the same settings; the data folder becomes absolute."""
    values = settings.model_copy(update={"data_dir": settings.data_dir.absolute()}).model_dump(mode="json", exclude_none=True)
    secrets = {name: value.get_secret_value() for name, value in settings if isinstance(value, SecretStr)}
    return {f"{PREFIX}{name.upper()}": _text(value) for name, value in {**values, **secrets}.items()}


def unknown_names(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like settings and are none: a misspelt one must not be ignored in silence."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    return sorted(name for name in environment if name.upper().startswith(PREFIX) and name.upper() not in known)


def _text(value: object) -> str:
    if isinstance(value, dict):
        return json.dumps(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def python_module(*words: str) -> tuple[str, ...]:
    """The command that runs one of our modules with this very Python."""
    return (sys.executable, "-m", *words)
