"""How far generated code was confined, as the harness itself has said."""

from sloptest_hook.values.records import dataclass

STRONG = "strong"
_IN_FORCE = "ok"


@dataclass(frozen=True, slots=True)
class Confinement:
    """A level and, for each layer, ``ok`` or why it is not in force; no level: nothing was run.

    The levels are those of ``running/harness/confine.py``.
    """

    level: str = ""
    layers: tuple[tuple[str, str], ...] = ()

    @property
    def told(self) -> str:
        """Return one line: ``strong (landlock, seccomp); not in force: namespaces (why)``."""
        held = [name for name, said in self.layers if said == _IN_FORCE]
        missing = [f"{name} ({said})" for name, said in self.layers if said != _IN_FORCE]
        line = f"{self.level} ({', '.join(held)})" if held else self.level
        return f"{line}; not in force: {', '.join(missing)}" if missing else line
