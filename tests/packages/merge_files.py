"""Merges a few generated tests into thousands of real test files, and says what was harmed.

    python tests/packages/merge_files.py                  sdists of a dozen packages from PyPI
    python tests/packages/merge_files.py DIRECTORY        the test files below a directory
    python tests/packages/merge_files.py --collect PYTHON --only networkx --only werkzeug

Every file is merged into by both strategies, and once more into what came of it. Prints one JSON
document and exits with 1 if any file lost or changed a byte of the user's, a test that was
collected before, its syntax, or did not come out of the second merge as it went in. ``--collect``
names an interpreter that has the packages and pytest: real collection, before and after.

Nothing of the checks here is the product's own: what they prove must not rest on what they check.
"""

import argparse
import ast
import json
import subprocess
import sys
import tarfile
import tempfile
import time
import warnings
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sloptest_hook.merging.append import append
from sloptest_hook.merging.structural import merge
from sloptest_hook.values.candidate import Candidate, MergedFile, Refused, SupportCode, WrittenTest
from sloptest_hook.values.coverage import CoverageStatus, CoverageVerdict, Evidence
from sloptest_hook.values.plan import Target, TargetPlace
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

PACKAGES = (
    "Django==5.1.4",
    "sympy==1.13.3",
    "SQLAlchemy==2.0.36",
    "Twisted==24.11.0",
    "fastapi==0.115.6",
    "networkx==3.4.2",
    "Sphinx==8.1.3",
    "pytest==8.3.4",
    "celery==5.4.0",
    "Werkzeug==3.1.3",
    "babel==2.16.0",
    "setuptools==75.6.0",
)
PATTERNS = ("test_*.py", "*_test.py", "tests.py")
STUB = (
    "LIMIT = 3\n\n\ndef total(prices):\n    return sum(prices)\n\n\n"
    "class Cart:\n    def add(self, item):\n        return None\n"
)
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
Strategy = Callable[[TargetPlace, list[Candidate]], MergedFile | Refused]
STRATEGIES: dict[str, Strategy] = {"ast-merge": merge, "append": append}


@dataclass(frozen=True)
class Fate:
    """What became of one file; ``merged`` is what ast-merge made of it."""

    file: Path
    merges: int
    refused: tuple[str, ...]
    harms: tuple[str, ...]
    merged: bytes | None


def candidates_for(data: bytes) -> list[Candidate]:
    """Return the fixed tests, three of them about what the file seems to be about.

    One takes the name of its first test function, one the symbol of its first test class; one has
    a helper and a fixture of names that the file uses.
    """
    tree = _parsed(data)
    body = tree.body if tree else []
    functions = [n.name for n in body if isinstance(n, _Function) and n.name.startswith("test_")]
    classes = [n.name for n in body if isinstance(n, ast.ClassDef) and n.name.startswith("Test")]
    clash = functions[0] if functions else "test_total_of_none"
    owner = (classes[0].removeprefix("Test") if classes else "") or "Cart"
    helpers = [n.name for n in body if isinstance(n, _Function) and not n.name.startswith("test")]
    parameters = [n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)] if tree else []
    helper = helpers[0] if helpers else "filled"
    fixture = next((p for p in parameters if p not in {"self", "cls", "number", helper}), "cart")
    return [
        _candidate(
            "total",
            ("from shop.cart import total",),
            "def test_total_of_two():\n    assert total([1, 2]) == 3\n",
        ),
        _candidate(
            clash.removeprefix("test_") or "total",
            ("import math", "import pytest", "from shop.cart import LIMIT, total"),
            '@pytest.mark.parametrize("number", [1, math.pi, LIMIT])\n'
            f"def {clash}(number):\n    assert total([number]) == number\n",
        ),
        _candidate(
            f"{owner}.add",
            ("import json", "from shop.cart import Cart"),
            'def test_add_of_text():\n    assert Cart().add(json.loads("[1]")) is None\n',
        ),
        _candidate(
            "pay",
            ("import pytest", "from shop.cart import total"),
            f"def test_pay_of_shared({fixture}):\n"
            f"    assert total({fixture}) == total({helper}())\n",
            SupportCode(helper, f"def {helper}():\n    return [1, 2, 3]\n"),
            SupportCode(fixture, f"@pytest.fixture\ndef {fixture}():\n    return {helper}()\n"),
        ),
    ]


def _candidate(
    qualname: str, imports: tuple[str, ...], code: str, *support: SupportCode
) -> Candidate:
    symbol = Symbol(
        PurePosixPath("shop/cart.py"), qualname, SymbolKind.FUNCTION, LineRange(1, 2), "f"
    )
    verdict = CoverageVerdict(symbol, CoverageStatus.UNCOVERED, Evidence.MEASURED)
    name = code.partition("def ")[2].partition("(")[0]
    tests = (WrittenTest(name, code),)
    return Candidate(Target(verdict, "shop.cart", ""), "offline", imports, tests, support=support)


def fate_of(file: Path) -> Fate:
    """Merge into the file by every strategy; the file itself stays as it is."""
    data = file.read_bytes()
    place = TargetPlace(PurePosixPath("tests", file.name), data)
    answers = {name: merge_by(place, candidates_for(data)) for name, merge_by in STRATEGIES.items()}
    merged = {name: each for name, each in answers.items() if isinstance(each, MergedFile)}
    refused = [each.reason for each in answers.values() if isinstance(each, Refused)]
    found = [
        f"{file} ({name}): {harm}"
        for name, each in merged.items()
        for harm in harms(each, STRATEGIES[name])
    ]
    ours = merged.get("ast-merge")
    return Fate(file, len(merged), tuple(refused), tuple(found), ours.after if ours else None)


def harms(merged: MergedFile, strategy: Strategy) -> Iterator[str]:
    """Yield everything that a merge must not do and did."""
    before = merged.before or b""
    if not _only_inserted(before, merged.after):
        yield "a byte of the user's has changed"
    old, new = _parsed(before), _parsed(merged.after)
    if old is None or new is None:
        yield "it does not parse"
        return
    was, now = _tests_of(old, before), _tests_of(new, merged.after)
    if lost := sorted(node for node in was if was[node] != now.get(node)):
        yield f"lost or changed: {lost}"
    added = {each.name for each in merged.added}
    if now.keys() - was.keys() != added or len(added) != len(merged.added):
        yield f"not collected: {sorted(added - now.keys())}"
    again = strategy(TargetPlace(merged.path, merged.after), candidates_for(before))
    if not isinstance(again, MergedFile) or again.after != merged.after:
        yield "a second merge changes it"


def _only_inserted(before: bytes, after: bytes) -> bool:
    """Return whether the old lines are the new ones, some left out; the last may gain an end."""
    *finished, rest = before.split(b"\n")
    lines = iter(after.split(b"\n"))
    if not all(line in lines for line in finished):
        return False
    return not rest or any(line.rstrip(b"\r") == rest.rstrip(b"\r") for line in lines)


def _tests_of(tree: ast.Module, data: bytes) -> dict[str, bytes]:
    """Return the lines of every test by ``Class::test``; of one name the last."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    tests: dict[str, bytes] = {}
    for name, node in _tests(tree.body):
        first = min(part.lineno for part in (node, *node.decorator_list))
        code = b"\n".join(lines[first - 1 : node.end_lineno])
        tests[name] = code.removeprefix(BOM_UTF8)
    return tests


def _tests(body: Sequence[ast.stmt], owner: str = "") -> Iterator[tuple[str, _Function]]:
    """Yield the tests, those in conditions too."""
    for node in body:
        if isinstance(node, _Function):
            if node.name.startswith("test"):
                yield owner + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _tests(node.body, f"{owner}{node.name}::")
        else:
            for block in ("body", "orelse", "finalbody"):
                yield from _tests(getattr(node, block, []), owner)


def _parsed(data: bytes) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(data, "<tests>", "exec", dont_inherit=True)
            return ast.parse(data)
        except _UNREADABLE:
            return None


def collected(python: str, root: Path, stub: Path) -> set[str]:
    """Return the node ids that real pytest collects below ``root``, whatever fails to import."""
    words = ("-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider")
    more = ("--import-mode=importlib", "--continue-on-collection-errors", str(root))
    done = subprocess.run(
        (python, *words, *more),
        cwd=root,
        env={"PYTHONPATH": str(stub), "PATH": "/usr/bin:/bin", "HOME": str(stub)},
        capture_output=True,
        text=True,
        check=False,
    )
    return {line.strip() for line in done.stdout.splitlines() if "::" in line}


def collection_harms(python: str, root: Path, fates: Sequence[Fate]) -> dict[str, object]:
    """Collect a package before and after; return the figures. Its files are written over."""
    stub = root.parent / f"{root.name}.stub"
    (stub / "shop").mkdir(parents=True)
    (stub / "shop" / "cart.py").write_text(STUB)
    before = collected(python, root, stub)
    for fate in fates:
        if fate.merged is not None:
            fate.file.write_bytes(fate.merged)
    after = collected(python, root, stub)
    lost = sorted(before - after)
    return {
        "package": root.name,
        "before": len(before),
        "after": len(after),
        "lost": len(lost),
        "first_lost": lost[:3],
    }


def unpacked(packages: Sequence[str], work: Path) -> list[Path]:
    """Download sdists and unpack them; nothing is built or installed."""
    words = ("download", "-q", "--no-binary", ":all:", "--no-deps", "-d", str(work / "sdists"))
    for package in packages:
        subprocess.run((sys.executable, "-m", "pip", *words, package), check=True)
    roots = []
    for archive in sorted((work / "sdists").glob("*.tar.gz")):
        with tarfile.open(archive) as opened:
            opened.extractall(work / "unpacked", filter="data")
        roots.append(work / "unpacked" / archive.name.removesuffix(".tar.gz"))
    return roots


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("directory", nargs="?", type=Path, metavar="DIRECTORY")
    parser.add_argument("--only", action="append", metavar="NAME", help="of the packages")
    parser.add_argument("--collect", metavar="PYTHON", help="collect with this interpreter too")
    options = parser.parse_args()
    wanted = [p for p in PACKAGES if not options.only or p.partition("==")[0] in options.only]
    fates: list[Fate] = []
    collections: list[dict[str, object]] = []
    seconds = 0.0
    with tempfile.TemporaryDirectory() as work, ProcessPoolExecutor() as pool:
        roots = [options.directory] if options.directory else unpacked(wanted, Path(work))
        for root in roots:
            files = sorted({file for pattern in PATTERNS for file in root.rglob(pattern)})
            started = time.monotonic()
            new = list(pool.map(fate_of, filter(Path.is_file, files), chunksize=8))
            seconds += time.monotonic() - started
            fates += new
            if options.collect and not options.directory:
                collections.append(collection_harms(options.collect, root, new))
    harmed = [harm for fate in fates for harm in fate.harms]
    document = {
        "files": len(fates),
        "merges": sum(fate.merges for fate in fates),
        "harmed": harmed,
        "refused": Counter(why.partition(":")[0] for fate in fates for why in fate.refused),
        "seconds": round(seconds, 1),
        "collections": collections,
    }
    print(json.dumps(document, indent=2))
    sys.exit(bool(harmed or any(each["lost"] for each in collections)))


if __name__ == "__main__":
    main()
