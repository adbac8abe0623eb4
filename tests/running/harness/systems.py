"""Systems that have less than this one: a command in front of another, and what is here at all."""

import ctypes
import sys

import pytest


def has_landlock() -> bool:
    if sys.platform != "linux":
        return False
    create_ruleset, ask_for_version = 444, 1
    return bool(ctypes.CDLL(None).syscall(create_ruleset, None, 0, ask_for_version) > 0)


needs_landlock = pytest.mark.skipif(not has_landlock(), reason="this system has no Landlock")

# The numbers of x86-64, the error that a kernel or a container answers with.
_CALLS = {"unshare": (272, 1), "landlock_create_ruleset": (444, 38), "seccomp": (317, 38)}
_LACKING = """\
import ctypes, json, os, struct, sys
calls, command = json.loads(sys.argv[1]), sys.argv[2:]
program = [struct.pack("=HBBI", 0x20, 0, 0, 0)]
for number, error in calls:
    program += [struct.pack("=HBBI", 0x15, 0, 1, number)]
    program += [struct.pack("=HBBI", 0x06, 0, 0, 0x00050000 | error)]
program += [struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000)]
text = b"".join(program)
room = ctypes.create_string_buffer(text, len(text))
whole = struct.pack("@HP", len(program), ctypes.addressof(room))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, whole, 0, 0) == 0, ctypes.get_errno()
os.execv(command[0], command)
"""


def without(*calls: str, python: str = sys.executable) -> tuple[str, ...]:
    """Return the beginning of a command line that runs the rest where these calls do not exist.

    ``python`` is the interpreter that does it, for a user who may not start ours.
    """
    import json
    import platform

    if platform.machine() != "x86_64":
        pytest.skip("the numbers of system calls here are those of x86-64")
    answers = json.dumps([_CALLS[call] for call in calls])
    return (python, "-c", _LACKING, answers)
