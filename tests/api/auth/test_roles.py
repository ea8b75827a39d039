"""The operator's table: which role, and which hospitals, the values of a claim come to."""

import pytest

from api.auth.roles import Grant, granted, grants


def test_the_table_of_roles() -> None:
    table = grants({"a": "viewer@H1, H2", "b": "viewer", "c": "finance"})
    assert table["a"] == Grant("viewer", ("H1", "H2"))
    assert granted("a", table) == Grant("viewer", ("H1", "H2"))
    assert granted(["a", "b", 7, None], table) == Grant("viewer", None)
    for wrong in ("king", "", "viewer@", "viewer@H1,,H2"):
        with pytest.raises(ValueError, match=r"role|hospital"):
            grants({"a": wrong})
