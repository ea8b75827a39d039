"""Messages to patients, put together from the settings and checked before anything is sent."""

import ssl
import stat
from datetime import timedelta
from pathlib import Path

from journal.keys.sealer import Sealer
from journal.settings import Settings
from sinks.notifications.carrier import Carrier, FileCarrier
from sinks.notifications.contacts import Contacts, ContactsError, FileContacts, NoContacts, SandboxContacts, SealedContacts
from sinks.notifications.courier import NotificationCourier, Policy
from sinks.notifications.hours import Quiet, ZoneError, Zones
from sinks.notifications.sms import SmsGateway
from sinks.notifications.smtp import Login, Smtp
from sinks.webhooks.guard import LOOPBACK_NAMES, TargetError, check_url, networks, refusal

CHANNELS = ("sms", "email")


class ConfigError(Exception):
    """The settings cannot be used; one sentence that says why."""


def load(settings: Settings, sealer: Sealer | None = None) -> NotificationCourier:
    """The courier that the settings ask for; with a sealer it opens contacts that came with consents. Raises ConfigError."""
    try:
        zones = Zones(settings.notify_zone, settings.notify_zones)
        policy = Policy(
            settings.notify_sender,
            settings.notify_help,
            Quiet.of(settings.notify_quiet),
            zones,
            settings.notify_cap,
            timedelta(hours=settings.notify_hours_max),
        )
        return NotificationCourier(policy, _contacts(settings, sealer), carriers(settings))
    except (ZoneError, ContactsError, TargetError) as error:
        raise ConfigError(f"HMS_NOTIFY: {error}") from None


def carriers(settings: Settings) -> dict[str, Carrier]:
    """The carrier of each channel that has one. Raises ConfigError and TargetError."""
    if settings.notify_sandbox:
        if settings.notify_smtp or settings.notify_sms_url or settings.notify_contacts:
            raise ConfigError("HMS_NOTIFY: the sandbox reaches nobody; leave out mail server, gateway and contacts, or the sandbox")
        return dict.fromkeys(CHANNELS, FileCarrier(settings.data_dir / "notifications.jsonl"))
    found: dict[str, Carrier] = {}
    trust = _trust(settings.notify_trust)
    if settings.notify_sms_url:
        allowed = networks(settings.webhook_networks)
        scheme, host, port, path = check_url(settings.notify_sms_url, allowed)
        endpoint = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
        token = _secret(settings.notify_sms_token_file, "HMS_NOTIFY_SMS_TOKEN_FILE")
        found["sms"] = SmsGateway(f"{endpoint}{path}", endpoint, token, trust, allowed)
    if settings.notify_smtp:
        found["email"] = _smtp(settings, trust)
    return found


def _smtp(settings: Settings, trust: ssl.SSLContext) -> Smtp:
    host, _, port = settings.notify_smtp.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536:
        raise ConfigError("HMS_NOTIFY_SMTP is host:port")
    if settings.notify_smtp_tls == "none" and not _is_loopback(host):
        raise ConfigError("HMS_NOTIFY_SMTP_TLS: a mail server is spoken to without TLS on this machine alone")
    login = None
    if settings.notify_smtp_user:
        login = Login(settings.notify_smtp_user, _secret(settings.notify_smtp_password_file, "HMS_NOTIFY_SMTP_PASSWORD_FILE"))
    return Smtp(host, int(port), settings.notify_smtp_tls, login, settings.notify_from, trust)


def opens_contacts(settings: Settings) -> bool:
    """Whether anybody can be reached at all, so that patients' keys are needed."""
    return not settings.notify_sandbox and bool(settings.notify_smtp or settings.notify_sms_url)


def _contacts(settings: Settings, sealer: Sealer | None) -> Contacts:
    if settings.notify_sandbox:
        return SandboxContacts()
    others = FileContacts(settings.notify_contacts) if settings.notify_contacts else NoContacts()
    return SealedContacts(sealer, others) if sealer is not None else others


def _secret(path: Path | None, name: str) -> str:
    """A file of one line for its owner alone."""
    if path is None:
        raise ConfigError(f"{name} is missing")
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name}: {path} cannot be read: {type(error).__name__}") from None
    if stat.S_IMODE(mode) & 0o077:
        raise ConfigError(f"{name}: {path} can be read by others; chmod 600 it")
    if not text or not text.isprintable():
        raise ConfigError(f"{name}: {path} must hold one line")
    return text


def _trust(authorities: Path | None) -> ssl.SSLContext:
    """What checks the certificates of mail server and gateway."""
    try:
        return ssl.create_default_context(cafile=authorities)
    except OSError as error:
        raise ConfigError(f"HMS_NOTIFY_TRUST: {authorities}: {error.strerror or error}") from None


def _is_loopback(host: str) -> bool:
    try:
        return refusal(host).endswith("this machine")
    except ValueError:
        return host in LOOPBACK_NAMES
