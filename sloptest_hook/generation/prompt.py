"""A batch of targets of one file as a prompt: the stable part first, repository text fenced."""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from sloptest_hook.generation import subject_view as view
from sloptest_hook.generation.providers.seam import Prompt
from sloptest_hook.values.observed import Observations
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import dataclass, field
from sloptest_hook.values.refining import RefineRequest
from sloptest_hook.values.surroundings import Surroundings

VERSION = 2  # of system_v2.txt and of all that is laid out here; a part of what replies are kept by


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why a text must not leave the machine, as the end of a sentence about it."""

    reason: str


Clean = Callable[[str], str | Withheld]


@dataclass(frozen=True, slots=True)
class Brief:
    """What a prompt is made of; the targets are all of one file.

    ``again`` holds, by qualname, what became of the tests that were written before. ``lean`` leaves
    out what helps and is not needed, for a model that found it too long. ``key`` is
    the repository's own: no text of it can know the number of the fence around itself.
    """

    targets: Sequence[Target]
    around: Surroundings
    seen: Mapping[str, Observations]
    system: str
    key: bytes
    lean: bool = False
    again: Mapping[str, RefineRequest] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Piece:
    title: str
    text: str
    is_extra: bool = False


def prompt_for(brief: Brief, clean: Clean) -> Prompt | Withheld:
    """Return the prompt, or why nothing may be sent: every piece passes ``clean`` on its own."""
    shared = _laid_out(_shared(brief), brief, clean)
    items: list[str] = []
    for target in brief.targets:
        name = target.symbol.qualname
        pieces = [*_of_target(target, brief.seen.get(name)), *_again(brief.again.get(name))]
        item = _laid_out(pieces, brief, clean)
        if isinstance(item, Withheld):
            return item
        items.append(f"## {name}\n\n{item}")
    if isinstance(shared, Withheld):
        return shared
    names = ", ".join(target.symbol.qualname for target in brief.targets)
    verb = "Write anew what did not prove itself of" if brief.again else "Write"
    asked = f"{verb} the tests for: {names}. Import from {brief.targets[0].module}."
    return Prompt(brief.system, shared, "\n\n".join([*items, asked]))


def _shared(brief: Brief) -> Iterator[_Piece]:
    first, around = brief.targets[0], brief.around
    where = f"{first.module} ({first.symbol.path})"
    yield _Piece(f"Imports and constants of {where}", view.module_view(first))
    names = ", ".join(view.importable_names(first))
    yield _Piece(f"Names that can be imported from {first.module}", names)
    yield _Piece("The tests go into", around.test_file)
    yield _Piece("It begins with", "\n".join(around.imports), is_extra=True)
    yield _Piece("Fixtures in its reach", "\n".join(around.fixtures), is_extra=True)
    yield _Piece("Existing tests, for their style", "\n\n".join(around.examples), is_extra=True)


def _of_target(target: Target, seen: Observations | None) -> Iterator[_Piece]:
    yield _Piece("Its class", view.owner_view(target))
    yield _Piece("Source", view.marked_source(target))
    yield _Piece("Branches that are not taken", view.branches_line(target, seen))
    yield _Piece("It raises", "\n".join(view.raised(target)))
    yield _Piece("What it uses of its module", view.callee_view(target), is_extra=True)
    yield _Piece("Calls that were made, and what came of them", view.observed_lines(seen))


def _again(request: RefineRequest | None) -> Iterator[_Piece]:
    if request is None:
        return
    for failure in request.failures:
        code = "\n".join([*failure.imports, "", failure.test.code])
        yield _Piece(f"Your test {failure.test.name}, which was not kept", code)
        yield _Piece("What became of it", "\n".join([failure.reason, failure.detail]))
    lines = ", ".join(map(str, request.missing))
    yield _Piece("Lines that still nothing executes", lines)
    yield _Piece("Changes of the code that no test notices", "\n".join(request.survivors))


def _laid_out(pieces: Iterable[_Piece], brief: Brief, clean: Clean) -> str | Withheld:
    shown: list[tuple[str, str]] = []
    for piece in pieces:
        if not piece.text.strip() or (brief.lean and piece.is_extra):
            continue
        text = clean(piece.text)
        if isinstance(text, Withheld):
            return text
        shown.append((piece.title, text))
    number = _number([text for _, text in shown], brief.key)
    return "\n\n".join(f"{title}:\n<<< {number}\n{text}\n>>> {number}" for title, text in shown)


def _number(texts: Sequence[str], key: bytes) -> str:
    """Return the number of a fence: it hangs on all that is inside, which cannot hold it.

    The same texts have the same number: a prompt that is made again is the same prompt.
    """
    inside = "\0".join(texts).encode("utf-8", "replace")
    return hmac.new(key, inside, hashlib.sha256).hexdigest()[:32]
