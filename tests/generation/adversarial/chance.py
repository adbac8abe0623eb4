"""Chance, and the state of the process and of the machine."""

import functools
import getpass
import itertools
import os
import pathlib
import platform
import random
import secrets
import socket
import sys
import tempfile
import threading
import uuid
import warnings

COUNTER = itertools.count()
SEEN = []
SETTINGS = {"mode": "plain"}
_total = 0


def roll(sides: int = 6) -> int:
    """Chance."""
    return random.randint(1, sides)


def chosen(items):
    """Chance over the argument."""
    return random.choice(items)


def shuffled(items: list) -> list:
    """Chance that changes its argument."""
    random.shuffle(items)
    return items


def sometimes(value: int) -> int:
    """Chance that seldom shows."""
    return value if random.random() < 0.95 else -value


def generator(seed=None):
    """A generator of its own, seeded by the system."""
    return random.Random(seed).random()


def token() -> str:
    """Chance of the system."""
    return secrets.token_hex(4)


def identifier() -> str:
    """A random identifier."""
    return str(uuid.uuid4())


def noise(size: int = 4) -> bytes:
    """Bytes of the system."""
    return os.urandom(size)


def ticket() -> int:
    """A counter of the module."""
    return next(COUNTER)


def remembered(value) -> int:
    """A list of the module grows."""
    SEEN.append(value)
    return len(SEEN)


def switched(mode: str) -> str:
    """A dict of the module is changed."""
    before = SETTINGS["mode"]
    SETTINGS["mode"] = mode
    return before


def added(amount: int) -> int:
    """A global number."""
    global _total
    _total += amount
    return _total


def collected(value, into=[]):
    """A mutable default remembers."""
    into.append(value)
    return into


@functools.lru_cache(maxsize=None)
def cached(value):
    """A cache keeps the first object."""
    return [value, len(SEEN)]


class Registry:
    """State of the class, shared by all."""

    members = {}

    def register(self, name):
        self.members[name] = len(self.members)
        return self.members[name]


def patched(name: str) -> str:
    """Patches a module and leaves it so."""
    platform.node = lambda: name
    return platform.node()


def exported(name: str) -> str:
    """Sets an environment variable and leaves it."""
    os.environ["ADVERSARIAL_NAME"] = name
    return os.environ["ADVERSARIAL_NAME"]


def debug() -> bool:
    """Reads an environment variable."""
    return os.environ.get("ADVERSARIAL_DEBUG") == "1"


def home() -> str:
    """The home directory."""
    return os.path.expanduser("~/.config")


def here() -> str:
    """The working directory."""
    return os.getcwd()


def absolute(name: str) -> str:
    """A path made absolute."""
    return str(pathlib.Path(name).absolute())


def user() -> str:
    """The name of the user."""
    return getpass.getuser()


def host() -> str:
    """The name of the machine."""
    return socket.gethostname()


def system() -> str:
    """The version of the system."""
    return f"{platform.platform()} {platform.python_version()}"


def limits() -> int:
    """A number of this interpreter."""
    return sys.getrecursionlimit() + sys.getrefcount(SEEN)


def temporary() -> str:
    """A temporary name."""
    return tempfile.mkdtemp()


def exists(path) -> bool:
    """Whether a file is there."""
    return os.path.exists(path)


def entries(path="."):
    """The files of a directory, in no order."""
    return os.listdir(path)


def handle(path):
    """An open file is returned."""
    return open(path)


def threaded(values):
    """Threads append in any order."""
    found = []
    threads = [threading.Thread(target=found.append, args=(value,)) for value in values]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def worker() -> str:
    """The name of the thread."""
    return threading.current_thread().name


def arguments() -> list:
    """The command line of whoever runs it."""
    return sys.argv[1:]


def warned(value):
    """A warning that is shown once."""
    warnings.warn("old", DeprecationWarning, stacklevel=2)
    return value


def once(iterator):
    """An iterator is used up."""
    return list(iterator), list(iterator)


def endless(start):
    """A generator without an end."""
    while True:
        yield start
        start += 1


def deep(number):
    """Recursion as deep as the interpreter allows."""
    return 0 if number == 0 else 1 + deep(number - 1)


def hung(number):
    """Never returns for some arguments."""
    while number > 1:
        number = number // 1
    return number


def exits(code):
    """Ends the process."""
    sys.exit(code)


def kills():
    """Ends the process without a word."""
    os._exit(3)


def closes():
    """Closes the standard output."""
    sys.stdout.close()


def loud(name):
    """Prints a time-like text and an address."""
    print(name, id(name))
    return name


def floats(value: float) -> float:
    """The last digits depend on the library of the platform."""
    return sum(value / 10 for _ in range(10)) ** 0.5
