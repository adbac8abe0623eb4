"""Names of files that hold keys and tokens: generated code reads them nowhere."""

from __future__ import annotations

import re

FOLDERS = frozenset(
    (".git", ".hg", ".svn", ".ssh", ".aws", ".azure", ".gnupg", ".kube", ".password-store")
)
_FILES = re.compile(
    r"\.env|\.env\..+|\.envrc|\.netrc|_netrc|\.pgpass|\.my\.cnf|\.pypirc|\.npmrc|\.yarnrc"
    r"|\.git-credentials|\.gitconfig|\.htpasswd|credentials(\.json)?|service[-_]account.*\.json"
    r"|id_(rsa|dsa|ecdsa|ed25519)|.+\.(p12|pfx|ppk|kdbx|keystore|jks)|.+[-_.]key\.pem|.+\.key"
)
# What says how a secret is named, and holds none.
_SAMPLES = (".example", ".sample", ".template", ".dist")
_SYSTEM = re.compile(
    r"/etc/(g?shadow-?|sudoers(\.d/.*)?|ssh/.*|ssl/private/.*)"
    r"|/proc/[^/]+/(task/[^/]+/)?(environ|mem|auxv)|(/var)?/run/secrets/.*"
    r"|.*/\.config/(gcloud|gh)/.*|.*/\.docker/config\.json|.*/keyrings/.*"
)


def is_private(name: str) -> bool:
    """Say whether a file or folder of this name holds what is nobody's business."""
    if name in FOLDERS:
        return True
    return _FILES.fullmatch(name) is not None and not name.endswith(_SAMPLES)


def is_private_place(path: str) -> bool:
    """Say the same of an absolute path: of its last name, its folders, its place in the system."""
    parts = path.split("/")
    return (
        is_private(parts[-1])
        or not FOLDERS.isdisjoint(parts)
        or _SYSTEM.fullmatch(path) is not None
    )
