"""The secured system as a client meets it: requests made up from the contract, over mutual TLS, with a token. None is a fault of ours."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from api.app import create_app
from api.auth.folder import IdentityFolder
from cli.client import CLIENT, access_token
from tests.api.system import System, running

pytestmark = pytest.mark.live
CHECKS = [schemathesis.checks.not_a_server_error, status_code_conformance, response_schema_conformance]
schema = schemathesis.openapi.from_dict(create_app().openapi()).exclude(path="/api/v1/stream")  # an answer that never ends


class Caller(NamedTuple):
    """How the system is asked."""

    url: str
    tls: dict[str, Any]
    headers: dict[str, str]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("secured"), auth="on", rate_strangers_per_s=1000) as system:
        yield system


@pytest.fixture
def caller(system: System) -> Caller:
    folder = IdentityFolder(system.settings.identity_folder())
    tls = {"verify": str(folder.ca), "cert": (str(folder.certificate(CLIENT)), str(folder.key(CLIENT)))}
    return Caller(system.url, tls, {"Authorization": f"Bearer {access_token(system.settings)}"})


@schema.parametrize()  # type: ignore[untyped-decorator]
@settings(max_examples=4, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_no_request_is_a_fault_of_ours(case: schemathesis.Case, caller: Caller) -> None:
    answer: Any = case.call(base_url=caller.url, headers=caller.headers, **caller.tls)
    if answer.status_code != 503:  # nothing is lost by asking again
        case.validate_response(answer, checks=CHECKS)
