"""What is believed of an OpenID provider: its discovery document, and our own settings for it."""

import json
from typing import Any

import pytest

from api.auth.provider import metadata_of
from journal.settings import Settings
from tests.api.auth.signing_in import ROLES


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://another.test"},
        {"token_endpoint": "http://provider.test/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"code_challenge_methods_supported": ["plain"]},
        {"authorization_endpoint": 7},
    ],
)
def test_a_discovery_document_that_is_not_this_providers_is_refused(changed: dict[str, Any]) -> None:
    url = "https://provider.test"
    told = {"issuer": url, "authorization_endpoint": f"{url}/a", "token_endpoint": f"{url}/token", "jwks_uri": f"{url}/keys"}
    assert metadata_of(json.dumps(told).encode(), url).token_endpoint == f"{url}/token"
    with pytest.raises(ValueError, match=r"it |not a discovery"):
        metadata_of(json.dumps({**told, **changed}).encode(), url)


@pytest.mark.parametrize(
    "given",
    [
        {"oidc_issuer": "https://provider.test"},
        {"oidc_issuer": "https://provider.test", "oidc_client_id": "x"},
        {"oidc_issuer": "http://provider.test", "oidc_client_id": "x", "oidc_roles": ROLES},
        {"oidc_issuer": "https://provider.test", "oidc_client_id": "x", "oidc_roles": ROLES, "oidc_address": "https://x/y"},
    ],
)
def test_half_a_provider_or_an_open_address_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="oidc_"):
        Settings(**given)
