"""Code of the snapshot is compiled once: by whom it is kept, and who may only read it."""

import marshal
import os
import time
from dataclasses import replace
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING

from sloptest_hook.running.probe import SearchProbe
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.observed import Observations, SearchRequest

if TYPE_CHECKING:
    from tests.running.conftest import ProjectTree

SHOP = "from tax import rate\nimport far.away\n\ndef price(net):\n    return net * rate()\n"
FILES = {
    "src/shop.py": SHOP,
    "src/tax.py": "def rate():\n    return 2\n",
    "src/far/__init__.py": "",
    "src/far/away.py": "from . import near\n",
    "src/far/near.py": "X = 1\n",
    "src/unused.py": "X = 1\n",
    "tests/test_shop.py": "import shop\n\ndef test_price():\n    assert shop.price(2) == 4\n",
    "tests/test_new.py": "import shop\n\ndef test_other():\n    assert shop.price(3) == 6\n",
}
OLD = 30 * 24 * 3600.0


def kept(tree: "ProjectTree") -> dict[str, CodeType]:
    """Return what is kept of the project, by the path in the snapshot."""
    found = {}
    for entry in (tree.root / "compiled").glob("??/*"):
        _, code = marshal.loads(entry.read_bytes())  # noqa: S302  # what the harness reads
        if Path(code.co_filename).is_relative_to(tree.snapshot):
            found[Path(code.co_filename).relative_to(tree.snapshot).as_posix()] = code
    return found


def outcomes(run: object) -> list[str]:
    return [each.outcome.value for each in run.results]  # type: ignore[attr-defined]


def searched(tree: "ProjectTree", request: SearchRequest) -> Observations:
    room = tree.root / "room"
    room.mkdir()
    roots = tree.runner().import_roots[:1]
    probe = SearchProbe(tree.described(), tree.snapshot, tree.worktree, room, roots)
    return next(probe.search([request], Deadline(time.monotonic() + 30, time.monotonic)))


def poison(tree: "ProjectTree", path: str, text: str) -> None:
    """Put other code in the place of what is kept of a file."""
    for entry in (tree.root / "compiled").glob("??/*"):
        imports, code = marshal.loads(entry.read_bytes())  # noqa: S302  # what the harness reads
        if code.co_filename == str(tree.snapshot / path):
            entry.write_bytes(marshal.dumps((imports, compile(text, code.co_filename, "exec"))))


def test_the_users_own_tests_keep_what_they_import(tree: "ProjectTree") -> None:
    tree.write(FILES).run("tests/test_shop.py")

    assert set(kept(tree)) == {
        "src/shop.py",
        "src/tax.py",
        *("src/far/__init__.py", "src/far/away.py", "src/far/near.py"),
        "tests/test_shop.py",
    }


def test_what_is_kept_is_what_later_runs_import(tree: "ProjectTree") -> None:
    tree.write(FILES).run("tests/test_shop.py")
    poison(tree, "src/tax.py", "def rate():\n    return 5\n")

    assert outcomes(tree.run("tests/test_shop.py")) == ["failed"]


def test_what_was_filled_is_what_generated_tests_import(tree: "ProjectTree") -> None:
    tree.write(FILES).run_generated("tests/test_new.py::test_other")
    poison(tree, "src/tax.py", "def rate():\n    return 5\n")

    assert outcomes(tree.run_generated("tests/test_new.py::test_other")) == ["failed"]


def test_a_changed_file_is_compiled_at_once(tree: "ProjectTree") -> None:
    tree.write(FILES).run("tests/test_shop.py")
    # Of the same length and in the same second.
    tree.write({"src/tax.py": FILES["src/tax.py"].replace("2", "3")})

    assert outcomes(tree.run("tests/test_shop.py")) == ["failed"]


def test_generated_tests_find_their_imports_compiled_and_keep_nothing(tree: "ProjectTree") -> None:
    late = "import shop\n\ndef test_other():\n    import unused\n    assert shop.price(3) == 6\n"
    tree.write({**FILES, "tests/test_new.py": late})

    run = tree.run_generated("tests/test_new.py::test_other")

    assert outcomes(run) == ["passed"]
    assert "src/shop.py" in kept(tree)
    assert "src/far/near.py" in kept(tree)
    assert "src/unused.py" not in kept(tree)


def test_generated_tests_cannot_change_what_is_kept(tree: "ProjectTree") -> None:
    attack = """\
import os
import sys

def test_attack():
    folder = sys.modules["_sloptest_harness.compiled"].folders()[0]
    entries = [os.path.join(above, name) for above, _, names in os.walk(folder) for name in names]
    assert entries
    for entry in entries:
        try:
            os.unlink(entry)
        except OSError:
            pass
    assert all(map(os.path.exists, entries))
"""
    tree.write({**FILES, "tests/test_new.py": attack})

    tree.run_generated("tests/test_new.py::test_attack")

    assert "src/shop.py" not in kept(tree)  # it imports nothing
    tree.run("tests/test_shop.py")
    before = kept(tree)
    tree.run_generated("tests/test_new.py::test_attack")
    assert before
    assert kept(tree).keys() >= before.keys()


def test_the_search_reads_what_is_kept_in_a_private_place(tree: "ProjectTree") -> None:
    private = replace(tree, root=tree.root / ".git")
    private.write({"src/late.py": "def price(net):\n    import tax\n    return net * tax.rate()\n"})
    private.write(FILES).run("tests/test_shop.py")
    request = SearchRequest("price", "late", "src/late.py", seconds=0.5)

    found = searched(private, request)

    assert found.cases
    assert not found.notes


def test_generated_tests_read_what_is_kept_in_a_private_place(tree: "ProjectTree") -> None:
    private = replace(tree, root=tree.root / ".git")
    late = "def test_other():\n    import shop\n    assert shop.price(3) == 6\n"
    private.write({**FILES, "tests/test_new.py": late}).run("tests/test_shop.py")

    assert outcomes(private.run_generated("tests/test_new.py::test_other")) == ["passed"]


def test_the_search_finds_its_module_compiled(tree: "ProjectTree") -> None:
    tree.write(FILES)
    request = SearchRequest("price", "shop", "src/shop.py", seconds=0.5)

    assert searched(tree, request).cases
    assert "src/far/near.py" in kept(tree)


def test_a_file_that_warns_warns_each_time(tree: "ProjectTree") -> None:
    tree.write({**FILES, "src/tax.py": "def rate():\n    return 2 is 2 and 2\n"})

    tree.run_generated("tests/test_new.py::test_other")

    assert "src/shop.py" in kept(tree)
    assert "src/tax.py" not in kept(tree)


def test_a_cut_entry_is_as_none(tree: "ProjectTree") -> None:
    tree.write(FILES).run("tests/test_shop.py")
    for at, entry in enumerate(sorted((tree.root / "compiled").glob("??/*"))):
        entry.write_bytes(entry.read_bytes()[:-3] if at % 2 else b"")

    assert outcomes(tree.run("tests/test_shop.py")) == ["passed"]
    assert "src/tax.py" in kept(tree)


def test_where_nothing_can_be_kept_tests_run_all_the_same(tree: "ProjectTree") -> None:
    tree.write(FILES)
    (tree.root / "compiled").write_text("a file")

    assert outcomes(tree.run("tests/test_shop.py")) == ["passed"]
    assert outcomes(tree.run_generated("tests/test_new.py::test_other")) == ["passed"]


def test_what_nobody_used_for_two_weeks_goes(tree: "ProjectTree") -> None:
    tree.write(FILES).run("tests/test_shop.py")
    tree.run_generated("tests/test_new.py::test_other")
    store = tree.root / "compiled"
    for entry in store.glob("??/*"):
        os.utime(entry, (time.time() - OLD, time.time() - OLD))
    os.utime(store / "pruned", (time.time() - OLD, time.time() - OLD))
    tree.write({"src/tax.py": "def rate():\n    return 4 - 2\n"})

    tree.run_generated("tests/test_new.py::test_other")

    assert "tests/test_shop.py" not in kept(tree)
    assert "src/shop.py" in kept(tree)


def test_plugins_are_compiled_once(tree: "ProjectTree") -> None:
    tree.write(FILES)
    tree.run_generated("tests/test_new.py::test_other")
    markers = list((tree.root / "compiled").glob("plugins-*"))
    tree.run_generated("tests/test_new.py::test_other")

    assert len(markers) == 1
    assert list((tree.root / "compiled").glob("plugins-*")) == markers
