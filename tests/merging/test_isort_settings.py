"""What isort, or ruff, is told in a project, and what becomes of new imports."""

import ast
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from sloptest_hook.merging.isort_settings import extended, import_style
from sloptest_hook.merging.structural import merge
from sloptest_hook.merging.style import Style
from sloptest_hook.merging.wrapping import wrapped
from sloptest_hook.values.candidate import Candidate, MergedFile
from sloptest_hook.values.plan import TargetPlace
from sloptest_hook.values.records import replace

PATH = PurePosixPath("tests/test_cart.py")
SINGLE = Style(single_line=True)
# isort's own defaults are others than ruff's.
ISORT = Style(import_length=79, wrap=0, trailing_comma=False)
SINGLE_BY_ISORT = replace(ISORT, single_line=True)

READ = [
    pytest.param({}, Style(), id="nothing"),
    pytest.param(
        {"pyproject.toml": "[tool.isort]\nforce_single_line = true\n"}, SINGLE_BY_ISORT, id="isort"
    ),
    pytest.param(
        {"pyproject.toml": "[tool.ruff.lint.isort]\nforce-single-line = true\n"}, SINGLE, id="ruff"
    ),
    pytest.param(
        {"pyproject.toml": "[tool.ruff.isort]\nforce-single-line = true\n"}, SINGLE, id="old ruff"
    ),
    pytest.param({"ruff.toml": "[lint.isort]\nforce-single-line = true\n"}, SINGLE, id="ruff.toml"),
    pytest.param(
        {".isort.cfg": "[settings]\nforce_single_line = True\n"}, SINGLE_BY_ISORT, id="isort.cfg"
    ),
    pytest.param({"setup.cfg": "[isort]\nforce_single_line=1\n"}, SINGLE_BY_ISORT, id="setup.cfg"),
    pytest.param({"tox.ini": "[isort]\nforce_single_line=1\n"}, SINGLE_BY_ISORT, id="tox.ini"),
    pytest.param(
        {
            ".isort.cfg": "[settings]\nforce_single_line = True\n",
            "pyproject.toml": "[tool.isort]\nline_length = 99\n",
        },
        SINGLE_BY_ISORT,
        id="isort's own file first",
    ),
    pytest.param(
        {"pyproject.toml": "[tool.isort]\nline_length = 99\n[tool.ruff.lint.isort]\nx = 1\n"},
        replace(ISORT, import_length=99),
        id="isort before ruff",
    ),
    pytest.param(
        {
            "setup.cfg": "[isort]\nknown_first_party = shop,helpers\n"
            "known_third_party =\n    numpy\n    attr.x\nforce_sort_within_sections = yes\n"
        },
        replace(
            ISORT,
            first_party=frozenset({"shop", "helpers"}),
            third_party=frozenset({"numpy", "attr"}),
            mixed=True,
        ),
        id="lists in an ini file",
    ),
    pytest.param(
        {"pyproject.toml": "[tool.isort]\nknown_first_party = ['shop']\nline_length = 'x'\n"},
        replace(ISORT, first_party=frozenset({"shop"}), import_length=None),
        id="a list in TOML, no number",
    ),
    pytest.param(
        {"pyproject.toml": "[tool.isort]\nprofile = 'black'\nline_length = 100\n"},
        Style(import_length=100),
        id="a profile, and what differs from it",
    ),
    pytest.param(
        {"setup.cfg": "[isort]\nmulti_line_output = VERTICAL_GRID_GROUPED\n"},
        replace(ISORT, wrap=5),
        id="a mode by its name",
    ),
    pytest.param({"pyproject.toml": "[tool", "setup.cfg": "["}, Style(), id="broken files"),
    pytest.param({"pyproject.toml": "tool = 3\n"}, Style(), id="no table"),
]


@pytest.mark.parametrize(("files", "style"), READ)
def test_the_settings_are_found_where_isort_and_ruff_look(
    files: dict[str, str], style: Style
) -> None:
    found = {PurePosixPath(name): text.encode() for name, text in files.items()}
    assert import_style(found) == style


WRITTEN = [
    pytest.param(
        Style(),
        "import os\n\nimport pytest\n\nfrom shop.cart import Cart, total\n",
        id="as isort does by itself",
    ),
    pytest.param(
        SINGLE,
        "import os\n\nimport pytest\n\nfrom shop.cart import Cart\nfrom shop.cart import total\n",
        id="one name in a statement",
    ),
    pytest.param(
        Style(third_party=frozenset({"shop"})),
        "import os\n\nimport pytest\nfrom shop.cart import Cart, total\n",
        id="the project counts as third party",
    ),
    pytest.param(
        Style(first_party=frozenset({"pytest"})),
        "import os\n\nimport pytest\nfrom shop.cart import Cart, total\n",
        id="another first party",
    ),
    pytest.param(
        Style(mixed=True, third_party=frozenset({"shop", "abc_first"})),
        "import os\n\nimport pytest\nfrom shop.cart import Cart, total\n",
        id="mixed forms",
    ),
    pytest.param(
        Style(import_length=30),
        "import os\n\nimport pytest\n\nfrom shop.cart import (\n    Cart,\n    total,\n)\n",
        id="short lines",
    ),
]


@pytest.mark.parametrize("before", [None, b"import os\n"], ids=["new", "existing"])
@pytest.mark.parametrize(("style", "imports"), WRITTEN)
def test_new_imports_follow_the_settings(
    style: Style, imports: str, before: bytes | None, make_candidate: Callable[..., Candidate]
) -> None:
    candidate = make_candidate(
        "@pytest.mark.slow\ndef test_total():\n    assert total(Cart(os)) == 1\n",
        "import os",
        "import pytest",
        "from shop.cart import total, Cart",
    )
    merged = merge(TargetPlace(PATH, before), [candidate], style=style)
    assert isinstance(merged, MergedFile)
    assert merged.after.decode().partition("\n\n\n")[0] + "\n" == imports


@pytest.mark.parametrize(
    ("style", "after"),
    [
        (Style(), "import zlib\n\nfrom shop.cart import total\n"),
        (
            Style(mixed=True, third_party=frozenset({"shop", "zebra"})),
            "from shop.cart import total\nimport zebra\n",
        ),
    ],
    ids=["apart", "mixed"],
)
def test_forms_are_mixed_where_the_project_mixes_them(
    style: Style, after: str, make_candidate: Callable[..., Candidate]
) -> None:
    first = "import zebra\n" if style.mixed else "import zlib\n"
    candidate = make_candidate(
        "def test_total():\n    assert total([]) == 0\n", "from shop.cart import total"
    )
    merged = merge(TargetPlace(PATH, first.encode()), [candidate], style=style)
    assert isinstance(merged, MergedFile)
    assert merged.after.decode().partition("\n\n\n")[0] + "\n" == after


def test_settings_that_ruff_extends_count_where_its_own_say_nothing() -> None:
    own = {PurePosixPath("ruff.toml"): b"extend = 'tools/base.toml'\n"}
    base = {
        PurePosixPath("tools/base.toml"): b"[lint.isort]\nforce-single-line = true\n",
    }
    assert extended(own) == PurePosixPath("tools/base.toml")
    assert import_style(own, base) == SINGLE


@pytest.mark.parametrize("path", ["../base.toml", "/etc/ruff.toml", "ruff.toml"])
def test_nothing_outside_of_the_repository_is_read(path: str) -> None:
    assert extended({PurePosixPath("ruff.toml"): f"extend = '{path}'\n".encode()}) is None


NAMES = ("alpha", "beta", "gamma")
WRAPPED = {
    0: "from shop import (alpha, beta,\n                  gamma)\n",
    1: "from shop import (alpha,\n                  beta,\n                  gamma)\n",
    2: "from shop import alpha, \\\n    beta, gamma\n",
    3: "from shop import (\n    alpha,\n    beta,\n    gamma\n)\n",
    4: "from shop import (\n    alpha, beta, gamma)\n",
    5: "from shop import (\n    alpha, beta, gamma\n)\n",
}


@pytest.mark.parametrize(("mode", "text"), WRAPPED.items(), ids=str)
def test_a_long_import_is_wrapped_as_isort_does(mode: int, text: str) -> None:
    assert wrapped("shop", NAMES, 30, replace(ISORT, wrap=mode)) == text


@pytest.mark.parametrize("mode", range(6))
@pytest.mark.parametrize("length", [1, 20, 40])
def test_names_longer_than_a_line_are_still_imported(mode: int, length: int) -> None:
    names = ("a" * 30, "b", "c" * 50)
    (node,) = ast.parse(wrapped("shop", names, length, replace(ISORT, wrap=mode))).body
    assert isinstance(node, ast.ImportFrom)
    assert [each.name for each in node.names] == list(names)
