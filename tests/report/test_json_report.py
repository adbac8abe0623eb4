import json
from pathlib import PurePosixPath

from sloptest_hook.report.json_report import to_json
from sloptest_hook.values.confinement import Confinement
from sloptest_hook.values.outcome import (
    Decision,
    Outcome,
    Problem,
    SymbolReport,
    SymbolStatus,
)
from sloptest_hook.values.source import LineRange, Symbol, SymbolKind

SYMBOL = Symbol(PurePosixPath("src/a.py"), "A.f", SymbolKind.METHOD, LineRange(3, 9), "f")
OUTCOME = Outcome(
    Decision.WARN,
    symbols=(
        SymbolReport(
            SYMBOL,
            SymbolStatus.GENERATED,
            "1 test",
            tests=("tests/test_a.py::test_f",),
            covered_lines=(4, 5),
            missing_lines=(6,),
            missing_branches=((4, -3),),
            attempts=1,
            mutants_killed=3,
            mutants_tried=4,
            survivors=("line 4: `<` can become `<=`",),
        ),
    ),
    problems=(Problem("no coverage"),),
    files_staged=(PurePosixPath("tests/test_a.py"),),
    notes=("a note",),
    confinement=Confinement("partial", (("landlock", "ok"), ("seccomp", "no"))),
)


def written(outcome: Outcome) -> str:
    return to_json(outcome, run_id="r1", exit_code=0, elapsed_s=1.23456)


def test_the_report_holds_everything_that_is_known() -> None:
    assert json.loads(written(OUTCOME)) == {
        "schema": 1,
        "run_id": "r1",
        "mode": "hook",
        "exit_code": 0,
        "elapsed_s": 1.235,
        "decision": "warn",
        "engine": "offline",
        "confinement": {"level": "partial", "layers": {"landlock": "ok", "seccomp": "no"}},
        "quiet": None,
        "review": False,
        "problems": ["no coverage"],
        "notes": ["a note"],
        "symbols": [
            {
                "path": "src/a.py",
                "qualname": "A.f",
                "first_line": 3,
                "status": "generated",
                "estimated": False,
                "reason": "1 test",
                "tests": ["tests/test_a.py::test_f"],
                "covered_lines": [4, 5],
                "missing_lines": [6],
                "missing_branches": [[4, -3]],
                "mutants": {"killed": 3, "total": 4},
                "survivors": ["line 4: `<` can become `<=`"],
                "attempts": 1,
            }
        ],
        "suspected_bugs": [],
        "broken_tests": [],
        "files_staged": ["tests/test_a.py"],
        "patch": "",
        "usage": {
            "calls": 0,
            "prompt_tokens": 0,
            "cached_tokens": 0,
            "completion_tokens": 0,
            "usd": 0.0,
        },
    }


def test_every_key_is_there_when_nothing_happened() -> None:
    empty = json.loads(written(Outcome(Decision.ALLOW, quiet="a rebase is in progress")))

    assert empty.keys() == json.loads(written(OUTCOME)).keys()
    assert empty["quiet"] == "a rebase is in progress"


def test_the_document_is_ascii_and_keeps_odd_names() -> None:
    path = PurePosixPath("tests/a\udcff\x1b[31m\n.py")

    document = written(Outcome(Decision.ALLOW, files_staged=(path,)))

    assert document.isascii()
    assert "\x1b" not in document
    assert json.loads(document)["files_staged"] == [str(path)]
