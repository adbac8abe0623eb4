"""Acts tried under guard in a process of each interpreter."""

import json
import subprocess
from pathlib import Path

from sloptest_hook.running.process import HARNESS

# name -> (code, what the refusal says; empty: allowed)
ACTS = {
    "read": ("open(outside + '/kept').read()", ""),
    "read a missing secret": ("open(outside + '/.env')", "reading what may be secret: .env"),
    "read through a link": (
        "os.symlink('/etc/shadow', case + '/s'); open(case + '/s')",
        "reading what may be secret: /etc/shadow",
    ),
    "read keys": ("open('/home/u/.ssh/id_rsa')", "reading what may be secret: /home/u/.ssh/id_rsa"),
    "read a token": (
        "open(outside + '/.git/config')",
        "reading what may be secret: .git/config",
    ),
    "read an environment": (
        "open('/proc/1/environ')",
        "reading what may be secret: /proc/1/environ",
    ),
    "read a secret of its own": (
        "pathlib.Path(case, '.env').write_text(''); open(case + '/.env')",
        "",
    ),
    "read out of reach": ("open('/etc/hosts')", "reading a file of this machine: /etc/hosts"),
    "write in an allowed folder": ("open(case + '/x', 'w').close()", ""),
    "mode as it is": ("os.chmod(case + '/x', os.stat(case + '/x').st_mode & 0o777)", ""),
    "another mode": ("os.chmod(case + '/x', 0o700)", "changing the mode of a file"),
    "make and remove an allowed folder": ("shutil.rmtree(case); os.makedirs(case + '/a')", ""),
    "write to the null device": ("open('/dev/null', 'w').close()", ""),
    "read a descriptor": ("open(os.open(outside + '/kept', 0)).close()", ""),
    "database in memory": ("__import__('sqlite3').connect(':memory:').close()", ""),
    "socket pair": ("[each.close() for each in socket.socketpair()]", ""),
    "event loop": ("asyncio.run(asyncio.sleep(0))", ""),
    "temporary file": ("tempfile.TemporaryFile(dir=scratch).close()", ""),
    "temporary file with a name": ("tempfile.NamedTemporaryFile().close()", ""),
    "temporary file elsewhere": ("tempfile.NamedTemporaryFile(dir=case).close()", ""),
    "temporary file kept": ("os.remove(tempfile.mkstemp()[1])", ""),
    "temporary folder": ("tempfile.TemporaryDirectory(prefix='x').cleanup()", ""),
    "below a temporary folder": ("open(tempfile.mkdtemp() + '/x', 'w').close()", ""),
    "fixed name": ("open(tempfile.gettempdir() + '/x', 'w')", "writing {fixed}: x"),
    "fixed folder": ("os.makedirs(scratch + '/a/b')", "creating {fixed}: a"),
    "remove a fixed name": ("os.remove(scratch + '/file')", "removing {fixed}: file"),
    "move to a fixed name": (
        "os.replace(tempfile.mkstemp()[1], scratch + '/x')",
        "moving {fixed}: x",
    ),
    "home": ("pathlib.Path('~/.rc').expanduser().write_text('x')", "writing {}: ~/.rc"),
    "remove from home": ("(pathlib.Path.home() / '.rc').unlink()", "removing {}: ~/.rc"),
    "import ctypes": ("import ctypes", ""),
    "C types": ("ctypes.sizeof(ctypes.c_int)", ""),
    "C library": ("ctypes.CDLL(None)", "calling C code"),
    "C library by name": ("ctypes.CDLL('libc.so.6')", "calling C code: libc.so.6"),
    "C function": ("LIBC.fopen", "calling C code: fopen"),
    "write": ("open(outside + '/x', 'w')", "writing {}: x"),
    "append": ("open(outside + '/kept', 'a')", "writing {}: kept"),
    "exclusive": ("open(outside + '/x', 'x')", "writing {}: x"),
    "update": ("open(outside + '/kept', 'r+')", "writing {}: kept"),
    "bytes path": ("open(os.fsencode(outside) + b'/x', 'wb')", "writing {}: x"),
    "path object": ("pathlib.Path(outside, 'x').write_text('x')", "writing {}: x"),
    "relative path": ("os.chdir(outside); open('x', 'w')", "writing {}: x"),
    "dots": ("open(case + '/../../x', 'w')", "writing {}: x"),
    "through a link": (
        "os.symlink(outside, case + '/link'); open(case + '/link/x', 'w')",
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
    "link in": ("os.link(outside + '/kept', case + '/hard')", "linking {}: kept"),
    "move out": ("os.rename(case + '/a', outside + '/x')", "moving {}: x"),
    "move in": ("os.replace(outside + '/kept', case + '/x')", "moving {}: kept"),
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
    "make a socket": ("socket.socket()", "network: a socket of family 2"),
    "listen": ("UDP.bind(('127.0.0.1', 0))", "network: ('127.0.0.1', 0)"),
    "send": ("UDP.sendto(b'x', ('127.0.0.1', 9))", "network: ('127.0.0.1', 9)"),
}
SCRIPT = """\
import asyncio, ctypes, json, os, pathlib, shutil, socket, subprocess, sys, tempfile
import types, warnings

folder, scratch, outside, acts = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
warnings.simplefilter("ignore")
package = types.ModuleType("harness")
package.__path__ = [folder]
sys.modules["harness"] = package
sys.dont_write_bytecode = True
from harness import guard

case = scratch + "/case"
LIBC = ctypes.CDLL(None)
UDP = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
from harness.territory import Territory
guard.install(Territory(scratch, outside))
territory = Territory(scratch, outside, fakes_modes=True)
territory.read_only_from([outside, sys.prefix, sys.base_prefix, *sys.path])
guard.install(territory)
guard.allow(case)
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
    (scratch / "case").mkdir()
    (scratch / "file").touch()
    home = tmp_path / "home"
    home.mkdir()
    (outside / "kept").write_text("kept")
    acts = json.dumps({name: code for name, (code, _) in ACTS.items()})

    done = subprocess.run(
        (str(each_python), "-c", SCRIPT, str(HARNESS), str(scratch), str(outside), acts),
        capture_output=True,
        text=True,
        check=False,
        cwd=scratch,
        env={"HOME": str(home), "TMPDIR": str(scratch)},
    )

    assert not done.stderr
    outer, fixed = "outside the scratch directory", "a fixed name in the temporary directory"
    assert json.loads(done.stdout) == {
        name: text.format(outer, fixed=fixed) for name, (_, text) in ACTS.items()
    }
    assert list(home.iterdir()) == []
    assert sorted(path.name for path in outside.iterdir()) == ["free", "kept", "scratch"]
    assert (outside / "kept").read_text() == "kept"
