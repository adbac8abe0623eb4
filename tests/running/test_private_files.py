"""What of a snapshot is hidden from generated code, and which links it may follow."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sloptest_hook.running.harness.confining.private import is_private, is_private_place
from sloptest_hook.running.private_files import sandbox_part
from sloptest_hook.values.pytest_run import NodeOutcome
from sloptest_hook.values.settings import SandboxSettings
from tests.running.harness.systems import needs_landlock

if TYPE_CHECKING:
    from tests.running.conftest import ProjectTree

PRIVATE = (
    *(".env", ".env.local", ".envrc", ".git", ".ssh", ".netrc", ".npmrc", ".pypirc"),
    *("id_rsa", "id_ed25519", "server.key", "tls-key.pem", "store.p12", "credentials.json"),
    *(".git-credentials", ".aws", "service-account-shop.json"),
)
PUBLIC = (
    *("module.py", ".env.example", ".env.sample", "environment.py", "key.py", "keys.json"),
    *(".gitignore", ".github", "cert.pem", "credentials.py", "id_rsa.pub", "tests"),
)


@pytest.mark.parametrize("name", PRIVATE)
def test_a_name_that_may_hold_a_secret_is_private(name: str) -> None:
    assert is_private(name)
    assert is_private_place(f"/somewhere/{name}")


@pytest.mark.parametrize("name", PUBLIC)
def test_another_name_is_not(name: str) -> None:
    assert not is_private(name)
    assert not is_private_place(f"/somewhere/{name}")


@pytest.mark.parametrize(
    "place",
    [
        *("/etc/shadow", "/etc/ssh/ssh_host_key", "/proc/1/environ", "/proc/self/task/2/mem"),
        *("/home/u/.ssh/config", "/home/u/.config/gh/hosts.yml", "/run/secrets/token"),
        *("/home/u/.local/share/keyrings/login", "/home/u/.docker/config.json"),
    ],
)
def test_places_of_the_system_are_private(place: str) -> None:
    assert is_private_place(place)


def test_the_request_names_hidden_files_and_links_to_build_products(tmp_path: Path) -> None:
    snapshot, worktree = tmp_path / "snapshot", tmp_path / "worktree"
    (snapshot / "shop" / ".git").mkdir(parents=True)
    worktree.mkdir()
    for name in ("_fast.so", "notes.txt", ".env", ".env.py"):
        (worktree / name).touch()
        (snapshot / "shop" / f"link-to{name}").symlink_to(worktree / name)
    (tmp_path / "outside.py").touch()
    (snapshot / "shop" / "out.py").symlink_to(tmp_path / "outside.py")
    (snapshot / "shop" / ".env").touch()

    part = sandbox_part(SandboxSettings(), snapshot, worktree)

    assert part["level"] == "auto"
    assert part["programs"] is False
    assert sorted(map(str, _listed(part["hidden"]))) == [
        str(snapshot / "shop" / ".env"),
        str(snapshot / "shop" / ".git"),
    ]
    assert part["linked"] == [str(worktree / "_fast.so")]


def _listed(found: object) -> list[object]:
    assert isinstance(found, list)
    return found


READS = """\
import os
from shop import secret

def test_built(): assert secret.BUILT == 1
def test_env(): assert secret.read()
"""


@needs_landlock
def test_a_linked_build_product_is_imported_and_a_staged_secret_is_not_read(
    tree: "ProjectTree",
) -> None:
    tree.write({"shop/_built.py": "BUILT = 1\n"}, below="worktree")
    tree.write(
        {
            "shop/__init__.py": "",
            "shop/.env": "KEY=dummy\n",
            "shop/secret.py": "from pathlib import Path\n"
            "from shop._built import BUILT\n"
            "def read(): return (Path(__file__).parent / '.env').read_text()\n",
            "tests/test_a.py": READS,
        }
    )
    (tree.snapshot / "shop" / "_built.py").symlink_to(tree.worktree / "shop" / "_built.py")

    run = tree.run_generated("tests/test_a.py::test_built", "tests/test_a.py::test_env")

    assert [each.outcome for each in run.results] == [NodeOutcome.PASSED, NodeOutcome.FAILED]
    assert run.results[1].message == "refused: reading what may be secret: shop/.env"
    assert run.confinement.level == "strong"
