"""Edge: builds the engine that asks a provider, from settings, environment and flags."""

import os
from collections.abc import Callable
from pathlib import PurePosixPath

from sloptest_hook.commands.artifacts import keeper, run_id
from sloptest_hook.commands.budget import LedgerBudget
from sloptest_hook.commands.by_hand import ByHand
from sloptest_hook.commands.printing import print_lines
from sloptest_hook.generation.desk import Desk
from sloptest_hook.generation.llm_engine import LlmEngine
from sloptest_hook.generation.offline.engine import Search
from sloptest_hook.generation.prompt import VERSION, Withheld
from sloptest_hook.generation.prompt_texts import system_text
from sloptest_hook.generation.providers.access import Access, AccessFlags, NoAccess, access_of
from sloptest_hook.generation.providers.seam import Provider
from sloptest_hook.generation.providers.table import opened
from sloptest_hook.git.placeholder_key import placeholder_key
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.pipeline.surroundings import surroundings_reader
from sloptest_hook.pipeline.workshop import Snapshot
from sloptest_hook.redaction.known import known_keys
from sloptest_hook.redaction.redact import Refused, sendable
from sloptest_hook.redaction.refusing import is_secret_file
from sloptest_hook.store.replies import ReplyFiles
from sloptest_hook.values.plan import Target
from sloptest_hook.values.records import replace
from sloptest_hook.values.settings import OnSecret, Settings

IGNORE_FILE = ".sloptestignore"


def llm_engine(
    repo: StagedRepository,
    settings: Settings,
    snapshot: Snapshot,
    search: Search,
    by_hand: ByHand | None = None,
) -> LlmEngine:
    """Return the engine; nothing is imported of a vendor, nor sent, before it writes."""
    flags = by_hand.flags if by_hand else AccessFlags()
    access = access_of(settings.engine, settings.llm, os.environ, flags)
    key = placeholder_key(repo.common_dir)
    ignored = ignored_paths(repo)
    known = _keys(access)
    base_url = access.base_url if isinstance(access, Access) else ""
    llm = settings.llm
    desk = Desk(
        settings=replace(llm, batch_size=1) if llm.streaming else llm,
        engine=settings.engine.value,
        tests_dir=str(settings.tests_dir),
        place=access.place if isinstance(access, Access) else "nobody",
        model=access.model if isinstance(access, Access) else "",
        open_provider=lambda: _opened(access),
        clean=_cleaner(key, known, settings.llm.on_secret),
        private=lambda target: _private(target, ignored),
        surroundings=surroundings_reader(
            snapshot, settings.tests_dir, lambda path: path in ignored or is_secret_file(path)
        ),
        budget=LedgerBudget(
            repo.common_dir, run_id(), settings.llm, engine=settings.engine.value, base_url=base_url
        ),
        replies=_NoReplies() if by_hand and by_hand.afresh else _replies(repo),
        keep=keeper(repo, known),
        system=system_text(VERSION),
        key=key,
    )
    return LlmEngine(_showing(desk) if by_hand and by_hand.show_prompt else desk, search)


def _replies(repo: StagedRepository) -> ReplyFiles:
    return ReplyFiles(repo.common_dir / "sloptest" / "replies")


class _NoReplies:
    """Remembers nothing: who wants to see a prompt, or to ask anew, wants it every time."""

    def get(self, _key: str) -> str | None:
        """Return nothing."""
        return None

    def put(self, _key: str, _text: str) -> None:
        """Keep nothing."""


def _showing(desk: Desk) -> Desk:
    """Return a desk that prints what it would send, and sends nothing."""

    def show(name: str, text: str) -> None:
        if name.endswith(".prompt.txt"):
            print_lines([text])

    closed = NoAccess("the prompt was shown and not sent")
    return replace(desk, open_provider=lambda: closed, replies=_NoReplies(), keep=show)


def ignored_paths(repo: StagedRepository) -> frozenset[PurePosixPath]:
    """Return the files of the index that ``.sloptestignore`` names, in git's own reading of it."""
    if not (repo.top / IGNORE_FILE).is_file():
        return frozenset()
    listed = repo.git("ls-files", "-ci", f"--exclude-from={IGNORE_FILE}", "-z")
    return frozenset(PurePosixPath(os.fsdecode(each)) for each in listed.split(b"\0") if each)


def _opened(access: Access | NoAccess) -> Provider | NoAccess:
    return access if isinstance(access, NoAccess) else opened(access)


def _keys(access: Access | NoAccess) -> tuple[str, ...]:
    given = access.key.reveal() if isinstance(access, Access) and access.key else ""
    return tuple(dict.fromkeys([*known_keys(os.environ), *([given] if len(given) > 7 else [])]))  # noqa: PLR2004


def _private(target: Target, ignored: frozenset[PurePosixPath]) -> str | None:
    path = target.symbol.path
    if path in ignored:
        return f"{path} is named by {IGNORE_FILE}"
    return f"{path} holds secrets by its name" if is_secret_file(path) else None


def _cleaner(
    key: bytes, known: tuple[str, ...], on_secret: OnSecret
) -> Callable[[str], str | Withheld]:
    def clean(text: str) -> str | Withheld:
        found = sendable(text, key, known=known)
        if isinstance(found, Refused):
            return Withheld(found.reason)
        if found.kinds and on_secret is OnSecret.REFUSE:
            kinds = ", ".join(sorted(set(found.kinds)))
            return Withheld(f"holds a secret ({kinds}), and on-secret = 'refuse'")
        return found.text

    return clean
