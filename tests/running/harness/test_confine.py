"""What a process can still do after it gave up rights."""

import json
import subprocess
from pathlib import Path

import pytest

from sloptest_hook.running.process import HARNESS
from tests.running.harness.systems import needs_landlock, without

SCRIPT = """\
import json, os, resource, socket, sys, threading, types

folder, scratch, outside = sys.argv[1:]
package = types.ModuleType("harness")
package.__path__ = [folder]
sys.modules["harness"] = package
sys.dont_write_bytecode = True
from harness import confine
from harness.confining import limits

def lock_down(**more):
    hidden = [outside + "/tree/inner/.env"]
    return confine.lock_down(confine.Wanted([outside + "/tree"], scratch, hidden, **more))

def tried(act):
    try:
        act()
    except (OSError, MemoryError, RuntimeError) as error:
        return type(error).__name__
    return "done"
"""


def run(python: Path, tmp_path: Path, code: str, *before: str) -> str:
    """Return what the code prints; ``before`` is a command that starts the interpreter."""
    scratch, outside = tmp_path / "scratch", tmp_path / "outside"
    scratch.mkdir()
    (outside / "tree" / "inner").mkdir(parents=True)
    (outside / "kept").write_text("kept")
    (outside / "tree" / "inner" / "module.py").write_text("x = 1\n")
    (outside / "tree" / "inner" / ".env").write_text("KEY=dummy\n")
    arguments = (str(HARNESS), str(scratch), str(outside))
    command = (*before, str(python), "-c", SCRIPT + code, *arguments)
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=scratch)
    assert not done.stderr
    return done.stdout


FILES = """
print(lock_down().level)
tree = outside + "/tree"
print(tried(lambda: open(scratch + "/x", "w").close()))
print(tried(lambda: open("/dev/null", "w").close()))
print(tried(lambda: open(tree + "/inner/module.py").close()))
print(os.listdir(tree) == ["inner"])
print(tried(lambda: open(tree + "/inner/.env").close()))
print(tried(lambda: open(outside + "/kept").close()))
print(tried(lambda: os.listdir(outside)))
print(tried(lambda: open("/etc/shadow").close()))
print(tried(lambda: open(outside + "/x", "w").close()) != "done")
print(tried(lambda: os.truncate(outside + "/kept", 0)) != "done")
print(tried(lambda: os.remove(outside + "/kept")) != "done")
print(tried(lambda: os.rename(outside + "/kept", scratch + "/kept")) != "done")
print(os.system("echo x 2>&- > " + outside + "/x") != 0)
"""


@needs_landlock
def test_a_locked_down_process_reads_its_trees_and_writes_to_scratch(
    each_python: Path, tmp_path: Path
) -> None:
    said = run(each_python, tmp_path, FILES)

    denied = ["PermissionError"] * 4
    expected = ["strong", "done", "done", "done", "True", *denied, *["True"] * 5]
    assert said.split() == expected
    assert (tmp_path / "outside" / "kept").read_text() == "kept"


@needs_landlock
def test_a_locked_down_process_has_no_socket_and_no_child(
    each_python: Path, tmp_path: Path
) -> None:
    said = run(
        each_python,
        tmp_path,
        """
server = socket.create_server(("127.0.0.1", 0))
lock_down()
print(tried(lambda: socket.socket()))
print(tried(lambda: socket.socketpair()[0].close()))
print(tried(os.fork))
print(tried(lambda: os.posix_spawn("/bin/true", ["true"], {})))
print(tried(lambda: os.execv("/bin/true", ["true"])))
print(tried(lambda: os.kill(os.getppid(), 0)))
print(tried(lambda: os.kill(os.getpid(), 0)))
thread = threading.Thread(target=print, args=("thread",))
thread.start()
thread.join()
""",
    )

    refused = ["PermissionError"]
    assert said.split() == [*refused, "done", *refused * 4, "done", "thread"]


@needs_landlock
def test_a_search_may_fork_until_it_says_that_it_need_not(
    each_python: Path, tmp_path: Path
) -> None:
    said = run(
        each_python,
        tmp_path,
        """
lock_down(forks=True)
def child(act):
    number = os.fork()
    if not number:
        sys.stdout.flush()
        print(tried(act), flush=True)
        os._exit(0)
    os.waitpid(number, 0)
sys.stdout.flush()
child(lambda: os.posix_spawn("/bin/true", ["true"], {}))
child(lambda: os._exit(0) if os.fork() == 0 else None)
def alone():
    confine.refuse_processes()
    os.fork()
child(alone)
""",
    )

    assert said.split() == ["PermissionError", "done", "PermissionError"]


@needs_landlock
def test_where_processes_are_allowed_they_inherit_all_the_rest(
    project_python: Path, tmp_path: Path
) -> None:
    said = run(
        project_python,
        tmp_path,
        """
lock_down(programs=True)
print(os.system("exit 3") >> 8)
print(os.system("cat 2>&- " + outside + "/kept") != 0)
print(os.system("true 2>&- > " + outside + "/x") != 0)
""",
    )

    assert said.split() == ["3", "True", "True"]


@needs_landlock
def test_a_mode_is_changed_in_scratch_or_only_seems_to_be(
    project_python: Path, tmp_path: Path
) -> None:
    said = run(
        project_python,
        tmp_path,
        """
open(scratch + "/x", "w").close()
os.chmod(scratch + "/x", 0o600)
found = lock_down()
os.chmod(scratch + "/x", 0o640)
print((os.stat(scratch + "/x").st_mode & 0o777 == 0o600) == found.fakes_modes)
""",
    )

    assert said.strip() == "True"


# What a system lacks -> the level, the layers that are not in force, and why nothing may run.
LESS: dict[str, tuple[tuple[str, ...], str, set[str]]] = {
    "no namespaces": (("unshare",), "strong", {"namespaces"}),
    "no Landlock": (("landlock_create_ruleset",), "partial", {"landlock"}),
    "neither": (("unshare", "landlock_create_ruleset"), "limits-only", {"namespaces", "landlock"}),
    "no filters": (("seccomp",), "partial", {"seccomp"}),
    "nothing": (
        ("unshare", "landlock_create_ruleset", "seccomp"),
        "limits-only",
        {"namespaces", "landlock", "seccomp"},
    ),
}
TELLS = """
expected = confine.level()
found = lock_down()
print(json.dumps([
    found.level,
    expected,
    [name for name, said in found.layers.items() if said != "ok"],
    [level for level in ("auto", "required", "off") if confine.refusal(found, level)],
]))
"""


@needs_landlock
@pytest.mark.parametrize(("lacking", "level", "open_layers"), LESS.values(), ids=LESS)
def test_less_of_a_kernel_is_a_lower_level_and_says_so(
    project_python: Path,
    tmp_path: Path,
    lacking: tuple[str, ...],
    level: str,
    open_layers: set[str],
) -> None:
    said = json.loads(run(project_python, tmp_path, TELLS, *without(*lacking)))

    refusing = {"strong": [], "partial": ["required"], "limits-only": ["auto", "required"]}
    reached, expected, missing, refuses = said
    assert (reached, refuses) == (level, refusing[level])
    assert open_layers <= set(missing)
    assert (expected == "strong") == (level == "strong")


def test_limits_hold_and_zero_leaves_one_alone(each_python: Path, tmp_path: Path) -> None:
    said = run(
        each_python,
        tmp_path,
        """
time = resource.getrlimit(resource.RLIMIT_CPU)
limits.limit(memory_mb=1024, file_mb=1)
print(tried(lambda: bytearray(2 * 1024 ** 3)))
print(tried(lambda: open(scratch + "/x", "wb", buffering=0).write(bytes(2 * 1024 ** 2))) == "done")
print(os.path.getsize(scratch + "/x"))
print(time == resource.getrlimit(resource.RLIMIT_CPU))
print(resource.getrlimit(resource.RLIMIT_CORE))
""",
    )

    assert said.splitlines() == ["MemoryError", "True", str(1024**2), "True", "(0, 0)"]


def test_limits_are_never_raised(project_python: Path, tmp_path: Path) -> None:
    said = run(
        project_python,
        tmp_path,
        """
limits.limit(file_mb=1)
limits.limit(file_mb=2)
print(resource.getrlimit(resource.RLIMIT_FSIZE)[1])
""",
    )

    assert said.strip() == str(1024**2)
