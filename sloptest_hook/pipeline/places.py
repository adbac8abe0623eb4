"""Puts candidates into the test files that they belong in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from sloptest_hook.merging.append import append
from sloptest_hook.merging.place import fresh_sibling, new_packages, place_of
from sloptest_hook.merging.structural import merge
from sloptest_hook.merging.style import Style
from sloptest_hook.merging.suite import Suite
from sloptest_hook.values.candidate import Candidate, MergedFile, Refused
from sloptest_hook.values.plan import TargetPlace
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.settings import MergeStrategy

# The file that belongs to the source, then names next to it.
_PLACES_TRIED = 3


@dataclass(frozen=True, slots=True)
class Merger:
    """Merges candidates into files of the staged tree.

    ``bytes_of`` returns the bytes of those paths that are in the tree, ``refusal`` why a path must
    not be touched. ``style`` is the project's.
    """

    suite: Suite
    strategy: MergeStrategy
    bytes_of: Callable[[Sequence[PurePosixPath]], Mapping[PurePosixPath, bytes]]
    refusal: Callable[[PurePosixPath], str | None]
    style: Style

    def merged(self, candidates: Sequence[Candidate]) -> tuple[MergedFile | Refused, ...]:
        """Return one file for the candidates of one source file, or why no place takes them.

        A file that gets nothing is left out, an ``__init__.py`` that a new one needs is among them.
        A file that must not be touched, or cannot be parsed, gives way to a fresh name next to it.
        """
        groups: dict[PurePosixPath, list[Candidate]] = {}
        for candidate in sorted(candidates, key=_in_source_order):
            groups.setdefault(candidate.target.symbol.path, []).append(candidate)
        by_place: dict[PurePosixPath, list[Candidate]] = {}
        suite = self.suite
        for source, group in groups.items():
            place = place_of(source, group[0].target.module, suite)
            # The next new file must not get the name of this one.
            suite = replace(suite, files=suite.files | {place, *new_packages(place, suite)})
            by_place.setdefault(place, []).extend(group)
        answers = [self._into(place, group) for place, group in by_place.items()]
        files = [each for each in answers if isinstance(each, Refused) or each.added]
        return (*files, *self._packages_of(files))

    def _into(self, path: PurePosixPath, group: Sequence[Candidate]) -> MergedFile | Refused:
        taken = set(self.suite.files)
        reasons: list[str] = []
        place = path
        for _attempt in range(_PLACES_TRIED):
            answer = self._tried(place, group)
            if isinstance(answer, MergedFile):
                return replace(answer, instead="; ".join(reasons))
            reasons.append(f"{answer.path} {answer.reason}")
            taken.add(place)
            place = fresh_sibling(path, taken)
        return Refused(place, "; ".join(reasons))

    def _packages_of(self, files: Sequence[MergedFile | Refused]) -> Iterator[MergedFile]:
        """Yield the empty files that make packages of new directories, where they may be made."""
        new = [each for each in files if isinstance(each, MergedFile) and each.before is None]
        wanted = {path: None for file in new for path in new_packages(file.path, self.suite)}
        for path in wanted:
            if self.refusal(path) is None and not self.bytes_of([path]):
                yield MergedFile(path, None, b"", ())

    def _tried(self, path: PurePosixPath, group: Sequence[Candidate]) -> MergedFile | Refused:
        refusal = self.refusal(path)
        if refusal is not None:
            return Refused(path, refusal)
        before = self.bytes_of([path]).get(path)
        strategy = merge if self.strategy is MergeStrategy.AST_MERGE else append
        return strategy(TargetPlace(path, before), group, style=self.style)


def _in_source_order(candidate: Candidate) -> tuple[str, int]:
    symbol = candidate.target.symbol
    return str(symbol.path), symbol.lines.first
