"""Who may write, and where: the user's tree is written by one room, relative to descriptors."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import sloptest_hook
from tests.conftest import Project

PACKAGE = Path(sloptest_hook.__file__).parent
# Names that change files whoever has them; `remove` is a word of lists too.
CALLS = frozenset(
    {"chmod", "chown", "copyfile", "copytree", "create_file", "fchmod", "hardlink_to", "link"}
    | {"make_directories", "makedirs", "mkdir", "mkdtemp", "mkfifo", "mkstemp", "move", "put_file"}
    | {"rename", "renames", "rmdir", "rmtree", "symlink", "symlink_to", "touch", "truncate"}
    | {"unlink", "utime", "write_bytes", "write_text", "TemporaryDirectory", "TemporaryFile"}
    | {"NamedTemporaryFile"}
)
OPENING = frozenset({"open", "fdopen"})
TO_WRITE = frozenset(
    {"w", "wb", "x", "xb", "a", "ab", "r+", "r+b", "O_WRONLY", "O_RDWR", "O_CREAT"}
)
# Everybody who changes files, and which files. A line here is read in review: none but the room
# may name the tree.
WRITERS = {
    "git/worktree.py": "the tree: the room",
    "git/paths.py": "the tree: what the room stands on",
    "git/drafts.py": "the tree: files on their way, in the git dir or beside their place",
    "git/swap.py": "the tree: two names exchanged, for the room",
    "git/hooks.py": "the hooks' directory, which may be in the tree, by put_file",
    "git/approvals.py": "git dir",
    "git/lock.py": "git dir",
    "git/placeholder_key.py": "git dir",
    "git/publishing.py": "git dir: an index",
    "git/room.py": "git dir",
    "git/snapshot.py": "git dir: the snapshot",
    "git/sweeping.py": "git dir, and temporary directories of ours",
    "git/written.py": "git dir",
    "git/plumbing.py": "temporary file without a name",
    "git/working.py": "temporary directory of ours: an index",
    "store/database.py": "git dir",
    "store/ledger.py": "git dir",
    "store/replies.py": "git dir",
    "running/confinement.py": "temporary directory of ours",
    "running/answers.py": "git dir",
    "commands/record.py": "git dir",
    "commands/logbook.py": "git dir: the log",
    "commands/progress.py": "the controlling terminal",
    "commands/crash.py": "git dir, or the directory for temporary files",
    "commands/scratch.py": "temporary directory of ours",
    "commands/env.py": "temporary directory of ours",
    "commands/printing.py": "the null device",
    "commands/demo.py": "temporary directory of ours",
    "running/data_file.py": "temporary directory of ours",
    "running/probe.py": "temporary directory of ours",
    "running/process.py": "temporary files without a name, pipes",
    "running/runner.py": "temporary directory of ours",
    "running/exporting.py": "the file that the user names in --export",
}


def test_whoever_changes_files_is_known_with_the_place() -> None:
    found = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.py")
        if "harness" not in file.parts and any(_writes(ast.parse(file.read_text("utf-8"))))
    }
    assert found == set(WRITERS)


def _writes(tree: ast.Module) -> Iterator[bool]:
    """Yield for each call of a module that can have a file in hand whether it changes one."""
    names = {
        alias.name
        for node in ast.walk(tree)
        for alias in getattr(node, "names", ())
        if isinstance(alias, ast.alias)
    }
    if names & {"os", "shutil", "tempfile", "Path", "create_file", "put_file"}:
        yield from (_changes(node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def _changes(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if isinstance(call.func, ast.Name):
        name = call.func.id
    if name == "replace":  # of a text it takes two, of a record it is a function
        return isinstance(call.func, ast.Attribute) and len(call.args) + len(call.keywords) != 2
    if name in OPENING:
        inside = list(ast.walk(call))
        words = {each.value for each in inside if isinstance(each, ast.Constant)}
        flags = {each.attr for each in inside if isinstance(each, ast.Attribute)}
        return not TO_WRITE.isdisjoint(words | flags)
    return name in CALLS


# Tells of every change of a file that is named by a path and not by an open directory.
SPY = """
import os, sys
top = os.getcwd()
# The event, and where among its arguments the descriptors of directories begin.
changing = {
    "os.rename": 2, "os.link": 2, "os.symlink": 2, "os.mkdir": 2, "os.chmod": 2, "os.utime": 3,
    "os.remove": 1, "os.rmdir": 1, "os.truncate": 9, "shutil.copyfile": 9, "shutil.move": 9,
}
def told(event, name):
    inside = os.path.normpath(os.path.join(top, os.fsdecode(name)))
    if inside.startswith(top + "/") and not inside.startswith(top + "/.git/"):
        print("WROTE", event, inside, file=sys.stderr)
def spy(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        # The event does not tell of a directory; the room's names have no separator.
        writes = (args[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes and "/" in os.fsdecode(args[0]):
            told(event, args[0])
    elif event in changing:
        begin = changing[event]
        if all(each == -1 for each in args[begin:]):
            for each in args[:begin]:
                if isinstance(each, (str, bytes, os.PathLike)):
                    told(event, each)
sys.addaudithook(spy)
from sloptest_hook.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_commit_changes_the_tree_by_open_directories_alone(project: Project) -> None:
    project.stage("shop/pricing.py", "def double(price):\n    return price * 2\n")
    for words in (("hook",), ("undo",)):
        done = subprocess.run(
            (sys.executable, "-c", SPY, *words),
            cwd=project.root,
            env={**os.environ},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert [line for line in done.stderr.splitlines() if line.startswith("WROTE")] == []
        assert (project.root / "tests/test_pricing.py").exists() is (words == ("hook",))


def test_the_spy_sees_a_write_by_path(tmp_path: Path) -> None:
    writes = "open('{0}/x', 'w').close(); os.mkdir('{0}/d'); os.rename('{0}/x', '{0}/y')"
    script = SPY.partition("from sloptest_hook")[0] + writes.format(tmp_path)
    done = subprocess.run(
        (sys.executable, "-c", script), cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert [line.split()[1] for line in done.stderr.splitlines()] == [
        "open",
        "os.mkdir",
        "os.rename",
        "os.rename",
    ]
