from pathlib import PurePosixPath
from textwrap import dedent

import pytest

from sloptest_hook.symbols.module_code import ModuleCode

PATH = PurePosixPath("shop/cart.py")
TEXT = dedent(
    '''\
    """A cart."""
    import os
    from . import rates

    LIMIT = 3


    class Cart(dict):
        """Things."""

        size = LIMIT

        def add(self, thing):
            return thing


    def total(n=LIMIT):
        return n


    if os.name == "posix":
        total = 3
    '''
)
CHANGES = {
    "a constant": ("LIMIT = 3", "LIMIT = 4", True),
    "an attribute of a class": ("size = LIMIT", "size = 5", True),
    "the base of a class": ("Cart(dict)", "Cart(list)", True),
    "an import": ("import os", "import os, sys", True),
    "a statement in a block": ("total = 3", "total = 4", True),
    "a new method": (
        "    def add",
        "    def __len__(self):\n        return 0\n\n    def add",
        True,
    ),
    "a new function that is decorated": (
        "def total",
        "@rates.known\ndef new():\n    return 1\n\n\ndef total",
        True,
    ),
    "a new function with the name of a builtin": (
        "def total",
        "def sum(n):\n    return 1\n\n\ndef total",
        True,
    ),
    "a new function": ("def total", "def new():\n    return 1\n\n\ndef total", False),
    "a body": ("return n", "return n + 1", False),
    "the body of a method": ("return thing", "return [thing]", False),
    "a default, which the symbol has": ("n=LIMIT", "n=4", False),
    "a docstring": ("A cart.", "Carts.", False),
    "the docstring of a class": ("Things.", "Goods.", False),
    "a comment": ("LIMIT = 3", "LIMIT = 3  # three", False),
    "formatting": ("LIMIT = 3", "LIMIT  =  3", False),
}


def code(**texts: str) -> ModuleCode:
    sources = {PurePosixPath(f"shop/{name}.py"): text for name, text in texts.items()}
    return ModuleCode(sources, [*sources, PurePosixPath("shop/__init__.py")])


@pytest.mark.parametrize(("old", "new", "differs"), CHANGES.values(), ids=CHANGES)
def test_what_an_import_does_beside_defining_functions_counts(
    old: str, new: str, *, differs: bool
) -> None:
    assert TEXT.count(old) == 1
    before = code(cart=TEXT).fingerprints[PATH]
    after = code(cart=TEXT.replace(old, new)).fingerprints[PATH]
    assert (before != after) is differs


@pytest.mark.parametrize(
    "look",
    ["getattr(rates, name)", "globals()[name]", "vars(rates)", "rates.__dict__", "dir(rates)"],
)
def test_where_names_are_computed_every_new_one_counts(look: str) -> None:
    other = f"import shop.cart as rates\n\n\ndef f(name):\n    return {look}\n"
    new = TEXT.replace("def total", "def new():\n    return 1\n\n\ndef total")
    before = code(cart=TEXT, other=other).fingerprints[PATH]
    assert code(cart=new, other=other).fingerprints[PATH] != before
    fixed = other.replace(look, 'getattr(rates, "total")')
    assert code(cart=new, other=fixed).fingerprints[PATH] == code(cart=TEXT).fingerprints[PATH]


def test_an_import_runs_what_the_module_imports_in_turn() -> None:
    made = code(cart=TEXT, rates="import shop.deep\n", deep="from shop import cart\n", other="")
    names = {path.stem for path in made.run_by([PATH])}
    assert names == {"cart", "rates", "deep"}
    assert {path.stem for path in made.run_by([PurePosixPath("shop/other.py")])} == {"other"}


def test_a_source_that_does_not_parse_has_none() -> None:
    assert code(cart="def f(:\n").fingerprints == {}
