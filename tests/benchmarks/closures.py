"""What the closures of a whole tree of tests cost: 100 files of 10 tests, or a real project's.

python tests/benchmarks/closures.py [PROJECT]
"""

import sys
import time
from pathlib import Path, PurePosixPath

from sloptest_hook.planning import is_test_file
from sloptest_hook.symbols.closures import Closures
from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.symbols.parsing import ParseFailure
from sloptest_hook.values.source import Symbol

ROUNDS = 5
TESTS = PurePosixPath("tests")
CONFTEST = "import pytest\n" + "".join(
    f"\n\n@pytest.fixture\ndef thing{n}(tmp_path):\n    return tmp_path / 'thing{n}'\n"
    for n in range(20)
)
HELPERS = "SIZE = 2\n" + "".join(
    f"\n\ndef make_{n}(count):\n    return [Box(count)] * SIZE + part_{n}(count)\n"
    f"\n\ndef part_{n}(count):\n    return list(range(count))\n"
    for n in range(20)
)
HEAD = "import pytest\n\nfrom shop.cart import Cart, total\nfrom tests.helpers import make_{n}\n"
TEST = """

@pytest.mark.parametrize(("count", "wanted"), [(1, 2), (2, 4), (3, 6)])
def test_total_{n}(thing{m}, count, wanted):
    cart = Cart(thing{m} / "cart.json", size=count)
    for each in make_{m}(count):
        cart.add(each, price=count * 2)
    with pytest.raises(ValueError, match="empty"):
        cart.remove("none")
    assert total(cart) == wanted
    assert cart.lines == [str(each) for each in range(wanted)]
"""


def made() -> dict[PurePosixPath, str]:
    """Return a tree of 1,000 tests in 100 files."""
    files = {"__init__.py": "", "conftest.py": CONFTEST, "helpers.py": HELPERS}
    for n in range(100):
        tests = "".join(TEST.format(n=each, m=(each + n) % 20) for each in range(10))
        files[f"unit/test_{n}.py"] = HEAD.format(n=n % 20) + tests
    return {TESTS / name: text for name, text in files.items()}


def found_in(project: Path) -> dict[PurePosixPath, str]:
    """Return the tests of a project on disk."""
    paths = [PurePosixPath(each.relative_to(project)) for each in project.rglob("*.py")]
    return {
        path: (project / path).read_text(encoding="utf-8", errors="replace")
        for path in sorted(paths)
        if is_test_file(path, TESTS) and not any(part.startswith(".") for part in path.parts)
    }


def nodes_of(texts: dict[PurePosixPath, str]) -> list[str]:
    """Return the node ids of all functions named like tests."""
    return [
        f"{path}::{each.qualname.replace('.', '::')}"
        for path, text in texts.items()
        for each in symbols_of(path, text)
        if each.qualname.rpartition(".")[2].startswith("test")
    ]


def symbols_of(path: PurePosixPath, text: str) -> tuple[Symbol, ...]:
    """Return the symbols of a file, none of one that does not parse."""
    found = extract_symbols(path, text)
    return () if isinstance(found, ParseFailure) else found


def main() -> None:
    """Print the least and the most of a few rounds."""
    texts = found_in(Path(sys.argv[1])) if len(sys.argv) > 1 else made()
    nodes = nodes_of(texts)
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        closures = Closures(texts, texts.keys())
        assert all(closures.of(node) is not None for node in nodes)
        times.append(time.process_time() - started)
    lines = sum(text.count("\n") for text in texts.values())
    print(f"{len(nodes)} tests, {len(texts)} files, {lines} lines")
    print(f"{min(times):.3f} s of CPU at least, {max(times):.3f} at most")


if __name__ == "__main__":
    main()
