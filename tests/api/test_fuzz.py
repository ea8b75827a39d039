"""Requests made up from the OpenAPI document: every answer is one that the document promises, and none is a fault of ours."""

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.ledger_fake import World

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
schema = schemathesis.openapi.from_asgi("/openapi.json", World().app, headers={"Host": "testserver"}).exclude(
    path="/api/v1/stream"  # an answer that never ends: tests/dashboards/test_pulse.py
)


@schema.parametrize()  # type: ignore[untyped-decorator]
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_a_promised_one(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=CHECKS, headers={"Host": "testserver"})
