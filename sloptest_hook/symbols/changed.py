"""Tells which symbols a commit adds or changes."""

from collections.abc import Sequence

from sloptest_hook.values.source import Symbol


def changed_symbols(new: Sequence[Symbol], old: Sequence[Symbol]) -> tuple[Symbol, ...]:
    """Return the new symbols that no old one equals, in their order.

    ``new`` and ``old`` are the symbols of every file of the diff, deleted files included. What
    only moved, within a file or to another one, has not changed; a copy of something that is still
    where it was is new.
    """
    staying = {(each.path, each.qualname, each.fingerprint) for each in new}
    before = {(each.path, each.qualname, each.fingerprint) for each in old}
    gone = {(qualname, fingerprint) for _, qualname, fingerprint in before - staying}
    return tuple(
        each
        for each in new
        if (each.path, each.qualname, each.fingerprint) not in before
        and (each.qualname, each.fingerprint) not in gone
    )
