from pathlib import PurePosixPath

from sloptest_hook.coverage.selection import Promising, nearest, waves


def paths(*names: str) -> list[PurePosixPath]:
    return [PurePosixPath(name) for name in names]


A, B, C, D, E = paths("tests/a.py", "tests/b.py", "tests/c.py", "tests/d.py", "tests/e.py")


def names(*waves_of_paths: list[PurePosixPath]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(str, wave)) for wave in waves_of_paths)


def test_waves_go_from_near_to_far() -> None:
    distances = {A: 2, B: 1, C: 5, D: 3, PurePosixPath("src/mod.py"): 1}

    assert waves([A, B, C, D, E], distances) == names([B], [A], [C, D])


def test_staged_tests_come_first() -> None:
    distances = {A: 4, B: 1, C: 2, D: 1}

    assert waves([A, B, C, D], distances, staged=[A]) == names([A], [B, D], [C])


def test_tests_that_executed_the_version_before_come_before_all_others() -> None:
    promising = Promising(["tests/c.py::test_one"], ["tests/c.py::test_two"])

    found = waves([A, B, C], {A: 1, B: 1, C: 2}, staged=[A], promising=promising)

    assert found == (
        ("tests/c.py::test_one",),
        ("tests/a.py",),
        ("tests/c.py::test_two",),
        ("tests/b.py",),
        ("tests/c.py",),
    )


def test_a_staged_test_that_imports_nothing_of_the_module_comes_last() -> None:
    assert waves([A, B], {B: 1}, staged=[A]) == names([B], [A])


def test_a_staged_file_that_is_no_test_is_not_run() -> None:
    assert waves([A], {A: 1, C: 1}, staged=[C]) == names([A])


def test_no_test_reaching_the_module_gives_no_wave() -> None:
    assert waves([A, B], {}) == ()


def test_no_test_is_in_two_waves() -> None:
    distances = {A: 1, B: 2, C: 3}
    files = [path for wave in waves([A, B, C, D], distances, staged=[A, D]) for path in wave]

    assert sorted(files) == [str(path) for path in (A, B, C, D)]


def test_of_several_modules_the_nearest_counts() -> None:
    assert nearest([{A: 3, B: 1}, {A: 1, C: 2}]) == {A: 1, B: 1, C: 2}
