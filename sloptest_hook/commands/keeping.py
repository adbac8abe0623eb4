"""Edge: takes secrets out of what a run has to say: it may quote what a test has printed."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from sloptest_hook.git.placeholder_key import placeholder_key
from sloptest_hook.redaction.known import known_keys
from sloptest_hook.redaction.redact import secrets_in, without_secrets
from sloptest_hook.values.outcome import Outcome, Problem
from sloptest_hook.values.records import replace


def outcome_without_secrets(outcome: Outcome, common_dir: Path | None) -> Outcome:
    """Return the outcome with placeholders in its sentences; ``common_dir`` keeps their key.

    The patch of a dry run is not touched: it is the text of files, to be applied.
    """
    clean = cleaner(common_dir)
    return replace(
        outcome,
        problems=tuple(Problem(clean(each.message)) for each in outcome.problems),
        notes=tuple(map(clean, outcome.notes)),
        symbols=tuple(
            replace(each, reason=clean(each.reason), survivors=tuple(map(clean, each.survivors)))
            for each in outcome.symbols
        ),
        broken_tests=tuple(
            replace(each, message=clean(each.message)) for each in outcome.broken_tests
        ),
        suspected_bugs=tuple(
            replace(
                each,
                expected=clean(each.expected),
                actual=clean(each.actual),
                why=clean(each.why),
                call=clean(each.call),
                test=clean(each.test),
            )
            for each in outcome.suspected_bugs
        ),
    )


def cleaner(common_dir: Path | None, more: Iterable[str] = ()) -> Callable[[str], str]:
    """Return what takes secrets out of a text; the key is not made before there is one.

    ``more`` are secrets beside those of the environment.
    """
    known = tuple(dict.fromkeys([*known_keys(os.environ), *more]))

    def clean(text: str) -> str:
        if not secrets_in(text, known):
            return text
        key = os.urandom(32) if common_dir is None else placeholder_key(common_dir)
        return without_secrets(text, key, known=known)

    return clean
