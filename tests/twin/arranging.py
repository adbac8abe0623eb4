"""What a scenario does before somebody commits: small steps, the same in both worlds."""

from collections.abc import Callable
from pathlib import Path

from tests.twin.world import World

Arrange = Callable[[World], None]


def with_a_function(*unstaged: Arrange, before: Arrange | None = None) -> Arrange:
    """Return an arrangement: a function without a test is staged, then work is left unstaged."""

    def arrange(world: World) -> None:
        if before:
            before(world)
        world.add_function("shop/cart.py", "settle")
        for each in unstaged:
            each(world)

    return arrange


def appended(path: str, text: str = "\n# not finished\n") -> Arrange:
    return lambda world: append_bytes(world, path, text.encode())


def append_bytes(world: World, path: str, content: bytes) -> None:
    world.write(path, (world.root / path).read_bytes() + content)


def replaced(path: str, old: str, new: str) -> Arrange:
    def arrange(world: World) -> None:
        text = world.text(path)
        assert old in text
        world.write(path, text.replace(old, new, 1))

    return arrange


def written(path: str, content: str | bytes) -> Arrange:
    return lambda world: _void(world.write(path, content))


def present(path: str, content: str | bytes) -> Arrange:
    return lambda world: world.commit({path: content}, f"add {Path(path).name}")


def staged(path: str, content: str | bytes) -> Arrange:
    return lambda world: _void(world.stage(path, content))


def deleted(path: str) -> Arrange:
    return lambda world: (world.root / path).unlink()


def git(*words: str) -> Arrange:
    return lambda world: _void(world.git(*words))


def steps(*each_step: Arrange) -> Arrange:
    def arrange(world: World) -> None:
        for step in each_step:
            step(world)

    return arrange


def linked(path: str, target: str) -> Arrange:
    def arrange(world: World) -> None:
        file = world.root / path
        file.unlink(missing_ok=True)
        file.symlink_to(target)

    return arrange


def moved(old: str, new: str) -> Arrange:
    return lambda world: _void((world.root / old).rename(world.root / new))


def mode(path: str, bits: int) -> Arrange:
    return lambda world: (world.root / path).chmod(bits)


def _void(_answer: object) -> None:
    """Drop an answer."""
