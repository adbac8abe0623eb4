"""One commit with a provider that gives a recorded reply, and all that it has touched.

    python tests/guard/hostile_commit.py PYTHON [ID or STAGE...]    where every sample ended

PYTHON is an interpreter with pytest and coverage. Everything that a sample could harm is there as a
canary: files, keys, a secret in the environment, TCP and UDP ports, the repository itself. A sample
is *refused* when a layer before the run says no, *not kept* when a run or a later check does,
staged *in part* when its harmless tests are and the others are not, else *staged*. An *effect* is a
canary that is not as it was.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import GIT_ENVIRONMENT
from tests.generation.providers.server import PROTOCOLS, Fake, Said
from tests.guard.corpus_files import CORPUS, Sample, samples, sources

SECRETS = ("CANARY-SSHKEY", "CANARY-AWS", "CANARY-ENVVAR", "CANARY-GITTOKEN")
# Seconds: time enough on a loaded machine, and a sample that hangs is waited for no longer.
_BUDGET = 100
_BUDGET_FOR_A_HANG = 15
_HARD_STOP = 200  # a hook that needs them has held the commit
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Ending:
    """Where a sample ended, why, and what it has touched on the way."""

    where: str
    reason: str
    staged: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()


@dataclass
class Listener:
    """A TCP and a UDP port of one number on 127.0.0.1; remembers who came."""

    port: int
    calls: list[str] = field(default_factory=list)


def commit_with(sample: Sample, room: Path, python: Path) -> Ending:
    """Commit a module of the project with the sample's reply for an engine."""
    canary = _canaries(room / "canary")
    with _listening() as listener, _provider(sample) as provider:
        root = _repository(room / "project", sample, canary, listener, python)
        before = {**_tree(canary, canary), **_tree(root, root)}
        done = _committed(root, sample, canary, provider)
        report = _report(root)
        after = {**_tree(canary, canary), **_tree(root, root)}
        effects = [
            *_changed(before, after, root),
            *listener.calls,
            *_leaked(done.stdout + done.stderr, "printed"),
            *_leaked(json.dumps(report), "reported"),
            *(["terminal escape printed"] if "\x1b" in done.stdout + done.stderr else []),
            *([f"the commit failed: {done.stderr[-300:]}"] if done.returncode else []),
            *_left_processes(room),
        ]
    where, reason, staged = _where(sample, report)
    return Ending(where, reason, staged, tuple(effects))


def _canaries(place: Path) -> Path:
    files = {
        "victim.txt": "victim\n",
        "tree/f": "f\n",
        "home/.ssh/id_rsa": "CANARY-SSHKEY\n",
        "home/.aws/credentials": "CANARY-AWS\n",
    }
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return place


def _repository(root: Path, sample: Sample, canary: Path, listener: Listener, python: Path) -> Path:
    """Make a repository in which the modules of the sample's targets are staged as new."""
    shutil.copytree(CORPUS / "project", root)
    where = sources()
    texts = {where[name] for name in sample.targets}
    modules = [
        path
        for path in sorted(root.glob("src/shop/*.py"))
        if path.read_text(encoding="utf-8") in texts
    ]
    table = [
        "[tool.sloptest]",
        f'python = "{python}"',
        f"time-budget = {_BUDGET_FOR_A_HANG if sample.effect == 'hang' else _BUDGET}",
        'engine = "anthropic"',
        "[tool.sloptest.llm]",
        'fallback = "none"',  # else the offline engine writes what was refused
        "batch-size = 60",
        "[tool.sloptest.coverage.env]",
        f'SLOPTEST_CANARY_DIR = "{canary}"',
        f'SLOPTEST_CANARY_PORT = "{listener.port}"',
    ]
    with (root / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join(["", *table, ""]))
    _git(root, "init", "-q", "-b", "main")
    _git(root, "add", "-A")
    _git(root, "rm", "-q", "--cached", *map(str, modules))
    _git(root, "commit", "-q", "-m", "a shop")
    _git(root, "add", *map(str, modules))
    subprocess.run(
        (sys.executable, "-m", "sloptest_hook", "trust", "--yes", "-q"),
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(_HERE.parents[1])},
        check=True,
        capture_output=True,
    )
    _set_up(root, sample, canary)
    hook = root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m sloptest_hook hook -v\n',
        encoding="utf-8",
    )
    hook.chmod(0o755)
    return root


def _set_up(root: Path, sample: Sample, canary: Path) -> None:
    """Put what a sample needs where it wants it, after the commit and before the hook."""
    for kind, entries in sample.setup.items():
        if not isinstance(entries, dict):
            continue  # the home is always there
        for name, content in entries.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = content.replace("$SLOPTEST_CANARY_DIR", str(canary))
            if kind == "symlink":
                path.symlink_to(text)
            elif kind == "hardlink":
                path.hardlink_to(text)
            else:
                with path.open("a", encoding="utf-8") as file:
                    file.write(text)


def _committed(
    root: Path, sample: Sample, canary: Path, provider: Fake
) -> subprocess.CompletedProcess[str]:
    env = {
        **os.environ,
        "PYTHONPATH": str(_HERE.parents[1]),
        "HOME": str(canary / "home"),
        "FAKE_API_KEY": "CANARY-ENVVAR",
        "ANTHROPIC_API_KEY": "CANARY-ENVVAR",
        "SLOPTEST_LLM_BASE_URL": provider.url,
    }
    return subprocess.run(
        ("git", "commit", "-q", "-m", str(sample)),
        cwd=root,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        errors="surrogateescape",
        timeout=_HARD_STOP,
    )


def _where(sample: Sample, report: dict[str, object]) -> tuple[str, str, tuple[str, ...]]:
    symbols = report["symbols"]
    assert isinstance(symbols, list)
    mine = [each for each in symbols if set(each["qualname"].split(".")) & set(sample.targets)]
    # A test that names two functions may be the other one's.
    staged = tuple(dict.fromkeys(test for each in symbols for test in each["tests"]))
    reasons = sorted({str(each["reason"]) for each in mine})
    if staged:
        wanted = {name for text in (sample.files or {}).values() for name in _tests_in(text)}
        return ("staged" if len(staged) >= len(wanted) else "in part"), "; ".join(reasons), staged
    marks = ("reply: ", "malformed: ", "refused by rule", "fault of its text")
    refused = all(any(mark in each for mark in marks) for each in reasons)
    return ("refused" if refused else "not kept"), "; ".join(reasons), ()


def _tests_in(text: str) -> list[str]:
    return re.findall(r"^ *(?:async )?def (test\w*)", text, re.MULTILINE)


def _tree(root: Path, place: Path) -> dict[str, object]:
    """Return what every path below a place is, but for git's and the product's own files."""
    found: dict[str, object] = {}
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if relative.parts[:1] == (".git",) and relative.parts[:2] not in (
            (".git", "hooks"),
            (".git", "config"),
        ):
            continue
        kept = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found[f"{place.name}/{relative}"] = (stat.filemode(kept.st_mode), content)
    return found


def _changed(before: dict[str, object], after: dict[str, object], root: Path) -> Iterator[str]:
    """Yield every path that is not as it was; new test files are what the product is for."""
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) == after.get(path):
            continue
        is_test = path.startswith("project/tests/") and Path(path).name.startswith("test_")
        is_folder = (root / path.partition("/")[2]).is_dir() and path.startswith("project/tests")
        if path in before or not (is_test or is_folder):
            yield f"changed: {path}"


def _leaked(text: str, where: str) -> Iterator[str]:
    yield from (f"{where}: {secret}" for secret in SECRETS if secret in text)


def _left_processes(room: Path) -> Iterator[str]:
    """Yield processes that still run and whose environment or directory lies in the room."""
    wanted = os.fsencode(room)
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if entry.name != str(os.getpid()) and wanted in (entry / "environ").read_bytes():
                yield f"process left: {(entry / 'cmdline').read_bytes()!r}"


@contextlib.contextmanager
def _provider(sample: Sample) -> Iterator[Fake]:
    """A server of the machine's own that answers whatever it is asked with the sample's reply."""
    fake = Fake(*PROTOCOLS["anthropic"])
    fake.default = Said(sample.body)
    try:
        yield fake
    finally:
        fake.close()


@contextlib.contextmanager
def _listening() -> Iterator[Listener]:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        tcp.bind(("127.0.0.1", 0))
        udp.bind(tcp.getsockname())
        tcp.listen()
        listener = Listener(tcp.getsockname()[1])
        threads = [
            threading.Thread(target=_serve, args=(tcp.accept, listener, "tcp connection")),
            threading.Thread(target=_serve, args=(lambda: udp.recv(64), listener, "udp packet")),
        ]
        for thread in threads:
            thread.start()
        try:
            yield listener
        finally:
            for one in (tcp, udp):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()


def _serve(wait: object, listener: Listener, what: str) -> None:
    assert callable(wait)
    with contextlib.suppress(OSError):
        while wait():
            listener.calls.append(what)


def _report(root: Path) -> dict[str, object]:
    path = root / ".git" / "sloptest" / "report.json"
    report: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return report


def _git(root: Path, *args: str) -> None:
    subprocess.run(("git", *args), cwd=root, check=True, capture_output=True)


def _run_all(python: Path, ids: Sequence[str]) -> int:
    counts: Counter[tuple[str, str]] = Counter()
    bad = 0
    for name in ("benign", "malicious"):
        for sample in samples(name):
            if ids and not {sample.id, sample.stage} & set(ids):
                continue
            with tempfile.TemporaryDirectory() as room:
                ending = commit_with(sample, Path(room), python)
            counts[sample.stage, ending.where] += 1
            counts[sample.stage, "effect"] += bool(ending.effects)
            wrong = bool(ending.effects) or (name == "benign") != (ending.where == "staged")
            bad += wrong
            mark = "!" if wrong else " "
            print(mark, sample, ending.where, ending.reason[:200], *ending.effects, sep=" | ")
    columns = ("refused", "not kept", "in part", "staged", "effect")
    print(f"{'stage':<10}" + "".join(f"{each:>9}" for each in columns))
    for stage in sorted({stage for stage, _where in counts}):
        row = (counts[stage, where] for where in columns)
        print(f"{stage:<10}" + "".join(f"{each:>9}" for each in row))
    return bad


if __name__ == "__main__":
    os.environ.update(GIT_ENVIRONMENT)
    print(f"to be looked at: {_run_all(Path(sys.argv[1]), sys.argv[2:])}")
