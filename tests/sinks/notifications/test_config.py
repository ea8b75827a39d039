"""Settings of the messages: what cannot be used is said in one sentence."""

from pathlib import Path

import pytest

from journal.settings import Settings
from sinks.notifications.config import ConfigError, carriers, load

REFUSED = """
settings                                                   refused because
notify_zone=Mars/Olympus                                   time zone
notify_smtp=mail.example                                   host:port
notify_smtp=mail.example:x                                 host:port
notify_smtp=mail.example:25 notify_smtp_tls=none           this machine alone
notify_smtp=mail.example:25 notify_smtp_user=hms           HMS_NOTIFY_SMTP_PASSWORD_FILE is missing
notify_sms_url=https://sms.example                         HMS_NOTIFY_SMS_TOKEN_FILE is missing
notify_sms_url=http://sms.example                          https
notify_sms_url=https://10.0.0.1                            public
notify_sms_url=https://sms.example notify_sms_token_file=OPEN   chmod 600
notify_sms_url=https://sms.example notify_sms_token_file=NONE   cannot be read
notify_smtp=mail.example:25 notify_trust=NONE              HMS_NOTIFY_TRUST: .*No such file
notify_smtp=mail.example:25 notify_trust=OPEN              HMS_NOTIFY_TRUST
notify_contacts=NONE                                       cannot be read
notify_contacts=OPEN                                       chmod 600
notify_sandbox=true notify_smtp=mail.example:25            reaches nobody
"""


@pytest.mark.parametrize("line", REFUSED.strip().splitlines()[1:])
def test_settings_that_cannot_be_used(line: str, tmp_path: Path) -> None:
    given, why = (part.strip() for part in line.split("  ", 1))
    (tmp_path / "open").write_text("token")
    (tmp_path / "open").chmod(0o644)
    paths = {"OPEN": str(tmp_path / "open"), "NONE": str(tmp_path / "none")}
    fields = dict(each.split("=", 1) for each in given.split())
    with pytest.raises(ConfigError, match=why):
        load(Settings.model_validate({"data_dir": tmp_path, **{name: paths.get(value, value) for name, value in fields.items()}}))


def test_each_channel_has_its_carrier(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("secret\n")
    token.chmod(0o600)
    settings = {"notify_smtp": "127.0.0.1:2525", "notify_smtp_tls": "none", "notify_sms_url": "https://sms.example/send"}
    found = carriers(Settings.model_validate({"data_dir": tmp_path, "notify_sms_token_file": token, **settings}))
    assert {channel: carrier.name for channel, carrier in found.items()} == {
        "sms": "https://sms.example:443",
        "email": "smtp://127.0.0.1:2525",
    }
    assert carriers(Settings.model_validate({"data_dir": tmp_path})) == {}
    assert set(carriers(Settings.model_validate({"data_dir": tmp_path, "notify_sandbox": True}))) == {"sms", "email"}
