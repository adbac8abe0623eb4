"""Acts tried under guard in a process of each interpreter."""

import json
import subprocess
from pathlib import Path

from sloptest_hook.running.process import HARNESS

# name -> (code, what the refusal says; empty: allowed)
ACTS = {
    "read": ("open(outside + '/kept').read()", ""),
    "write in scratch": ("open(scratch + '/x', 'w').close()", ""),
    "write to the null device": ("open('/dev/null', 'w').close()", ""),
    "read a descriptor": ("open(os.open(outside + '/kept', 0)).close()", ""),
    "database in memory": ("__import__('sqlite3').connect(':memory:').close()", ""),
    "socket pair": ("[each.close() for each in socket.socketpair()]", ""),
    "event loop": ("asyncio.run(asyncio.sleep(0))", ""),
    "temporary file": ("tempfile.TemporaryFile(dir=scratch).close()", ""),
    "write": ("open(outside + '/x', 'w')", "writing {}: x"),
    "append": ("open(outside + '/kept', 'a')", "writing {}: kept"),
    "exclusive": ("open(outside + '/x', 'x')", "writing {}: x"),
    "update": ("open(outside + '/kept', 'r+')", "writing {}: kept"),
    "bytes path": ("open(os.fsencode(outside) + b'/x', 'wb')", "writing {}: x"),
    "path object": ("pathlib.Path(outside, 'x').write_text('x')", "writing {}: x"),
    "relative path": ("os.chdir(outside); open('x', 'w')", "writing {}: x"),
    "dots": ("open(scratch + '/../x', 'w')", "writing {}: x"),
    "through a link": (
        "os.symlink(outside, scratch + '/link'); open(scratch + '/link/x', 'w')",
        "writing {}: x",
    ),
    "os.open": ("os.open(outside + '/x', os.O_CREAT | os.O_WRONLY)", "writing {}: x"),
    "database": ("__import__('sqlite3').connect(outside + '/x.db')", "writing {}: x.db"),
    "truncate": ("os.truncate(outside + '/kept', 0)", "writing {}: kept"),
    "chmod": ("os.chmod(outside + '/kept', 0)", "changing {}: kept"),
    "chmod of a descriptor": ("os.chmod(os.open(outside + '/kept', 0), 0)", "changing {}: kept"),
    "utime": ("os.utime(outside + '/kept')", "changing {}: kept"),
    "mkdir": ("os.mkdir(outside + '/x')", "creating {}: x"),
    "symlink": ("os.symlink('kept', outside + '/x')", "creating {}: x"),
    "link in": ("os.link(outside + '/kept', scratch + '/hard')", "linking {}: kept"),
    "move out": ("os.rename(scratch + '/file', outside + '/x')", "moving {}: x"),
    "move in": ("os.replace(outside + '/kept', scratch + '/x')", "moving {}: kept"),
    "remove": ("os.remove(outside + '/kept')", "removing {}: kept"),
    "remove a tree": ("shutil.rmtree(outside)", "removing {}: ."),
    "relative to a folder": (
        "os.mkdir('x', dir_fd=os.open(outside, os.O_RDONLY))",
        "creating {}: x",
    ),
    "standard stream": ("open(1)", "opening file descriptor 1"),
    "process": ("subprocess.run(['true'])", "starting a process: true"),
    "shell": ("os.system('true')", "starting a process: true"),
    "fork": ("os._exit(0) if os.fork() == 0 else None", "starting a process"),
    "spawn": ("os.posix_spawn('/bin/true', ['true'], {})", "starting a process: /bin/true"),
    "replace this process": ("os.execv('/bin/true', ['true'])", "starting a process: /bin/true"),
    "signal": ("os.kill(os.getpid(), 0)", "sending a signal"),
    "look up a name": ("socket.getaddrinfo('localhost', 80)", "network: localhost"),
    "listen": ("socket.socket().bind(('127.0.0.1', 0))", "network: ('127.0.0.1', 0)"),
    "send": ("UDP.sendto(b'x', ('127.0.0.1', 9))", "network: ('127.0.0.1', 9)"),
}
SCRIPT = """\
import asyncio, json, os, pathlib, shutil, socket, subprocess, sys, tempfile, types, warnings

folder, scratch, outside, acts = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
warnings.simplefilter("ignore")
package = types.ModuleType("harness")
package.__path__ = [folder]
sys.modules["harness"] = package
sys.dont_write_bytecode = True
from harness import guard

UDP = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
guard.install(scratch, outside)
guard.install(scratch, outside)
said = {}
for name, code in acts.items():
    before = len(guard.refusals())
    guard.enforce(True)
    try:
        exec(code)
        said[name] = ""
    except OSError as error:
        said[name] = str(error) if isinstance(error, guard.Refused) else repr(error)
    finally:
        guard.enforce(False)
    assert guard.refusals()[before:] == [text for text in (said[name],) if text], guard.refusals()
open(outside + "/free", "w").close()
json.dump(said, sys.stdout)
"""


def test_each_act_is_allowed_or_refused_in_these_words(each_python: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    scratch = outside / "scratch"
    scratch.mkdir(parents=True)
    (scratch / "file").touch()
    (outside / "kept").write_text("kept")
    acts = json.dumps({name: code for name, (code, _) in ACTS.items()})

    done = subprocess.run(
        (str(each_python), "-c", SCRIPT, str(HARNESS), str(scratch), str(outside), acts),
        capture_output=True,
        text=True,
        check=False,
        cwd=scratch,
    )

    assert not done.stderr
    assert json.loads(done.stdout) == {
        name: text.format("outside the scratch directory") for name, (_, text) in ACTS.items()
    }
    assert sorted(path.name for path in outside.iterdir()) == ["free", "kept", "scratch"]
    assert (outside / "kept").read_text() == "kept"
