"""Edge: what the owner of this clone has approved, kept where no repository reaches."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

from sloptest_hook.git.written import replace_file

_SCHEMA = 1
_NAME = "trusted.json"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST = 1000  # the newest are kept


class Approvals:
    """The digests of what was approved; a broken or newer file counts as empty."""

    def __init__(self, common_dir: Path) -> None:
        self._file = common_dir / "sloptest" / _NAME

    def holds(self, digest: str) -> bool:
        """Tell whether this very thing was approved."""
        return digest in self._read()

    def add(self, digests: Iterable[str]) -> None:
        """Approve more; raises OSError."""
        known = dict.fromkeys([*self._read(), *digests])
        self._write(list(known)[-_MOST:])

    def clear(self) -> None:
        """Take every approval back; raises OSError."""
        self._file.unlink(missing_ok=True)

    @property
    def text(self) -> str:
        """Return what changes with every approval."""
        return " ".join(self._read())

    def _read(self) -> list[str]:
        try:
            document = json.loads(self._file.read_bytes())
        except (OSError, ValueError, RecursionError):
            return []
        if not isinstance(document, dict) or document.get("schema") != _SCHEMA:
            return []
        listed = document.get("approved")
        found = listed if isinstance(listed, list) else []
        return [each for each in found if isinstance(each, str) and _DIGEST.fullmatch(each)]

    def _write(self, digests: list[str]) -> None:
        document = {"schema": _SCHEMA, "approved": digests}
        replace_file(self._file, json.dumps(document, indent=1))
