"""Everything that the rules say of a source: text first, then its tree, then its worth."""

from collections.abc import Iterator

from sloptest_hook.guard import (
    detours,
    dynamic,
    importing,
    mentions,
    pytest_rules,
    resources,
    subject_rules,
    text_rules,
    worth,
    worth_rules,
    writing_rules,
)
from sloptest_hook.guard.fixtures import Fixtures
from sloptest_hook.guard.look import Look
from sloptest_hook.guard.parsed import Unparsable, parsed
from sloptest_hook.guard.patching import only_named
from sloptest_hook.guard.project import ProjectNames
from sloptest_hook.guard.roots import Roots
from sloptest_hook.guard.verdicts import Rule, Verdict, Violation

RULES: tuple[Rule, ...] = (
    *text_rules.RULES,
    *importing.RULES,
    *mentions.RULES,
    *dynamic.RULES,
    *detours.RULES,
    *writing_rules.RULES,
    *pytest_rules.RULES,
    *resources.RULES,
    *worth_rules.RULES,
    *subject_rules.RULES,
)
_UNPARSABLE = {
    "syntax": text_rules.SYNTAX,
    "nodes": text_rules.NODES,
    "depth": text_rules.DEPTH,
}


def violations(source: str, project: ProjectNames) -> tuple[Violation, ...]:
    """Return what a test file breaks, by line; empty: nothing speaks against it.

    Never raises and never runs anything, whatever the source.
    """
    found = list(text_rules.text_violations(source))
    if not found:
        found = list(_of_code(source, project))
    return tuple(sorted(dict.fromkeys(found), key=lambda each: (each.line, each.rule_id)))


def _of_code(source: str, project: ProjectNames) -> Iterator[Violation]:
    tree = parsed(source)
    if isinstance(tree, Unparsable):
        yield _UNPARSABLE[tree.kind].at(tree.line, tree.message)
        return
    yield from text_rules.identifier_violations(source)
    look = Look(tree, project)
    fixtures = Fixtures(look)
    named = only_named(look, fixtures)
    yield from importing.import_violations(look)
    yield from mentions.mention_violations(look, named)
    yield from dynamic.dynamic_violations(look)
    yield from detours.detour_violations(look)
    yield from writing_rules.writing_violations(look, Roots(look, fixtures), named)
    yield from pytest_rules.pytest_violations(look)
    yield from resources.resource_violations(look)
    yield from worth.worth_violations(look)
    yield from subject_rules.subject_violations(look)


def worst(found: tuple[Violation, ...]) -> Verdict | None:
    """Return the worst verdict of several violations; None: there is none."""
    order = list(Verdict)
    return min((each.verdict for each in found), key=order.index, default=None)
