"""The entry of ``.pre-commit-config.yaml``, and a file with it."""

import re
from textwrap import indent

ENTRY = """\
- repo: local
  hooks:
  - id: sloptest
    name: sloptest
    language: system
    entry: sloptest hook
    types: [python]
    require_serial: true
    verbose: true
"""
_LIST = re.compile(r"^( *)- +repo:", re.MULTILINE)


def with_entry(text: str) -> str | None:
    """Return the file with the entry at its end, and every byte before as it was.

    None where that would not be what is meant: the list of repositories is not the last thing in
    the file, or the hook is there already. ``text`` is empty where there is no file.
    """
    import yaml  # 20 ms

    if not text.strip():
        return f"repos:\n{ENTRY}"
    found = _LIST.findall(text)
    end = "\r\n" if "\r\n" in text else "\n"
    added = indent(ENTRY, found[-1] if found else "").replace("\n", end)
    made = text + ("" if text.endswith("\n") else end) + added
    try:
        before, after = yaml.safe_load(text), yaml.safe_load(made)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    if (
        not isinstance(before, dict)
        or not isinstance(before.get("repos"), list)
        or has_hook(before)
    ):
        return None
    expected = {**before, "repos": [*before["repos"], *yaml.safe_load(ENTRY)]}
    return made if after == expected else None


def has_hook(document: object) -> bool:
    """Tell whether a parsed file has the hook already."""
    repos = document.get("repos") if isinstance(document, dict) else None
    hooks = [
        hook
        for repo in (repos if isinstance(repos, list) else ())
        if isinstance(repo, dict) and isinstance(repo.get("hooks"), list)
        for hook in repo["hooks"]
    ]
    return any(isinstance(hook, dict) and hook.get("id") == "sloptest" for hook in hooks)
