"""What a test may do with the function that it is about."""

import pytest

from sloptest_hook.guard.judge import violations
from sloptest_hook.guard.project import ProjectNames, Subject

OWN = frozenset({"shop"})


def rules(source: str, qualname: str) -> set[str]:
    project = ProjectNames(OWN, subjects=(Subject(qualname),))
    return {each.rule_id for each in violations(source, project)}


def test_a_property_may_be_set_on_an_object_of_the_test() -> None:
    source = (
        "import pytest\nfrom shop import Version\n\n\ndef test_major():\n    version = Version(1)\n"
        "    with pytest.raises(AttributeError):\n        version.major = 2\n"
    )
    assert rules(source, "Version.major") == set()


@pytest.mark.parametrize(
    "line",
    [
        "shop.total = len",
        "shop.cart.total = len",
        "monkeypatch.setattr('shop.total', len)",
        "monkeypatch.setattr(shop, 'total', len)",
        "mock.patch('shop.total').start()",
        "mock.patch.object(shop, 'total')",
    ],
)
def test_the_function_under_test_is_not_replaced(line: str) -> None:
    source = (
        "from unittest import mock\nimport shop\n\n\ndef test_total(monkeypatch):\n"
        f"    {line}\n    assert shop.total([1]) == 1\n"
    )
    assert "patches-target" in rules(source, "total")
