from pathlib import PurePosixPath

from sloptest_hook.symbols.changed import changed_symbols
from sloptest_hook.symbols.extract import extract_symbols
from sloptest_hook.symbols.parsing import ParseFailure
from sloptest_hook.values.source import Symbol


def symbols(path: str, text: str) -> tuple[Symbol, ...]:
    found = extract_symbols(PurePosixPath(path), text)
    assert not isinstance(found, ParseFailure)
    return found


OLD = symbols("a.py", "def f():\n    return 1\n\ndef g():\n    return 2\n")


def names(new: tuple[Symbol, ...], old: tuple[Symbol, ...]) -> list[str]:
    return [str(symbol) for symbol in changed_symbols(new, old)]


def test_what_is_new_or_different_is_changed() -> None:
    new = symbols(
        "a.py", "def f():\n    return 9\n\ndef g():\n    return 2\n\ndef h():\n    return 3\n"
    )

    assert names(new, OLD) == ["a.py::f", "a.py::h"]


def test_everything_is_new_in_a_new_file() -> None:
    assert names(OLD, ()) == ["a.py::f", "a.py::g"]


def test_another_order_and_comments_are_no_change() -> None:
    new = symbols("a.py", "# top\ndef g():\n    return 2  # two\n\n\ndef f(): return 1\n")

    assert names(new, OLD) == []


def test_a_file_moved_is_no_change() -> None:
    new = symbols("b.py", "def f():\n    return 1\n\ndef g():\n    return 2\n")

    assert names(new, OLD) == []


def test_a_function_moved_to_another_file_is_no_change() -> None:
    new = symbols("a.py", "def f():\n    return 1\n") + symbols("b.py", "def g():\n    return 2\n")

    assert names(new, OLD) == []


def test_a_copy_of_a_function_that_stays_is_new() -> None:
    new = OLD + symbols("b.py", "def f():\n    return 1\n")

    assert names(new, OLD) == ["b.py::f"]


def test_a_function_that_became_a_method_is_changed() -> None:
    new = symbols("a.py", "class A:\n    def f():\n        return 1\n")

    assert names(new, OLD) == ["a.py::A.f"]
