"""``sloptest analyze`` as a developer meets it: real tests, real mutants, a real repository."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sloptest_hook
from tests.conftest import Project
from tests.schema_check import faults

DOCUMENTS = Path(sloptest_hook.__file__).parent / "report" / "documents.schema.json"
DOCUMENT = json.loads(DOCUMENTS.read_text())["definitions"]["analyze"]

CART = """\
def total(prices):
    if not prices:
        return 0
    return sum(prices)


def shipping(grams):
    if grams < 500:
        return 3
    return 5
"""
TESTS = """\
from shop.cart import shipping, total


def test_total():
    assert total([1, 2]) == 3
    assert total([]) == 0


def test_shipping():
    shipping(1)
    shipping(900)
"""


@pytest.fixture
def shop(project: Project) -> Project:
    project.commit({"shop/cart.py": CART, "tests/test_cart.py": TESTS}, "more of the shop")
    return project


def analyze(project: Project, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "sloptest_hook", "analyze", *words),
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )


def document_of(project: Project, *words: str) -> dict[str, Any]:
    done = analyze(project, "--json", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def scores(document: dict[str, Any]) -> dict[str, tuple[int, int]]:
    found = {each["qualname"]: each["mutation"] for each in document["symbols"]}
    return {name: (each["killed"], each["total"]) for name, each in found.items()}


def test_tests_that_only_execute_get_full_coverage_and_no_score(shop: Project) -> None:
    first = document_of(shop, "shop/cart.py")

    assert faults(first, DOCUMENT) == []
    assert {each["coverage_percent"] for each in first["symbols"]} == {100.0}
    assert scores(first)["shipping"] == (0, 5)
    assert scores(first)["total"][0] > 0
    spots = [each["says"] for each in first["symbols"][1]["mutation"]["mutants"]]
    assert "`<` can become `<=`" in spots
    assert [(s["test"], s["kind"]) for s in first["smells"]] == [
        ("tests/test_cart.py::test_shipping", "no assertion")
    ]

    second = document_of(shop, "shop/cart.py")
    assert second["symbols"] == first["symbols"]
    assert (second["tests_run"], second["mutants_run"]) == (0, 0)
    assert second["mutants_remembered"] == first["mutants_run"]

    refused = analyze(shop, "shop/cart.py", "--fail-under", "90", "-q")
    assert refused.returncode == 1
    assert "of mutants are noticed, less than 90 %" in refused.stdout


def test_only_what_has_changed_is_broken(shop: Project) -> None:
    shop.stage("shop/cart.py", CART.replace("return 5", "return 6"))
    assert list(scores(document_of(shop, "--staged"))) == ["shipping"]
    assert list(scores(document_of(shop, "--since", "HEAD"))) == ["shipping"]


def test_a_reference_that_there_is_not_is_named(shop: Project) -> None:
    done = analyze(shop, "--since", "nowhere")
    assert done.returncode == 2
    assert "'nowhere' is no commit of this repository" in done.stderr


def test_a_waiver_that_has_ended_counts_for_nothing(shop: Project) -> None:
    shop.commit({"shop/tax.py": "def tax(price):\n    return price / 5\n"})
    text = (shop.root / "pyproject.toml").read_text()
    ended = '{ reason = "soon gone", until = 2020-01-31 }'
    shop.stage("pyproject.toml", f'{text}\n[tool.sloptest.waive]\n"shop/tax.py" = {ended}\n')

    symbols = json.loads(analyze(shop, "--json", "shop/tax.py").stdout)["symbols"]

    assert [each["qualname"] for each in symbols] == ["tax"]
    assert symbols[0]["reason"].startswith("would get tests")
