"""Reads how a project sorts its imports: isort's settings, or those of the same name in ruff."""

import configparser
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from sloptest_hook.merging.style import Style

# Where isort looks, in its order, then ruff, in its own.
_INI = {".isort.cfg": "settings", "setup.cfg": "isort", "tox.ini": "isort"}
_RUFF = ("ruff.toml", ".ruff.toml")
CONFIGURATION_FILES = tuple(map(PurePosixPath, (*_INI, "pyproject.toml", *_RUFF)))


# What isort does unless told otherwise, and what its profiles change of that.
_ISORT: Mapping[str, object] = {"line_length": 79, "multi_line_output": 0}
_BLACK = {"line_length": 88, "multi_line_output": 3, "include_trailing_comma": True}
_LINES = {"force_single_line": True, "force_sort_within_sections": True}
_PROFILES: Mapping[str, Mapping[str, object]] = {
    "black": _BLACK,
    "django": {"multi_line_output": 5, "include_trailing_comma": True},
    "pycharm": {"multi_line_output": 3},
    "google": {"line_length": 1000, **_LINES},
    "open_stack": _LINES,
    "attrs": {"multi_line_output": 3, "include_trailing_comma": True},
    "wemake": {"line_length": 80, "multi_line_output": 3, "include_trailing_comma": True},
}
_MODES = ("grid", "vertical", "hanging_indent", "vertical_hanging_indent", "vertical_grid")


def extended(files: Mapping[PurePosixPath, bytes]) -> PurePosixPath | None:
    """Return the file that ruff's settings extend, from the top of the repository; None: none."""
    path, table = _ruff_file(_texts(files))
    other = table.get("extend")
    if not isinstance(other, str) or PurePosixPath(other).is_absolute():
        return None
    found = PurePosixPath(path).parent / other
    return None if ".." in found.parts or found in files else found


def import_style(
    files: Mapping[PurePosixPath, bytes], extends: Mapping[PurePosixPath, bytes] | None = None
) -> Style:
    """Return the style of imports; ``files`` are the ``CONFIGURATION_FILES`` that exist.

    ``extends`` is what is ``extended``. What cannot be read counts as not configured.
    """
    below = [_in_ruff(_ruff_of(path.name, _decoded(d))) for path, d in (extends or {}).items()]
    own, is_isort = _table(_texts(files))
    table = own if is_isort else {**(below[0] if below else {}), **own}
    length = str(table.get("line_length", ""))
    return Style(
        import_length=int(length) if length.isdigit() and int(length) else None,
        first_party=_names(table.get("known_first_party")),
        third_party=_names(table.get("known_third_party")),
        single_line=_is_true(table.get("force_single_line")),
        mixed=_is_true(table.get("force_sort_within_sections")),
        wrap=_mode(table.get("multi_line_output")) if is_isort else 3,
        trailing_comma=_is_true(table.get("include_trailing_comma")) if is_isort else True,
    )


def _texts(files: Mapping[PurePosixPath, bytes]) -> Mapping[str, str]:
    return {path.name: _decoded(data) for path, data in files.items()}


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _table(texts: Mapping[str, str]) -> tuple[Mapping[str, object], bool]:
    """Return the settings in force, and whether they are isort's own."""
    found = _of_isort(texts)
    if found is None:
        return _in_ruff(_ruff_file(texts)[1]), False
    own = _plain(found)
    profile = _PROFILES.get(str(own.get("profile", "")).lower(), {})
    return {**_ISORT, **profile, **own}, True


def _of_isort(texts: Mapping[str, str]) -> Mapping[str, object] | None:
    tools = _inner(_toml(texts.get("pyproject.toml", "")), "tool")
    if ".isort.cfg" not in texts and "isort" in tools:
        return _inner(tools, "isort")
    for name, section in _INI.items():
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read_string(texts.get(name, ""))
        except configparser.Error:
            continue
        if parser.has_section(section):
            return dict(parser[section])
    return None


def _ruff_file(texts: Mapping[str, str]) -> tuple[str, Mapping[str, object]]:
    """Return the file that configures ruff, and its table."""
    name = next((name for name in _RUFF if name in texts), "pyproject.toml")
    return name, _ruff_of(name, texts.get(name, ""))


def _ruff_of(name: str, text: str) -> Mapping[str, object]:
    table = _toml(text)
    return _inner(_inner(table, "tool"), "ruff") if name == "pyproject.toml" else table


def _in_ruff(ruff: Mapping[str, object]) -> Mapping[str, object]:
    return _plain(_inner(_inner(ruff, "lint"), "isort") or _inner(ruff, "isort"))


def _plain(table: Mapping[str, object]) -> Mapping[str, object]:
    return {str(key).replace("-", "_"): value for key, value in table.items()}


def _mode(value: object) -> int:
    """Return isort's number of a mode, which may be given by its name."""
    text = str(value).lower()
    if text in _MODES:
        return _MODES.index(text)
    return int(text) if text.isdigit() else 5 if text == "vertical_grid_grouped" else 0


def _toml(text: str) -> Mapping[str, object]:
    import tomli  # 3 ms

    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError:
        return {}


def _inner(table: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def _names(value: object) -> frozenset[str]:
    """Return top-level names from a list, or from text with commas or lines."""
    words = value if isinstance(value, list) else re.split(r"[\s,]+", str(value or ""))
    return frozenset(str(word).partition(".")[0] for word in words if word)


def _is_true(value: object) -> bool:
    return str(value).lower() in ("true", "1", "yes", "on")
