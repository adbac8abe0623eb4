"""Compares a repository that commits with the hook to its twin that commits without.

The only difference that is allowed is generated tests, and they have rules of their own. Nothing
here asks the product what it has written.
"""

import hashlib
import os
import re
import stat
import subprocess
from codecs import BOM_UTF8
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tests.conftest import Repository, passes_under_pytest

Entry = tuple[str, str]  # a mode and an object name

_EXPANDED = re.compile(rb"\$Id: [0-9a-f]+ \$")

# A commit that is given up leaves what its hook had staged or written.
_LASTING = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


@dataclass(frozen=True)
class State:
    """A repository as its owner can see it.

    ``commits`` maps each ref to its history, newest first: the message, the number of parents, the
    tree. ``index`` holds flag, mode, object name and stage of each name. ``tree`` is the working
    tree: what kind of file it is and its content or link target.
    """

    head: str
    commits: Mapping[str, tuple[tuple[str, int, Mapping[str, Entry]], ...]]
    index: Mapping[str, tuple[str, ...]]
    intended: frozenset[str]
    tree: Mapping[str, tuple[str, bytes]]
    status: Mapping[str, str]
    unfinished: tuple[str, ...]
    locks: tuple[str, ...]


def observe(repo: Repository, apart: Collection[str] = ()) -> State:
    """Read everything; nothing is refreshed or written.

    ``apart`` are repositories inside of this one, whose files are compared on their own.
    """
    git_dir = Path(_git(repo, "rev-parse", "--absolute-git-dir").rstrip("\n"))
    return State(
        head=_git(repo, "rev-parse", "--symbolic-full-name", "HEAD", check=False),
        commits={ref: _history(repo, ref) for ref in _refs(repo)},
        index=_index(repo),
        intended=frozenset(
            _names(repo, "diff-files", "-O/dev/null", "--diff-filter=A", "--name-only", "-z")
        ),
        tree=dict(_working_tree(repo.root, apart)),
        status=_status(repo),
        unfinished=tuple(name for name in _LASTING if (git_dir / name).exists()),
        # The index of a partial commit has the number of its process.
        locks=tuple(sorted(re.sub(r"\d+", "N", each.name) for each in git_dir.glob("*.lock"))),
    )


@dataclass(frozen=True)
class Difference:
    """What the hook has made of one repository, compared to its twin."""

    problems: tuple[str, ...]
    generated: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.problems)


# For each name: what the hook has written before, and how much of it is the user's own.
Leftovers = Mapping[str, Mapping[bytes, bytes | None]]
_NO_LEFTOVERS: Leftovers = {}


def compare(
    hooked: Repository,
    bare: Repository,
    apart: Collection[str] = (),
    leftovers: Leftovers = _NO_LEFTOVERS,
    cut_short: Collection[str] = (),
    without: State | None = None,
) -> Difference:
    """Return what differs and may not, and which tests were generated.

    ``leftovers`` lie in both repositories and may be replaced by the hook, as its own work.
    ``cut_short`` are names that a hook may have written and, being killed, not yet have staged.
    ``without`` is what ``bare`` was observed to be, when it is compared to many.
    """
    with_hook, without = observe(hooked, apart), without or observe(bare, apart)

    def shown(name: str) -> State:
        is_unstaged = name in cut_short and with_hook.index.get(name) == without.index.get(name)
        return replace(with_hook, index={}) if is_unstaged else with_hook

    generated = tuple(sorted(_generated(with_hook, without)))
    problems = [
        *_changed("the branch that HEAD is on", with_hook.head, without.head),
        *_changed("unfinished operations", with_hook.unfinished, without.unfinished),
        *_changed("locks in the git dir", with_hook.locks, without.locks),
        *_changed("intent-to-add", with_hook.intended, without.intended),
        *_different_files("the working tree", with_hook.tree, without.tree, generated),
        *_different_files("the index", with_hook.index, without.index, generated),
        *_different_files("the status", with_hook.status, without.status, generated),
        *_different_history(with_hook, without, generated),
        *(
            line
            for name in generated
            if not _is_elsewhere(name, with_hook, without)
            for line in _broken_rules(name, shown(name), hooked, bare, leftovers)
        ),
    ]
    return Difference(tuple(problems), generated)


def prints(repo: Repository) -> dict[str, object]:
    """Return everything by its name, quickly: equal repositories have equal prints.

    The names of commits tell all of their history, where authors and dates are the same.
    """
    git_dir = repo.root / ".git"
    refs = [git_dir / "HEAD", *sorted((git_dir / "refs").rglob("*"))]
    stashes = _content(repo, ".git/logs/refs/stash") or b""
    return {
        "refs": {str(r.relative_to(git_dir)): r.read_bytes() for r in refs if r.is_file()},
        "packed refs": _content(repo, ".git/packed-refs"),
        "stashes": [line.split(b" ")[1] for line in stashes.splitlines()],
        "index": _index(repo),
        "working tree": dict(_working_tree(repo.root, ())),
        "unfinished": tuple(name for name in _LASTING if (git_dir / name).exists()),
        "locks": sorted(each.name for each in git_dir.glob("*.lock")),
    }


def is_in_commit(repo: Repository, name: str) -> bool:
    """Tell whether HEAD, the index and the working tree hold the same version of a file."""
    state = observe(repo)
    tree = state.commits["HEAD"][0][2]
    entry = state.index.get(name)
    if entry is None or name not in tree:
        return False
    return entry == (f"H {tree[name][0]} {tree[name][1]} 0",) and name not in state.status


def suite_passes_in_a_clone(repo: Repository, python: Path, place: Path) -> None:
    """Clone HEAD and run its tests as somebody else would."""
    subprocess.run(("git", "clone", "-q", "--no-local", str(repo.root), str(place)), check=True)
    passes_under_pytest(python, place)


def _generated(hooked: State, bare: State) -> Iterator[str]:
    """Yield the names below ``tests/`` that are not the same in both."""
    places = (
        (hooked.tree, bare.tree),
        (hooked.index, bare.index),
        *(
            (new[2], old[2])
            for ref in hooked.commits.keys() & bare.commits.keys()
            for new, old in zip(hooked.commits[ref], bare.commits[ref], strict=False)
        ),
    )
    found: set[str] = set()
    for with_hook, without in places:
        for name in with_hook.keys() | without.keys():
            if _may_be_generated(name) and with_hook.get(name) != without.get(name):
                found.add(name)
    yield from found


def _may_be_generated(name: str) -> bool:
    file = name.rpartition("/")[2]
    is_test = file.startswith("test_") and file.endswith(".py")
    return name.startswith("tests/") and (is_test or file == "__init__.py")


def _is_elsewhere(name: str, hooked: State, bare: State) -> bool:
    """Tell whether a test is in another branch alone, as after a commit in a linked worktree."""
    if "HEAD" not in hooked.commits.keys() & bare.commits.keys():
        return False
    found = [
        (each.tree.get(name), each.index.get(name), each.commits["HEAD"][0][2].get(name))
        for each in (hooked, bare)
    ]
    return found[0] == found[1]


def _broken_rules(
    name: str, state: State, hooked: Repository, bare: Repository, leftovers: Leftovers
) -> Iterator[str]:
    """Yield what a generated test must not be: a change of the user's bytes, two versions."""
    left = leftovers.get(name, {})
    on_disk, made = _content(bare, name), _content(hooked, name)
    mine = left.get(on_disk or b"", on_disk)
    staged = _staged(bare, name)
    entry = state.index.get(name)
    if made is None:
        if mine is not None or entry:  # else it is in another branch alone
            yield f"{name} is missing in the working tree"
        return
    if mine is not None and not _is_subsequence(mine, made):
        yield f"{name}: the user's lines are not there any more"
    yield from _changed_modes(name, hooked, bare)
    if not _is_subsequence(left.get(staged, staged) or b"", _staged(hooked, name)):
        yield f"{name}: the lines that the user had staged are not staged any more"
    if entry and not _agrees(hooked, name, entry) and not _is_given_up(name, hooked, bare):
        yield f"{name}: the index does not agree with the working tree: {entry}"
    if on_disk not in left and _is_dirty(bare, name):
        yield f"{name} had changes of the user's and was touched"


def _is_dirty(repo: Repository, name: str) -> bool:
    """Tell whether the user's own version was changed, untracked, ignored or deleted.

    A change of the mode alone is none: it can be kept, and is compared elsewhere.
    """
    words = ("status", "--porcelain=v1", "-z", "-uall", "--ignored", "--", name)
    records = _git(repo, "-c", "core.fileMode=false", *words)
    return any(record[1:2] not in (" ", "") for record in records.split("\0"))


def _is_given_up(name: str, hooked: Repository, bare: Repository) -> bool:
    """Tell whether git has taken index and commit back, as after an aborted ``commit -a``."""
    asked = ((":" + name), ("HEAD:" + name))
    found = [
        [_git(r, "rev-parse", "-q", "--verify", v, check=False) for v in asked]
        for r in (hooked, bare)
    ]
    return found[0] == found[1]


def _agrees(repo: Repository, name: str, entry: tuple[str, ...]) -> bool:
    blob = _git(repo, "hash-object", f"--path={name}", f"./{name}").strip()
    return len(entry) == 1 and entry[0].split(" ")[2] == blob


def _content(repo: Repository, name: str) -> bytes | None:
    try:
        return (repo.root / name).read_bytes()
    except OSError:
        return None


def _changed_modes(name: str, hooked: Repository, bare: Repository) -> Iterator[str]:
    """Yield how the mode on disk or in the index differs, for a file that the user has too."""
    if (bare.root / name).exists():
        modes = [oct((repo.root / name).lstat().st_mode) for repo in (hooked, bare)]
        yield from _changed(f"{name}: the mode on disk", *modes)
    entries = [_git(repo, "ls-files", "-s", "--", name).split(" ")[0] for repo in (hooked, bare)]
    if entries[1]:
        yield from _changed(f"{name}: the mode in the index", *entries)


def _staged(repo: Repository, name: str) -> bytes:
    return os.fsencode(_git(repo, "cat-file", "blob", f":{name}", check=False))


def _is_subsequence(mine: bytes, made: bytes) -> bool:
    """Tell whether every line is still there, with its end; the last may have got one."""
    if not mine:
        return True
    # A mark stays at the top; git itself replaces what it has expanded.
    mine, made = (_EXPANDED.sub(b"$Id$", each) for each in (mine, made))
    if mine.startswith(BOM_UTF8):
        return made.startswith(BOM_UTF8) and _is_subsequence(mine[3:], made[3:])
    lines = iter(made.splitlines(keepends=True))
    *whole, last = mine.splitlines(keepends=True)
    return all(line in lines for line in whole) and any(each.startswith(last) for each in lines)


def _changed(what: str, new: object, old: object) -> Iterator[str]:
    if new != old:
        yield f"{what}: {old!r} without the hook, {new!r} with it"


def _different_files(
    where: str,
    new: Mapping[str, object],
    old: Mapping[str, object],
    generated: tuple[str, ...],
) -> Iterator[str]:
    for name in sorted(new.keys() | old.keys()):
        if not _is_explained(name, generated) and new.get(name) != old.get(name):
            yield f"{where}, {name!r}: {old.get(name)!r} without the hook, {new.get(name)!r} with"


def _is_explained(name: str, generated: tuple[str, ...]) -> bool:
    """Tell whether a name is a generated test, or a new directory of nothing but such tests."""
    return name in generated or (name.endswith("/") and any(g.startswith(name) for g in generated))


def _different_history(hooked: State, bare: State, generated: tuple[str, ...]) -> Iterator[str]:
    yield from _changed("the refs", sorted(hooked.commits), sorted(bare.commits))
    for ref in hooked.commits.keys() & bare.commits.keys():
        new, old = hooked.commits[ref], bare.commits[ref]
        summary = [(message, parents) for message, parents, _ in new]
        yield from _changed(f"history of {ref}", summary, [each[:2] for each in old])
        for (message, _, made), (_, _, mine) in zip(new, old, strict=False):
            yield from _different_files(f"commit {message!r} of {ref}", made, mine, generated)


def _refs(repo: Repository) -> list[str]:
    refs = _git(repo, "for-each-ref", "--format=%(refname)").split()
    has_head = _git(repo, "rev-parse", "-q", "--verify", "HEAD", check=False)
    return [*(["HEAD"] if has_head else []), *refs, *_stashes(repo, refs)]


def _stashes(repo: Repository, refs: list[str]) -> list[str]:
    """Return every stash, with the index and the untracked files that it holds."""
    if "refs/stash" not in refs:
        return []
    count = len(_git(repo, "reflog", "show", "--format=%H", "refs/stash").split())
    found = [f"stash@{{{number}}}" for number in range(count)]
    parents = [f"{each}^{number}" for each in found for number in (2, 3)]
    present = [p for p in parents if _git(repo, "rev-parse", "-q", "--verify", p, check=False)]
    return [*found, *present]


def _history(repo: Repository, ref: str) -> tuple[tuple[str, int, Mapping[str, Entry]], ...]:
    listed = _git(repo, "log", "--topo-order", "-z", "--format=%H%x1f%P%x1f%B", ref, "--")
    found = []
    for record in listed.split("\0"):
        if record:
            commit, parents, message = record.split("\x1f", 2)
            # The message of a stash names the commit it was made on.
            words = " ".join(w for w in message.split() if not commit_like(w))
            found.append((words, len(parents.split()), _tree(repo, commit)))
    return tuple(found)


def commit_like(word: str) -> bool:
    """Tell whether a word is an abbreviated object name."""
    return len(word) >= 7 and all(c in "0123456789abcdef" for c in word)


def _tree(repo: Repository, commit: str) -> dict[str, Entry]:
    found = {}
    for record in _git(repo, "ls-tree", "-r", "-z", "--full-tree", commit).split("\0"):
        if record:
            words, _, name = record.partition("\t")
            mode, _, blob = words.split(" ")
            # A submodule's commit contains generated tests and has another name.
            found[name] = (mode, "" if mode == "160000" else blob)
    return found


def _index(repo: Repository) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for record in _git(repo, "ls-files", "-s", "-v", "-z", "--full-name").split("\0"):
        if record:
            words, _, name = record.partition("\t")
            flag, mode, blob, stage = words.split(" ")
            shown = "" if mode == "160000" else blob
            found[name] = (*found.get(name, ()), f"{flag} {mode} {shown} {stage}")
    return found


def _status(repo: Repository) -> dict[str, str]:
    words = ("status", "--porcelain=v1", "-z", "-uall", "--ignored", "--no-renames")
    records = _git(repo, *words).split("\0")
    return {record[3:]: record[:2] for record in records if record}


def _names(repo: Repository, *words: str) -> list[str]:
    return [name for name in _git(repo, *words).split("\0") if name]


def _working_tree(top: Path, apart: Collection[str]) -> Iterator[tuple[str, tuple[str, bytes]]]:
    def is_compared(path: Path) -> bool:
        return path.name != ".git" and str(path.relative_to(top)) not in apart

    for place, directories, files in os.walk(top):
        directories[:] = [name for name in directories if is_compared(Path(place) / name)]
        for name in (*files, *directories):
            path = Path(place) / name
            shown = str(path.relative_to(top))
            if path.is_dir() and not path.is_symlink():
                yield f"{shown}/", ("directory", b"")
            elif name != ".git":
                yield shown, _look(path)


def _look(path: Path) -> tuple[str, bytes]:
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        return "link", os.fsencode(path.readlink())
    if not stat.S_ISREG(status.st_mode):
        return oct(status.st_mode), b""
    content = path.read_bytes()
    shown = content if len(content) < 400 else hashlib.sha256(content).digest()
    return oct(status.st_mode), shown


def _git(repo: Repository, *words: str, check: bool = True) -> str:
    done = subprocess.run(
        ("git", "--no-optional-locks", *words),
        cwd=repo.root,
        capture_output=True,
        check=False,
    )
    assert not check or done.returncode == 0, f"git {' '.join(words)}: {done.stderr!r}"
    return os.fsdecode(done.stdout) if done.returncode == 0 else ""
