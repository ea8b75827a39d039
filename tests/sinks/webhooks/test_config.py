"""Settings of the webhooks: what cannot be used is said in one sentence, before anything is sent."""

import stat
from pathlib import Path

import pytest

from journal.settings import Settings
from sinks.webhooks.config import ConfigError, load
from sinks.webhooks.secrets_file import NAME
from sinks.webhooks.signing import new_pair, new_shared


def settings_of(folder: Path, **more: object) -> Settings:
    return Settings.model_validate({"data_dir": folder, "webhook_url": "https://credit.example/hms/", **more})


def test_secrets_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    config = load(settings_of(tmp_path))
    path = tmp_path / NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load(settings_of(tmp_path)).secrets[0] == config.secrets[0]
    assert config.url == "https://credit.example:443/hms/webhooks/reconciliation"
    assert config.endpoint == "https://credit.example:443"


REFUSED = """
file                     refused because
open to others           chmod 600
missing                  cannot be read
empty                    holds 0 secrets
a bad line               line 2
too many                 holds 9 secrets
"""


@pytest.mark.parametrize("line", REFUSED.strip().splitlines()[1:])
def test_a_file_of_secrets_that_cannot_be_used(line: str, tmp_path: Path) -> None:
    what, why = (part.strip() for part in line.split("  ", 1))
    path = tmp_path / "given"
    lines = {"empty": "# none\n\n", "a bad line": f"{new_shared()}\nsecret\n", "too many": f"{new_shared()}\n" * 9}
    if what != "missing":
        path.write_text(lines.get(what, new_pair()))
        path.chmod(0o644 if what == "open to others" else 0o600)
    with pytest.raises(ConfigError, match=why) as refused:
        load(settings_of(tmp_path, webhook_secrets_file=path))
    assert "whs" not in str(refused.value).replace("whsec_ or whsk_", "")


def test_a_missing_certificate_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="certificate"):
        load(settings_of(tmp_path, webhook_certificate=tmp_path / "none.pem"))


def test_a_receiver_inside_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="this machine"):
        load(settings_of(tmp_path, webhook_url="https://127.0.0.1"))
