"""What hostile generated code tries: data, one entry an act, each with a target of its own.

An act is code that raises or sets ``won`` to something false when it got nowhere. ``T`` is a file
of its own outside scratch, holding ``kept``; the other names are in ``PREPARED``.
"""

# name -> code. The kernel may lack what those in MAY_BE_MISSING use: they count where they can.
WRITES = {
    "write a file": "open(T, 'w').write('x')",
    "append to a file": "open(T, 'a').write('x')",
    "delete a file": "os.remove(T)",
    "rename a file away": "os.rename(T, T + '.gone')",
    "rename over a file": "open(SCRATCH + '/r', 'w').write('x'); os.replace(SCRATCH + '/r', T)",
    "truncate a file": "os.truncate(T, 0)",
    "make a file": "open(T + '.new', 'x').write('x')",
    "make a folder": "os.mkdir(T + '.folder')",
    "make a link": "os.symlink('/etc/passwd', T + '.link')",
    "make a pipe": "os.mkfifo(T + '.fifo')",
    "make a device": "os.mknod(T + '.dev', stat.S_IFREG | 0o600)",
    "write to a shell's start-up": "open(HOME + '/.bashrc', 'a').write('x')",
    "write a git hook": "open(TREE + '/.git/hooks/pre-commit', 'w').write('x')",
    "write git's configuration": "open(TREE + '/.git/config', 'a').write('x')",
    "write conftest.py": "open(TREE + '/conftest.py', 'w').write('x')",
    "write a .pth file": "open(SITE + '/x.pth', 'w').write('import os')",
    "write sitecustomize.py": "open(SITE + '/sitecustomize.py', 'w').write('x')",
    "write bytecode": (
        "os.makedirs(TREE + '/__pycache__', exist_ok=True)\n"
        "open(TREE + '/__pycache__/module.pyc', 'wb').write(b'x')"
    ),
    "write the code under test": "open(TREE + '/module.py', 'a').write('x')",
    "write to shared memory": "open(SHARED, 'w').write('x')",
    "write through a link": "os.symlink(T, SCRATCH + '/l'); open(SCRATCH + '/l', 'w').write('x')",
    "write through a hard link": (
        "os.link(T, SCRATCH + '/h'); open(SCRATCH + '/h', 'w').write('x')"
    ),
    "write through /proc/self/fd": (
        "fd = os.open(TREE + '/readable.py', os.O_RDONLY)\n"
        "open(f'/proc/self/fd/{fd}', 'w').write('x')"
    ),
    "write through a C function": "won = LIBC.creat(T.encode(), 0o600) >= 0",
    "write through a folder's descriptor": (
        "folder = os.open(os.path.dirname(T), os.O_PATH)\n"
        "os.close(os.open(os.path.basename(T), os.O_WRONLY | os.O_TRUNC, dir_fd=folder))"
    ),
    "change a mode": "os.chmod(T, 0o751); won = os.stat(T).st_mode & 0o777 == 0o751",
    "change an attribute": "os.setxattr(T, 'user.x', b'x'); won = os.getxattr(T, 'user.x') == b'x'",
    "change a time": "os.utime(T, (1, 1)); won = os.stat(T).st_mtime == 1",
}
READS = {
    "read a key": "won = 'dummy' in open(HOME + '/.ssh/id_rsa').read()",
    "read credentials": "won = 'dummy' in open(HOME + '/.aws/credentials').read()",
    "read .env of the tree": "won = 'dummy' in open(TREE + '/inner/.env').read()",
    "read git's token": "won = 'dummy' in open(TREE + '/.git/config').read()",
    "read through a link": (
        "os.symlink(HOME + '/.ssh/id_rsa', SCRATCH + '/k')\n"
        "won = 'dummy' in open(SCRATCH + '/k').read()"
    ),
    "read through /proc/self/root": (
        "won = 'dummy' in open('/proc/self/root' + HOME + '/.ssh/id_rsa').read()"
    ),
    "read through a C function": "won = LIBC.open((HOME + '/.ssh/id_rsa').encode(), 0) >= 0",
    "list the home directory": "won = '.ssh' in os.listdir(HOME)",
    "look at a secret's size": "won = os.stat(HOME + '/.ssh/id_rsa').st_size > 0",
    "read hashes of passwords": "won = bool(open('/etc/shadow').read())",
    "read its own environment": "won = 'dummy' in str(dict(os.environ))",
    "read another's environment": (
        "won = b'dummy' in open(f'/proc/{VICTIM}/environ', 'rb').read()"
    ),
    "read another's maps": "won = bool(open(f'/proc/{VICTIM}/maps').read())",
    "open another's memory": "open(f'/proc/{VICTIM}/mem', 'rb').close()",
    "read through another's root": (
        "won = 'dummy' in open(f'/proc/{VICTIM}/root{HOME}/.ssh/id_rsa').read()"
    ),
    "read another's command line": "won = bool(open(f'/proc/{VICTIM}/cmdline').read())",
    "trace another": (
        "won = LIBC.ptrace(16, VICTIM, 0, 0) == 0\nif won: LIBC.ptrace(17, VICTIM, 0, 0)"
    ),
    "read another's memory": (
        "word = ctypes.create_string_buffer(8)\n"
        "place = int(open(f'/proc/{VICTIM}/maps').readline().split('-')[0], 16)\n"
        "ours = struct.pack('=QQ', ctypes.addressof(word), 8)\n"
        "theirs = struct.pack('=QQ', place, 8)\n"
        "won = LIBC.process_vm_readv(VICTIM, ours, 1, theirs, 1, 0) == 8"
    ),
}
NETWORK = {
    "connect by TCP": "socket.create_connection(('127.0.0.1', TCP), 2).close()",
    "connect from a child": (
        "child = os.fork()\n"
        "if child == 0:\n"
        "    try: socket.create_connection(('127.0.0.1', TCP), 2); os._exit(7)\n"
        "    except BaseException: os._exit(0)\n"
        "won = os.waitpid(child, 0)[1] >> 8 == 7"
    ),
    "send by UDP": (
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', UDP))"
    ),
    "send by TCP Fast Open": (
        "won = socket.socket().sendto(b'x', 0x20000000, ('127.0.0.1', TCP)) == 1"
    ),
    "listen": "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()",
    "connect to a socket file": "socket.socket(socket.AF_UNIX).connect(USOCK)",
    "connect to an abstract socket": "socket.socket(socket.AF_UNIX).connect(ASOCK)",
    "speak netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).bind((0, 0))",
}
PROCESSES = {
    "start a shell": "won = os.system('exit 7') >> 8 == 7",
    "start a program": (
        "won = os.waitpid(os.posix_spawn('/bin/sh', ['sh', '-c', 'exit 7'], {}), 0)[1] >> 8 == 7"
    ),
    "fork": (
        "child = os.fork()\nif child == 0: os._exit(7)\nwon = os.waitpid(child, 0)[1] >> 8 == 7"
    ),
    "fork many": (
        "children = []\n"
        "for _ in range(150):\n"
        "    child = os.fork()\n"
        "    if child == 0: os._exit(0)\n"
        "    children.append(child)\n"
        "for child in children: os.waitpid(child, 0)"
    ),
    "leave a daemon": (
        "child = os.fork()\n"
        "if child == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0: os.execve('/bin/sleep', ['sleep', '0.1'], {})\n"
        "    os._exit(7)\n"
        "won = os.waitpid(child, 0)[1] >> 8 == 7"
    ),
    "signal another": "os.kill(VICTIM, signal.SIGCONT)",
    "stop another": "os.kill(VICTIM, signal.SIGSTOP); os.kill(VICTIM, signal.SIGCONT)",
    "signal through a descriptor": (
        "signal.pidfd_send_signal(os.pidfd_open(VICTIM), signal.SIGCONT)"
    ),
    "limit another": "resource.prlimit(VICTIM, resource.RLIMIT_CORE, (0, 0))",
    "keep a key": "won = call(248, b'user', b'x', b'y', 1, -4) > 0",
    "catch page faults": "won = call(323, 1) >= 0",
    "make a ring": "won = call(425, 4, bytes(120)) >= 0",
    "share memory": (
        "segment = call(29, 0, 4096, 0o1600)\nwon = segment >= 0 and call(31, segment, 0, 0) == 0"
    ),
    "open the terminal": "os.close(os.open('/dev/tty', os.O_RDWR))",
}
RESOURCES = {
    "take 5 GB": "won = len(mmap.mmap(-1, 5 << 30)) > 0",
    "take 5 GB of its own": "won = len(mmap.mmap(-1, 5 << 30, flags=mmap.MAP_PRIVATE)) > 0",
    "write 200 MB": (
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "file = open(SCRATCH + '/big', 'wb', buffering=0)\n"
        "for _ in range(200): file.write(bytes(1 << 20))\n"
        "won = os.path.getsize(SCRATCH + '/big') == 200 << 20"
    ),
    "open 2000 files": (
        "kept = [os.open('/dev/null', os.O_RDONLY) for _ in range(2000)]\n"
        "for each in kept: os.close(each)"
    ),
    "leave a core": (
        "resource.setrlimit(resource.RLIMIT_CORE, (1, resource.getrlimit(resource.RLIMIT_CORE)[1]))"
    ),
}
# Last: unconfined they change the world for those behind them.
LAST = {
    "make namespaces": "won = LIBC.unshare(0x10000000 | 0x40000000) == 0",
    "mount": "won = LIBC.mount(b'none', SCRATCH.encode(), b'tmpfs', 0, None) == 0",
    "change the root": "won = LIBC.chroot(SCRATCH.encode()) == 0 and LIBC.chroot(b'.') == 0",
}
ATTACKS = {**WRITES, **READS, **NETWORK, **PROCESSES, **RESOURCES, **LAST}

# Only root can do these at all, unconfined too.
ROOT_ONLY = frozenset(("read hashes of passwords", "mount", "change the root"))
# What a system may be without, or forbid to everybody; a session without a terminal among them.
MAY_BE_MISSING = frozenset(
    (
        *("change an attribute", "make a device", "write to shared memory"),
        *("trace another", "read another's memory", "open another's memory"),
        *("send by TCP Fast Open", "open the terminal"),
        *("make namespaces", "mount", "keep a key", "catch page faults", "make a ring"),
        *("share memory", "leave a core", "take 5 GB", "take 5 GB of its own", "open 2000 files"),
    )
)

PREPARED = """\
import ctypes, json, mmap, os, resource, signal, socket, stat, struct, sys, types

folder, spec, attacks = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
HOME, TREE, SITE, SCRATCH = (spec[name] for name in ("home", "tree", "site", "scratch"))
TCP, UDP, USOCK, ASOCK = spec["tcp"], spec["udp"], spec["socket"], spec["abstract"]
VICTIM, SHARED = spec["victim"], spec["shared"]
LIBC = ctypes.CDLL(None, use_errno=True)

def call(number, *args):
    LIBC.syscall.restype = ctypes.c_long
    given = (ctypes.c_long(each) if isinstance(each, int) else each for each in args)
    return LIBC.syscall(ctypes.c_long(number), *given)

sys.path[:] = [each for each in sys.path if each]
if spec["confined"]:
    package = types.ModuleType("harness")
    package.__path__ = [folder]
    sys.modules["harness"] = package
    sys.dont_write_bytecode = True
    from harness import confine
    from harness.confining import limits
    limits.limit(4096, 60, 64)
    want = confine.Wanted([TREE], SCRATCH, [TREE + "/inner/.env", TREE + "/.git"])
    print("LEVEL", confine.lock_down(want).level, flush=True)

for name, code in attacks.items():
    T = spec["outside"] + "/" + name.replace(" ", "_").replace("/", "_")
    print("RAN", name, flush=True)
    scope = dict(globals(), won=True)
    try:
        exec(code, scope)
    except (OSError, ValueError, MemoryError) as error:
        print("LOST", name, repr(error), flush=True)
    else:
        print("WON" if scope["won"] else "LOST", name, flush=True)
"""
