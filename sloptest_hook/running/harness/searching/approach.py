"""Remembers, of each comparison with one outcome so far, the trial that came closest to the other.

A checksum that must be 0 is met by no operand that was seen: one digit after another has to change.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from .operands import Pair, outcome
from .value import Trial

_MOST_TURNS = 60  # at one comparison without coming closer
_FAR = 1000.0
_OF_LENGTH = 10.0  # a character more or less counts as much as so many that differ


class _Closest(NamedTuple):
    distance: float
    trial: Trial
    turns: int = 0


class Approach:
    """The comparisons of one function."""

    def __init__(self) -> None:
        self._outcomes: dict[tuple[int, str], set[bool]] = {}
        self._closest: dict[tuple[int, str], _Closest] = {}
        self._turn = 0

    def learn(self, trial: Trial, pairs: Sequence[Pair]) -> bool:
        """Take note of what was compared; say whether a comparison came out in a new way."""
        fresh = False
        for pair in pairs:
            site = (pair.line, pair.operator)
            held = outcome(pair)
            if held is None:
                continue
            outcomes = self._outcomes.setdefault(site, set())
            fresh = fresh or held not in outcomes
            outcomes.add(held)
            if len(outcomes) > 1:
                self._closest.pop(site, None)
            else:
                self._come_closer(site, trial, _distance(pair))
        return fresh

    def _come_closer(self, site: tuple[int, str], trial: Trial, distance: float) -> None:
        known = self._closest.get(site)
        if known is None or distance < known.distance:
            self._closest[site] = _Closest(distance, trial)

    def is_done(self, pair: Pair) -> bool:
        """Say whether the comparison has come out in both ways."""
        return len(self._outcomes.get((pair.line, pair.operator), ())) > 1

    def next(self) -> Trial | None:
        """Return a trial to be changed a little, of another comparison each time."""
        open_sites = [site for site, each in self._closest.items() if each.turns < _MOST_TURNS]
        if not open_sites:
            return None
        site = open_sites[self._turn % len(open_sites)]
        self._turn += 1
        closest = self._closest[site]
        self._closest[site] = closest._replace(turns=closest.turns + 1)
        return closest.trial


def _distance(pair: Pair) -> float:
    """Return how far the operands are from being equal, where most comparisons change sides."""
    left, right = pair.left, pair.right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        try:
            return float(abs(left - right))
        except OverflowError:
            return _FAR
    if isinstance(left, (str, bytes)) and type(left) is type(right):
        differing = sum(a != b for a, b in itertools.zip_longest(left, right))
        return differing + _OF_LENGTH * abs(len(left) - len(right))
    return _FAR
