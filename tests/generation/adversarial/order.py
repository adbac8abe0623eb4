"""Order, identity and hashes: what differs from one process to the next."""

import collections
import enum
import os
import weakref


def letters(text):
    """A set has no order."""
    return set(text)


def joined(text):
    """The order of a set reaches a string."""
    return "-".join(set(text))


def first(text):
    """The first of a set is another one with another hash seed."""
    return next(iter(set(text)))


def popped(text):
    """``set.pop`` takes any."""
    left = set(text)
    return left.pop(), len(left)


def listed(text):
    """A list made of a set."""
    return list({*text, "left", "right"})


def numbered(text):
    """A dict in the order of a set."""
    return {letter: place for place, letter in enumerate(set(text))}


def frozen(text):
    """A frozenset inside a tuple."""
    return frozenset(text), len(text)


def bucket(key):
    """The hash of a string."""
    return hash(key) % 8


def digest(value):
    """The hash of a tuple that holds a string."""
    return hash((value, "salt"))


def identity(value):
    """The address of an object."""
    return id(value)


def described(value):
    """The default repr holds an address."""
    return repr(object()) + str(value)


def labelled(value):
    """The address inside a longer text."""
    return {"label": f"<{value} at {hex(id(value))}>", "size": len(str(value))}


def made(size):
    """Objects without equality."""
    return [object() for _ in range(size)]


def by_identity(items):
    """Sorted by address."""
    return sorted(items, key=id)


def weak(name):
    """A weak reference to what is gone by then."""
    return weakref.ref(Node(name))


class Node:
    """Equality and hash by identity."""

    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return id(self)

    def partners(self):
        """A set of objects that hash by address."""
        return {self, Node("other")}

    def key(self):
        """The hash of the object itself."""
        return hash(self)


class Colour(enum.Flag):
    RED = enum.auto()
    BLUE = enum.auto()


def mixed(colour: Colour):
    """A set of members of an enum."""
    return {colour, Colour.RED}


def counted(text):
    """Equal counts come in the order of the input, that of a set."""
    return collections.Counter(set(text)).most_common(2)


def process():
    """The number of the process."""
    return os.getpid()


def lambda_of(factor):
    """A function is returned: its repr is an address, its result is not."""
    return lambda value: value * factor


def generator_of(text):
    """A generator over a set."""
    yield from set(text)
