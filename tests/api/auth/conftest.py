"""Fixtures of the identity tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.auth.sign_in import CALLBACK
from tests.api.auth.openid import CLIENT, SECRET, serving
from tests.api.auth.signing_in import ROLES, Met
from tests.api.auth.world import Secured


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[Secured]:
    """A world of its own."""
    world = Secured(tmp_path)
    yield world
    world.identity.close()


@pytest.fixture
def met(tmp_path: Path) -> Iterator[Met]:
    """A world of its own, and an OpenID provider that it knows."""
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    secret.write_text(f"{SECRET}\n")
    clock: list[Secured] = []
    callback = f"https://ledger.test{CALLBACK}"
    with serving(tmp_path, callback, lambda: clock[0].now_s) as provider:
        secured = Secured(
            tmp_path / "data",
            oidc_issuer=provider.url,
            oidc_client_id=CLIENT,
            oidc_secret_file=secret,
            oidc_ca=provider.authority,
            oidc_address="https://ledger.test",
            oidc_roles=ROLES,
        )
        clock.append(secured)
        assert secured.identity.sign_in is not None
        assert secured.connection().get("/login/provider", follow_redirects=False).status_code == 503, "it was not reached yet"
        secured.identity.sign_in.provider.refresh()
        yield Met(secured, provider)
        secured.identity.close()
