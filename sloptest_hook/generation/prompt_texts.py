"""Edge: reads the words of prompts out of the package."""

from importlib.resources import files


def system_text(version: int) -> str:
    """Return what every prompt of that version begins with."""
    name = f"system_v{version}.txt"
    return (files("sloptest_hook.generation.prompts") / name).read_text(encoding="utf-8")
