"""`hms-ach pki`, `clients`, `keys`, `login` and `token`, as a person types them."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HMS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HMS_AUTH", "on")
    return tmp_path


def run(*words: str) -> Any:
    """The JSON that a command prints."""
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == 0, (words, done.output, done.exception)
    return json.loads(done.stdout)


def refused(*words: str) -> str:
    """The sentence of a command that ends with an error."""
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code != 0
    return str(done.exception) or done.output


def test_an_authority_is_made_once(folder: Path) -> None:
    assert len(run("pki", "init")["made"]) == 4
    assert run("pki", "init")["made"] == []
    assert (folder / "identity" / "clients" / "local.key").stat().st_mode & 0o777 == 0o600


def test_clients_are_added_renewed_and_revoked(folder: Path) -> None:
    run("pki", "init")
    added = run("clients", "add", "credit", "--kind", "credit", "--hospital", "H01", "--hospital", "H02", "--secret")
    assert added["hospitals"] == ["H01", "H02"]
    assert added["secret"]
    assert "webhooks:read" not in added["scopes"]
    assert all(Path(file).is_file() for file in added["files"])
    assert "already" in refused("clients", "add", "credit", "--kind", "credit")
    assert len(run("clients", "renew", "credit")["certificates"]) == 2
    assert run("clients", "add", "scraper", "--scope", "metrics:read", "--certificate", added["files"][0])["files"] == []
    assert run("clients", "revoke", "credit") == {"revoked": "credit"}
    listed = {client["name"]: client["revoked"] for client in run("clients", "list")["clients"]}
    assert listed == {"credit": True, "local": False, "scraper": False}
    assert "revoked" in refused("clients", "renew", "credit")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("clients", "add", "Bad Name", "--kind", "credit"), "small letters"),
        (("clients", "add", "x", "--kind", "king"), "a kind is"),
        (("clients", "add", "x"), "say what it may do"),
        (("clients", "add", "x", "--scope", "payments:read", "--scope", "all"), "there is no scope all"),
        (("clients", "add", "x", "--scope", "webhooks:read", "--hospital", "H01"), "concerns all hospitals"),
        (("clients", "add", "x", "--kind", "credit", "--certificate", "/nowhere"), "No such file"),
        (("clients", "revoke", "nobody"), "There is no client nobody"),
        (("login", "--name", "ana", "--role", "king"), "A role is"),
        (("login", "--name", "a b", "--role", "finance"), "without spaces"),
    ],
)
def test_what_is_refused_is_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    run("pki", "init")
    assert sentence in refused(*words)


def test_keys_rotate_with_an_overlap() -> None:
    run("pki", "init")
    made = run("keys", "rotate")["kid"]
    states = {key["kid"]: key["state"] for key in run("keys", "status")["keys"]}
    assert sorted(states.values()) == ["coming", "signing"]
    assert states[made] == "coming"


def test_a_link_is_for_one_person() -> None:
    link = run("login", "--name", "ana", "--role", "finance", "--hospital", "H01")["link"]
    assert link.startswith("https://127.0.0.1:8080/login?link=")


def test_without_authentication_there_is_nothing_to_sign_in_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HMS_AUTH", "off")
    assert "off" in refused("login", "--name", "ana", "--role", "finance")
    assert "off" in refused("token")


def test_these_commands_do_not_load_the_web_framework() -> None:
    import subprocess

    program = "import sys, api.auth.setup, api.auth.sessions, cli.commands.login; print('fastapi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "False"
