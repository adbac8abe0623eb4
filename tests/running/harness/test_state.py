"""Containers of a module: what a call changed is seen and put back, and nothing else."""

import sys
import types
from pathlib import Path

import pytest

from sloptest_hook.running.harness.searching.state import ModuleState


class Stubborn:
    """Whoever asks it what it is may wait for ever."""

    silent = False

    @property  # type: ignore[misc]  # what a proxy does
    def __class__(self) -> type:
        while Stubborn.silent:
            pass
        return Stubborn


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[object]:
    module = types.ModuleType("module_with_registry")
    module.__file__ = str(tmp_path / "module_with_registry.py")
    held: list[object] = ["first", Stubborn()]
    module.__dict__["REGISTRY"] = held
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(Stubborn, "silent", False)
    return held


def test_a_changed_container_is_told_and_put_back(registry: list[object], tmp_path: Path) -> None:
    state = ModuleState(str(tmp_path))
    registry.append("second")

    assert [kept.name for kept in state.changed()] == ["REGISTRY"]
    state.restore()
    assert len(registry) == 2
    assert not state.changed()


def test_what_cannot_be_looked_at_in_time_has_not_changed(
    registry: list[object], tmp_path: Path
) -> None:
    state = ModuleState(str(tmp_path))
    Stubborn.silent = True

    assert not state.changed()
