"""Instances that a project keeps ready, and its functions that make some."""

import ast
import sys
import types

import pytest

from sloptest_hook.running.harness.searching.constants import Constants
from sloptest_hook.running.harness.searching.module_source import ModuleSource
from sloptest_hook.running.harness.searching.producers import makers, ready_made
from sloptest_hook.running.harness.searching.recipes import Recipes

KINDS = """
import collections
import dataclasses
import typing


class Rule(typing.NamedTuple):
    title: str
    strict: bool


@dataclasses.dataclass(frozen=True)
class Rate:
    percent: int


@dataclasses.dataclass
class Account:
    balance: int


class Token:
    def __init__(self, text):
        if not text.startswith("t-"):
            raise ValueError(text)


def token_of(number: int) -> "Token":
    return Token(f"t-{number}")


def other(number: int) -> int:
    return number


RULES = [Rule("Args", True), Rule("Returns", False)]
RATES = {"low": Rate(7), "high": Rate(19)}
SHARED = Account(3)
_RULE = Rule("Hidden", True)
"""


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> ModuleSource:
    """A package of two modules; the one under test has nothing of its own."""
    for name, text in (("shopkinds", KINDS), ("shopkinds.under_test", "")):
        module = types.ModuleType(name)
        monkeypatch.setitem(sys.modules, name, module)
        exec(text, module.__dict__)  # noqa: S102  the sample above
    under_test = sys.modules["shopkinds.under_test"]
    return ModuleSource("shopkinds.under_test", "u.py", under_test, ast.parse(""), "/nowhere")


def kind(name: str) -> type:
    found = getattr(sys.modules["shopkinds"], name)
    assert isinstance(found, type)
    return found


@pytest.mark.parametrize(
    ("name", "sources"),
    [
        ("Rule", ["RULES[0]", "RULES[1]", "_RULE"]),
        ("Rate", ["RATES['low']", "RATES['high']"]),
        ("Account", []),
        ("Token", []),
    ],
)
def test_values_that_a_module_keeps_are_found_and_what_can_change_is_not(
    source: ModuleSource, name: str, sources: list[str]
) -> None:
    assert [value.source for value in ready_made(kind(name), source)] == sources


def test_a_ready_made_value_comes_with_its_import(source: ModuleSource) -> None:
    assert ready_made(kind("Rate"), source)[0].imports == ("from shopkinds import RATES",)


def test_only_functions_that_say_so_make_an_instance(source: ModuleSource) -> None:
    assert [called.source for called, _ in makers(kind("Token"), source)] == ["token_of"]


def test_what_a_constructor_refuses_another_module_s_function_makes(source: ModuleSource) -> None:
    made = Recipes(source, Constants()).instances(kind("Token"))

    assert made[0].source.startswith("token_of(")
