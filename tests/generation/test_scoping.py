"""Names that code reads from outside, and names that it binds."""

import pytest

from sloptest_hook.generation.offline.scoping import names_bound, names_read


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("total = add(x)", {"add", "x"}),
        ("x = x(1)", {"x"}),
        ("[n for n in names]", {"names"}),
        ("lambda n: n + m", {"m"}),
        ("with open(p) as file: file.read()", {"open", "p"}),
        ("def f(a=b): return a + c", {"b", "c"}),
        ("[x for y in z for x in y if x in w]", {"z", "w"}),
        ("{k: v for k, v in k.items()}", {"k"}),
        ("n += 1", {"n"}),
        ("class A(B):\n    x = 1\n    y = x + z", {"B", "z"}),
        ("@d\ndef f(a: t) -> u:\n    b = a\n    return b + c", {"d", "t", "u", "c"}),
        ("try: f()\nexcept E as e: g(e)", {"f", "E", "g"}),
        ("del a.b", {"a"}),
        ("= 1", set()),
    ],
)
def test_names_read_come_from_outside(source: str, read: set[str]) -> None:
    assert names_read(source) == read


@pytest.mark.parametrize(
    ("source", "bound"),
    [
        ("a = 1\nb, c = 2, 3", {"a", "b", "c"}),
        ("import os.path", {"os"}),
        ("class A: x = 1", {"A"}),
        ("print(a)", set()),
        ("x = [y for y in z]", {"x"}),
        ("for i in j: k = i", {"i", "k"}),
        ("try: ...\nexcept E as e: ...", {"e"}),
        ("f = lambda a: (b := a)", {"f"}),
        ("= 1", set()),
    ],
)
def test_names_bound_are_those_of_the_scope(source: str, bound: set[str]) -> None:
    assert names_bound(source) == bound
