"""A cache that answers nothing and keeps what is seen, for who wants all of it measured anew."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from sloptest_hook.store.store import FactStore
from sloptest_hook.values.facts import Fact, Measured, RecordedTest
from sloptest_hook.values.source import Symbol


class AfreshStore:
    """Fits ``FactCache``; what is recorded replaces what was remembered."""

    def __init__(self, store: FactStore) -> None:
        self._store = store

    def environment_of(self, _witness: str) -> str | None:
        """Return nothing."""
        return None

    def facts(self, _symbols: Iterable[Symbol]) -> Mapping[Symbol, tuple[Fact, ...]]:
        """Return nothing."""
        return {}

    def tests(self, _ids: Iterable[int]) -> Mapping[int, RecordedTest]:
        """Return nothing."""
        return {}

    def keys_of(
        self, _files: Mapping[PurePosixPath, str]
    ) -> Mapping[PurePosixPath, frozenset[bytes]]:
        """Return nothing."""
        return {}

    def suite(self, _environment: str) -> tuple[tuple[RecordedTest, frozenset[bytes]], ...]:
        """Return nothing."""
        return ()

    def record(self, measured: Measured, witness: str | None = None) -> None:
        """Keep what one run saw."""
        self._store.record(measured, witness)
