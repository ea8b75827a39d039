"""What `pki init` makes, and what it leaves alone."""

import datetime as dt
from pathlib import Path

import pytest
from cryptography import x509

from api.auth import pki
from api.auth.clients import Client, Clients, new_secret, secret_fits
from api.auth.folder import IdentityFolder, SecretError, read_secret
from api.auth.setup import LOCAL, initialise, named, with_certificate, with_foreign, with_key
from journal.settings import Settings

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def settings(folder: Path, **more: object) -> Settings:
    return Settings(data_dir=folder, auth="on", **more)  # type: ignore[arg-type]


def names_of(certificate: Path) -> set[str]:
    found = x509.load_pem_x509_certificate(certificate.read_bytes()).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return {str(name.value) for name in found.value}


def test_everything_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    made = initialise(settings(tmp_path), NOW)
    assert len(made) == 4
    assert initialise(settings(tmp_path), NOW) == []
    folder = IdentityFolder(tmp_path / "identity")
    assert names_of(folder.server) == {"localhost", "127.0.0.1", "::1"}
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.root.rglob("*") if file.is_file())
    local = Clients(folder).get(LOCAL)
    assert local is not None
    assert local.comes_with(pki.described(folder.certificate(LOCAL).read_bytes())[0])


def test_a_new_name_and_a_certificate_about_to_end_are_made_anew_by_the_same_authority(tmp_path: Path) -> None:
    initialise(settings(tmp_path), NOW)
    folder = IdentityFolder(tmp_path / "identity")
    authority = folder.ca.read_bytes()
    assert len(initialise(settings(tmp_path, api_host="0.0.0.0", api_names="ledger.test"), NOW)) == 1
    assert "ledger.test" in names_of(folder.server)
    assert "0.0.0.0" not in names_of(folder.server)
    assert len(initialise(settings(tmp_path), NOW + dt.timedelta(days=380))) == 2
    assert folder.ca.read_bytes() == authority
    local = Clients(folder).get(LOCAL)
    assert local is not None
    assert len(local.certificates) == 2  # the old one may still be in use


def test_what_is_brought_along_is_left_alone(tmp_path: Path) -> None:
    initialise(settings(tmp_path, tls_certificate=tmp_path / "own.crt", tls_key=tmp_path / "own.key"), NOW)
    assert not IdentityFolder(tmp_path / "identity").server.exists()


def test_an_authority_whose_key_is_open_is_not_used(tmp_path: Path) -> None:
    initialise(settings(tmp_path), NOW)
    folder = IdentityFolder(tmp_path / "identity")
    folder.ca_key.chmod(0o640)
    with pytest.raises(SecretError, match="mode 0640"):
        with_certificate(folder, named("credit", (), ()), NOW)


def test_a_client_keeps_its_certificates_until_they_end(tmp_path: Path) -> None:
    initialise(settings(tmp_path), NOW)
    folder = IdentityFolder(tmp_path / "identity")
    first = with_certificate(folder, named("credit", ("payments:read",), ("H01",)), NOW)
    second = with_certificate(folder, first, NOW + dt.timedelta(days=300))
    assert len(second.certificates) == 2
    third = with_certificate(folder, second, NOW + dt.timedelta(days=500))
    assert third.certificates[0] == second.certificates[1]
    assert read_secret(folder.key("credit"))


@pytest.mark.parametrize("name", ["", "Credit", "../credit", "a b", "x" * 65, ".hidden"])
def test_names_that_no_client_can_have(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        named(name, (), ())


def test_what_is_no_certificate_or_no_public_key_is_refused() -> None:
    client = Client("credit", ())
    with pytest.raises(ValueError, match="PEM"):
        with_foreign(client, b"nothing", NOW)
    late = pki.client(pki.authority("a", NOW), "credit", NOW - dt.timedelta(days=9), 1)
    with pytest.raises(ValueError, match="ended"):
        with_foreign(client, late.certificate, NOW)
    for jwk in ({"kty": "oct", "k": "secret"}, {"kty": "EC", "d": "private"}, {}):
        with pytest.raises(ValueError, match="public"):
            with_key(client, jwk)


def test_a_secret_is_kept_as_a_hash() -> None:
    secret, kept = new_secret()
    assert secret not in kept
    assert secret_fits(secret, kept)
    assert not secret_fits(secret + "x", kept)
    assert not secret_fits("", "")
    assert not secret_fits(secret, "not base64!")
