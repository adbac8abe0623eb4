"""How a project writes its imports and how long its lines are."""

from collections.abc import Iterable

from sloptest_hook.values.records import dataclass, replace

LINE_LENGTH = 88  # where black and ruff break a line unless told otherwise


@dataclass(frozen=True, slots=True)
class Style:
    """What the project's formatter and isort are configured for, in isort's words.

    ``first_party`` and ``third_party`` are top-level names. ``import_length`` is None where imports
    are as long as other lines. ``single_line``: one name in each ``from`` import. ``mixed``: sorted
    by module whatever the form, not ``import x`` before ``from x import y``. ``wrap`` is isort's
    ``multi_line_output``; 3 is what black and ruff do.
    """

    line_length: int = LINE_LENGTH
    import_length: int | None = None
    first_party: frozenset[str] = frozenset()
    third_party: frozenset[str] = frozenset()
    single_line: bool = False
    mixed: bool = False
    wrap: int = 3
    trailing_comma: bool = True

    def knowing(self, own: Iterable[str]) -> "Style":
        """Return the style with more names of the project's own."""
        return replace(self, first_party=self.first_party | (frozenset(own) - self.third_party))
