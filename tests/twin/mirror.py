"""Brings the twins together again after a commit, so that the next step is one act for both.

Tests that the hook has written make two repositories of one, in which the same command does two
things. So they are compared by the oracle, and then the bare one gets the same tests, in the same
commit. Dates and names being fixed, equal commits have equal names: from then on everything must
be equal to the byte.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.twin.oracle import compare, prints
from tests.twin.world import Twins, World

# What the hook has written to one file before, and how much of it is the user's own.
Contents = dict[bytes, bytes | None]


class Mirror:
    """Knows every content that the hook has left in a test file, and which part is the user's."""

    def __init__(self, twins: Twins) -> None:
        self._twins = twins
        self._written: dict[str, Contents] = {}
        # The bare twin can name every object of the hooked one.
        objects = twins.hooked.root / ".git" / "objects"
        info = twins.bare.root / ".git" / "objects" / "info"
        info.mkdir(exist_ok=True)
        (info / "alternates").write_text(f"{objects}\n")

    def differences(self) -> list[str]:
        """Return what is not exactly the same."""
        hooked, bare = prints(self._twins.hooked), prints(self._twins.bare)
        return [
            f"{what}: {bare[what]!r} without the hook, {hooked[what]!r} with it"
            for what in bare
            if bare[what] != hooked[what]
        ]

    def adopt(self, head: str, *, committed: bool, added: Sequence[str] = ()) -> tuple[str, ...]:
        """Compare after a commit that was made or given up; return the tests that were written.

        ``head`` is the commit before it: what it holds is the user's, whoever wrote it.
        ``added`` are paths whose unstaged changes git itself added to the commit: the hook may
        write there, and a commit that is given up makes them unstaged again.
        Raises AssertionError.
        """
        differences = self.differences()
        if not differences:
            return ()
        hooked, bare = self._twins.hooked, self._twins.bare
        leftovers = self._leftovers(head, () if committed else added)
        found = compare(hooked, bare, leftovers=leftovers)
        assert not found, "\n".join(found.problems)
        assert found.generated, "\n".join(differences)
        for name in found.generated if committed else ():
            problems = tuple(self._wrong_in_commit(name, leftovers.get(name, {})))
            assert not problems, "\n".join(problems)
        for name in found.generated:
            self._remember(name)
            self._copy(name)
        bare.git("update-ref", "HEAD", hooked.git("rev-parse", "HEAD"))
        bare.git_result("update-index", "-q", "--refresh")  # fails while there are conflicts
        left = self.differences()
        assert not left, "\n".join(["after the tests were copied", *left])
        return found.generated

    def _leftovers(self, head: str, added: Sequence[str]) -> dict[str, Contents]:
        """Return what the hook may replace, and what it may add to, as things stand now."""
        found = {name: {**contents} for name, contents in self._written.items()}
        for name, contents in found.items():
            contents.pop(_blob(self._twins.bare, f"{head}:{name}") or b"", None)
        names = self._twins.bare.git("ls-files", "-z", "--", *added) if added else ""
        for name in names.split("\0"):
            content = _content(self._twins.bare, name)
            if content is not None:
                found.setdefault(name, {}).setdefault(content, content)
        return found

    def _wrong_in_commit(self, name: str, leftovers: Contents) -> Iterator[str]:
        """Yield what is wrong with a test in a commit that was made, beyond the oracle's rules."""
        hooked, bare = self._twins.hooked, self._twins.bare
        mine, made = _blob(bare, f"HEAD:{name}"), _blob(hooked, f"HEAD:{name}")
        if made is None or _status(hooked, name):
            yield f"{name} is not in the commit: {_status(hooked, name)!r}"
        elif not _holds(made, leftovers.get(mine or b"", mine) or b""):
            yield f"{name}: the lines that the user commits are not in the commit"
        if _status(bare, name) and _content(bare, name) not in leftovers:
            yield f"{name} was no part of this commit and was touched: {_status(bare, name)!r}"

    def _remember(self, name: str) -> None:
        written = self._written.setdefault(name, {})
        made, mine = _content(self._twins.hooked, name), _content(self._twins.bare, name)
        assert made is not None
        written[made] = mine if mine is None or mine not in written else written[mine]

    def _copy(self, name: str) -> None:
        hooked, bare = self._twins.hooked, self._twins.bare
        made = _content(hooked, name)
        assert made is not None
        bare.write(name, made).chmod((hooked.root / name).stat().st_mode)
        entry = hooked.git("ls-files", "-s", "-z", "--", name) or f"0 {'0' * 40}\t{name}\0"
        _run(bare, "update-index", "-z", "--index-info", given=entry)


def _holds(made: bytes, mine: bytes) -> bool:
    lines = iter(made.splitlines())
    return all(line in lines for line in mine.splitlines())


def _blob(world: World, version: str) -> bytes | None:
    done = world.git_result("cat-file", "blob", version)
    return os.fsencode(done.stdout) if done.returncode == 0 else None


def _content(world: World, name: str) -> bytes | None:
    try:
        return Path(world.root, name).read_bytes()
    except OSError:
        return None


def _status(world: World, name: str) -> str:
    words = ("-c", "core.fileMode=false", "--no-optional-locks", "status", "--porcelain=v1")
    return world.git(*words, "-uall", "--ignored", "-z", "--", name)


def _run(world: World, *words: str, given: str) -> None:
    subprocess.run(("git", *words), cwd=world.root, input=given, text=True, check=True)
