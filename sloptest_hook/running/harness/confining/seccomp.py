"""Edge: a filter on system calls: no socket, no new process, nothing that reaches other processes.

What the kernel cannot judge by a path is refused as a whole. Changing a mode or an owner is
answered with success and not done, where nothing else keeps files outside from being changed:
refused, it would break ``shutil.copy``.
"""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterable, Iterator, Mapping

from . import kernel
from .calls import MACHINES, X32_BIT

_LOAD, _EQUAL, _AT_LEAST, _BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL_PROCESS, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24  # struct seccomp_data
_SET_MODE_FILTER, _ALL_THREADS, _NO_MITIGATION, _GET_ACTION_AVAILABLE = 1, 1, 4, 2
_CLONE_THREAD = 0x00010000
# Namespaces of mounts, control groups, names, IPC, users, processes and networks.
_CLONE_NEW = (
    0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
)
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C  # both put bytes into a terminal's input

_REFUSED = (
    # the network, io_uring being a way around this filter; socketpair stays, asyncio needs it
    *("socket", "io_uring_setup", "io_uring_enter", "io_uring_register"),
    # other processes
    *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease"),
    *("pidfd_getfd", "kcmp", "migrate_pages", "move_pages"),
    *("shmget", "semget", "msgget", "mq_open"),
    # mounts and namespaces
    *("mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsconfig"),
    *("fsmount", "fspick", "mount_setattr", "setns", "unshare", "open_by_handle_at"),
    # the kernel, its keys, its clocks
    *("bpf", "perf_event_open", "userfaultfd", "fanotify_init", "add_key", "request_key", "keyctl"),
    *("init_module", "finit_module", "delete_module", "kexec_load", "swapon", "reboot", "acct"),
    *("settimeofday", "clock_settime", "sethostname", "iopl", "ioperm", "quotactl", "personality"),
)
_FAKED = (
    *("chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat"),
    *("setxattr", "lsetxattr", "fsetxattr", "setxattrat"),
    *("removexattr", "lremovexattr", "fremovexattr", "removexattrat"),
)
_PROCESSES = ("fork", "vfork", "execve", "execveat")
_SIGNALS_BY_OTHER_WAYS = ("tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal")


def restrict(*, forks: bool, programs: bool, fake_modes: bool) -> None:
    """Put the filter in force, for all threads; raises OSError, on an unknown machine too.

    ``forks``: the process may split, as the search does; ``programs``: it may start others too.
    """
    architecture, numbers = _machine()
    program = [*_checked(architecture), *_refused(numbers, _REFUSED)]
    if fake_modes:
        program += _answered(numbers, _FAKED, _ERROR | 0)
    program += _answered(numbers, ("clone3",), _ERROR | errno.ENOSYS)  # its flags cannot be seen
    program += _without_namespaces(numbers)
    program += _without_terminal_input(numbers)
    program += _own_limits_only(numbers)
    if not programs:
        program += _refused(numbers, ("execve", "execveat"))
    if not forks and not programs:
        program += _alone(numbers)
    _install([*program, _instruction(_RETURN, _ALLOW)], numbers)


def is_known() -> bool:
    """Say whether the kernel has filters; nothing is done."""
    try:
        numbers = _machine()[1]
        answer = struct.pack("=I", _ERROR)
        kernel.system_call(numbers["seccomp"], _GET_ACTION_AVAILABLE, 0, answer)
    except (OSError, ImportError, AttributeError):  # no uname on Windows
        return False
    return True


def refuse_processes() -> None:
    """Refuse new processes, and signals to others, from now on: a filter on top of the first."""
    architecture, numbers = _machine()
    program = [*_checked(architecture), *_alone(numbers), _instruction(_RETURN, _ALLOW)]
    _install(program, numbers)


def _machine() -> tuple[int, Mapping[str, int]]:
    known = MACHINES.get(kernel.machine())
    if known is None:
        raise OSError(errno.ENOSYS, f"no table for {kernel.machine()}")
    return known


def _checked(architecture: int) -> Iterator[bytes]:
    """Yield the beginning: a call in another machine's numbers ends the process."""
    yield _instruction(_LOAD, _ARCHITECTURE)
    yield _instruction(_EQUAL, architecture, 1, 0)
    yield _instruction(_RETURN, _KILL_PROCESS)
    yield _instruction(_LOAD, _NUMBER)
    if architecture == MACHINES["x86_64"][0]:
        yield _instruction(_AT_LEAST, X32_BIT, 0, 1)
        yield _instruction(_RETURN, _ERROR | errno.ENOSYS)


def _refused(numbers: Mapping[str, int], names: Iterable[str]) -> Iterator[bytes]:
    return _answered(numbers, names, _ERROR | errno.EPERM)


def _answered(numbers: Mapping[str, int], names: Iterable[str], answer: int) -> Iterator[bytes]:
    """Yield a comparison for each call, all of them jumping to one answer behind the last."""
    wanted = [numbers[name] for name in names if name in numbers]
    for place, number in enumerate(wanted, 1):
        last = place == len(wanted)
        yield _instruction(_EQUAL, number, len(wanted) - place, 1 if last else 0)
    if wanted:
        yield _instruction(_RETURN, answer)


def _judged(numbers: Mapping[str, int], name: str, argument: int, test: list[bytes]) -> list[bytes]:
    """Return ``test`` for one call, with its argument loaded; what it lets through goes on."""
    inner = [_instruction(_LOAD, argument), *test, _instruction(_LOAD, _NUMBER)]
    return [_instruction(_EQUAL, numbers[name], 0, len(inner)), *inner]


def _without_namespaces(numbers: Mapping[str, int]) -> list[bytes]:
    test = [_instruction(_BITS, _CLONE_NEW, 0, 1), _instruction(_RETURN, _ERROR | errno.EPERM)]
    return _judged(numbers, "clone", _FIRST_ARGUMENT, test)


def _without_terminal_input(numbers: Mapping[str, int]) -> list[bytes]:
    test = [
        _instruction(_EQUAL, _TIOCSTI, 1, 0),
        _instruction(_EQUAL, _TIOCLINUX, 0, 1),
        _instruction(_RETURN, _ERROR | errno.EPERM),
    ]
    return _judged(numbers, "ioctl", _SECOND_ARGUMENT, test)


def _own_limits_only(numbers: Mapping[str, int]) -> list[bytes]:
    """Return the part by which nobody lowers the limits of the user's other processes."""
    return _judged(numbers, "prlimit64", _FIRST_ARGUMENT, _only(0))


def _alone(numbers: Mapping[str, int]) -> Iterator[bytes]:
    """Yield the part that allows threads, and signals to this process, and no other process."""
    test = [_instruction(_BITS, _CLONE_THREAD, 1, 0), _instruction(_RETURN, _ERROR | errno.EPERM)]
    yield from _judged(numbers, "clone", _FIRST_ARGUMENT, test)
    yield from _refused(numbers, (*_PROCESSES, *_SIGNALS_BY_OTHER_WAYS))
    for name in ("kill", "tgkill"):
        yield from _judged(numbers, name, _FIRST_ARGUMENT, _only(os.getpid()))


def _only(value: int) -> list[bytes]:
    return [_instruction(_EQUAL, value, 1, 0), _instruction(_RETURN, _ERROR | errno.EPERM)]


def _instruction(code: int, value: int, when: int = 0, otherwise: int = 0) -> bytes:
    """Return one struct sock_filter; both jumps count from the next instruction."""
    return struct.pack("=HBBI", code, when, otherwise, value)


def _install(program: list[bytes], numbers: Mapping[str, int]) -> None:
    import ctypes

    text = b"".join(program)
    room = ctypes.create_string_buffer(text, len(text))
    whole = struct.pack("@HP", len(program), ctypes.addressof(room))  # struct sock_fprog
    flags = _ALL_THREADS | _NO_MITIGATION  # the slow answer to Spectre is for browsers
    kernel.system_call(numbers["seccomp"], _SET_MODE_FILTER, flags, whole)
