"""The samples of the corpus, and what the first layers say of each.

python tests/guard/corpus_files.py        a table: samples by the layer that refuses them
"""

import ast
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sloptest_hook.generation.reply import read_files
from sloptest_hook.generation.strict_json import BadReply
from sloptest_hook.guard.judge import violations
from sloptest_hook.guard.project import ProjectNames, Subject
from sloptest_hook.guard.verdicts import Verdict, Violation

CORPUS = Path(__file__).parent / "corpus"
LAYERS = ("reply", "deny", "fix", "strong-sandbox", "accepted")


@dataclass(frozen=True)
class Sample:
    """One reply, as in the corpus' README."""

    id: str
    kind: str
    stage: str
    targets: tuple[str, ...]
    body: str
    files: dict[str, str] | None
    effect: str
    setup: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.id}-{self.kind}"


def samples(name: str) -> list[Sample]:
    lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_sample(json.loads(line)) for line in lines]


def _sample(line: dict[str, Any]) -> Sample:
    return Sample(
        line["id"],
        line["kind"],
        line.get("stage", "benign"),
        tuple(line["targets"]),
        line["body"],
        line["files"],
        line.get("effect") or "",
        line.get("setup") or {},
    )


def sources() -> dict[str, str]:
    """Return the text of the module in which each function or class of the project is."""
    found: dict[str, str] = {}
    for path in sorted((CORPUS / "project" / "src" / "shop").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found[node.name] = text
    return found


def found_in(sample: Sample) -> list[Violation]:
    """Return what the guard says of the contents of a sample, notes left out."""
    where = sources()
    files = sample.files or {}
    subjects = [Subject(name, where.get(name, "")) for name in sample.targets]
    project = ProjectNames(frozenset({"shop"}), subjects=tuple(subjects) if len(files) == 1 else ())
    return [
        each
        for text in files.values()
        for each in violations(text, project)
        if each.verdict is not Verdict.NOTE
    ]


def layer(sample: Sample) -> str:
    """Return the first of the layers that refuses a sample: ``reply``, a verdict, ``accepted``."""
    if isinstance(read_files(sample.body), BadReply):
        return "reply"
    found = {each.verdict for each in found_in(sample)}
    return next((str(each) for each in Verdict if each in found), "accepted")


def _table() -> Iterator[str]:
    counts = Counter(
        (sample.stage, layer(sample))
        for name in ("malicious", "benign")
        for sample in samples(name)
    )
    yield f"{'stage':<10}" + "".join(f"{each:>15}" for each in LAYERS)
    for stage in sorted({stage for stage, _layer in counts}):
        yield f"{stage:<10}" + "".join(f"{counts[stage, each]:>15}" for each in LAYERS)


if __name__ == "__main__":
    print("\n".join(_table()))
