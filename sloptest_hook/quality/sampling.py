"""A few of many mutants, spread evenly over lines and operators, always the same ones."""

from collections import Counter
from collections.abc import Sequence

from sloptest_hook.values.mutation import Mutant


def even_sample(mutants: Sequence[Mutant], most: int) -> tuple[Mutant, ...]:
    """Return at most so many: one a line in turn, of the operator that is rarest so far."""
    if len(mutants) <= most:
        return tuple(mutants)
    lines: dict[int, list[Mutant]] = {}
    for each in mutants:
        lines.setdefault(each.line, []).append(each)
    chosen: list[Mutant] = []
    used: Counter[str] = Counter()
    while len(chosen) < most:
        for line in _spread([line for line, left in lines.items() if left], most - len(chosen)):
            best = min(lines[line], key=lambda each: (used[each.operator], each.ordinal))
            lines[line].remove(best)
            used[best.operator] += 1
            chosen.append(best)
    return tuple(sorted(chosen, key=lambda each: each.ordinal))


def _spread(lines: Sequence[int], most: int) -> list[int]:
    """Return at most so many of the lines, at even distances."""
    if len(lines) <= most:
        return list(lines)
    return [lines[at * len(lines) // most] for at in range(most)]
