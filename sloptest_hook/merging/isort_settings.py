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


def import_style(files: Mapping[PurePosixPath, bytes]) -> Style:
    """Return the style of imports; ``files`` are the ``CONFIGURATION_FILES`` that exist.

    What cannot be read counts as not configured.
    """
    texts = {path.name: data.decode("utf-8", "replace") for path, data in files.items()}
    table = {str(key).replace("-", "_"): value for key, value in _table(texts).items()}
    length = str(table.get("line_length", ""))
    return Style(
        import_length=int(length) if length.isdigit() and int(length) else None,
        first_party=_names(table.get("known_first_party")),
        third_party=_names(table.get("known_third_party")),
        single_line=_is_true(table.get("force_single_line")),
        mixed=_is_true(table.get("force_sort_within_sections")),
    )


def _table(texts: Mapping[str, str]) -> Mapping[str, object]:
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
    own = next((texts[name] for name in _RUFF if name in texts), None)
    ruff = _inner(tools, "ruff") if own is None else _toml(own)
    return _inner(_inner(ruff, "lint"), "isort") or _inner(ruff, "isort")


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
