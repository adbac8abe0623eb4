"""Modules for the harness to measure, each with the tests that execute it.

``SAMPLES`` maps a name to the text of a module and the statements of its tests; what needs a later
Python than 3.9 says so in ``SINCE``.
"""

SAMPLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "one_line_raise": (
        """\
def f(a):
    if a: raise ValueError(a)
    return 1

def g(a):
    if a: return 2
    return 1

def h(a):
    try:
        if a: raise ValueError(a)
        a = 2
    except ValueError:
        a = 3
    return a

def never(a):
    if a: raise ValueError(a)
    return 1
""",
        (
            "with pytest.raises(ValueError): m.f(1)",
            "m.f(0)",
            "m.g(0); m.g(1)",
            "m.h(0)",
            "m.h(1)",
            "m.never(0)",
        ),
    ),
    "one_line_bodies": (
        """\
def f(a): return a
def unused(a): return a
class Empty: pass
class Short(Exception): code = 3
class Holder:
    def area(self): return 4
    def other(self): return 5
    @property
    def size(self): return 6
twice = lambda x: x if x else None
never = lambda x: x if x else None
def numbers(n): yield n
async def later(n): return n
""",
        (
            "m.f(1)",
            "m.Holder().area(); m.Holder().size",
            "m.twice(0); m.twice(1)",
            "list(m.numbers(3))",
            "asyncio.run(m.later(1))",
        ),
    ),
    "raises_here": (
        """\
def f(a):
    try:
        if a == 1:
            raise ValueError(a)
        if a == 2:
            raise KeyError(a)
        if a == 3:
            return 3
    except ValueError:
        return 1
    except (KeyError, TypeError) as error:
        if not error.args:
            return 5
    else:
        a = 7
    return a

def nested(a):
    try:
        try:
            if a:
                raise ValueError(a)
        except KeyError:
            return 1
    except ValueError:
        return 2
    return 3
""",
        ("m.f(1)", "m.f(2)", "m.f(3)", "m.f(4)", "m.nested(0)", "m.nested(1)"),
    ),
    "finally_ways": (
        """\
def f(a):
    try:
        if a == 1:
            return 1
        if a == 2:
            raise ValueError(a)
        a += 1
    finally:
        a = 0
    return a

def early(items):
    for item in items:
        try:
            if item == 1:
                continue
            if item == 2:
                break
        finally:
            if item:
                item = 0
    return items

def returns(a):
    try:
        return a
    finally:
        if a:
            return None

def unused_ways(a):
    try:
        if a:
            return 1
    finally:
        a = 0
    return a
""",
        (
            "m.f(1)",
            "m.f(3)",
            "with pytest.raises(ValueError): m.f(2)",
            "m.early([0, 1])",
            "m.early([3, 2])",
            "m.returns(0)",
            "m.unused_ways(1)",
        ),
    ),
    "withs": (
        """\
import contextlib

def f(a):
    with contextlib.nullcontext():
        if a:
            a = 2
    return a

def leaves(a):
    with contextlib.nullcontext():
        if a:
            return 1
    return 2

def loop(items):
    for item in items:
        with contextlib.nullcontext(), contextlib.nullcontext():
            if item == 1:
                continue
            if item == 2:
                break
            item = 3
    return items

def swallows(a):
    with contextlib.suppress(KeyError):
        if a:
            raise KeyError(a)
    return a

def at_the_end(a):
    with contextlib.nullcontext():
        if a:
            a = 3

def in_loop(items):
    while items:
        with contextlib.nullcontext():
            items.pop()

def only_false(a):
    with contextlib.nullcontext():
        if a:
            a = 3
    return a
""",
        (
            "m.f(0)",
            "m.f(1)",
            "m.leaves(1)",
            "m.loop([3, 1])",
            "m.loop([2])",
            "m.swallows(0)",
            "m.swallows(1)",
            "m.at_the_end(1)",
            "m.in_loop([1, 2])",
            "m.only_false(0)",
        ),
    ),
    "class_bodies": (
        """\
import sys

class Outer:
    names = []
    class Inner:
        for each in ("a", "b"):
            names = each
    for each in range(2):
        if each:
            names.append(each)
    if sys.version_info < (3,):
        old = True
    else:
        old = False

    def method(self):
        class Local:
            for each in range(2):
                kept = each
        return Local

class Last:
    for each in range(3):
        pass
""",
        ("m.Outer().method()",),
    ),
    "loops": (
        """\
def search(items, wanted):
    for item in items:
        if item == wanted:
            break
    else:
        return None
    return item

def forever(n):
    while True:
        n -= 1
        if n < 0:
            break
    return n

def while_else(n):
    while n:
        n -= 1
        if n == 5:
            return n
    else:
        n = 7
    return n

def nested(n):
    for i in range(n):
        for j in range(i):
            if j == 3:
                break
        else:
            continue
        return i
    return None

def last(items):
    for item in items:
        if item:
            item += 1

def never_ends(items):
    for item in items:
        return item

def empty(items):
    for item in items:
        item += 1

def one_line(items):
    for item in items: item += 1
    while items: items.pop()
    return items
""",
        (
            "m.search([1, 2], 2)",
            "m.search([], 2)",
            "m.forever(3)",
            "m.while_else(2)",
            "m.nested(2)",
            "m.last([0, 1])",
            "m.never_ends([1])",
            "m.empty([])",
            "m.one_line([1])",
        ),
    ),
    "generators": (
        """\
def count(n):
    for i in range(n):
        if i % 2:
            yield i
    if n > 10:
        yield -1

def delegates(n):
    yield from count(n)
    if n:
        yield n

def receives():
    while True:
        got = yield
        if got is None:
            return

def closes():
    try:
        yield 1
        yield 2
    finally:
        if True:
            pass

def sums(n):
    return sum(i for i in range(n) if i)
""",
        (
            "list(m.count(4))",
            "list(m.delegates(2))",
            "g = m.receives(); next(g); g.send(1); next(g, None)",
            "g = m.closes(); next(g); g.close()",
            "m.sums(3)",
        ),
    ),
    "comprehensions": (
        """\
def f(rows, a):
    flat = [each for row in rows for each in row if each]
    pairs = {
        i: [j for j in range(i)]
        for i in range(3)
        if i != a
    }
    if [each for each in flat if each > 1]:
        return {each for each in flat}
    return pairs
""",
        ("m.f([[1, 0], [2]], 1)",),
    ),
    "asynchronous": (
        """\
import asyncio
import contextlib

async def ticks(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i

@contextlib.asynccontextmanager
async def room(a):
    if a:
        await asyncio.sleep(0)
    yield a

async def total(n):
    found = 0
    async for i in ticks(n):
        if i > 1:
            found += i
    return found

async def inside(a):
    async with room(a) as got:
        if got:
            return 1
    return 2

async def waits(a):
    if a: await asyncio.sleep(0)
    return [i async for i in ticks(a)]
""",
        (
            "asyncio.run(m.total(4))",
            "asyncio.run(m.inside(0))",
            "asyncio.run(m.inside(1))",
            "asyncio.run(m.waits(1))",
        ),
    ),
    "decorated": (
        """\
import functools

def decorator(function):
    @functools.wraps(function)
    def inner(*args):
        if not args:
            return None
        return function(*args)
    return inner

def with_name(name):
    if not name:
        return decorator
    return lambda function: function

@decorator
@with_name("a")
def f(a):
    def helper(b):
        if b:
            return 1
        return 2
    return helper(a)

@decorator
def one(a): return a
""",
        ("m.f(1)", "m.one()", "m.one(2)"),
    ),
    "expressions": (
        """\
def f(a, b):
    c = a and b or (a if b else None)
    assert c or not b, "nothing"
    d = (
        a
        if a
        else b
    )
    if (e := a) and (
        b
        or c
    ):
        return e
    if not a: b = 3
    return d

def chained(a):
    if 0 < a < 10:
        return 1
    if a is None or a == 11 and \\
            a > 3:
        return 2
    return 3

def calls(a):
    return dict(
        one=a,
        two=[
            a,
        ],
    )

def excluded(a):
    if a:  # pragma: no cover
        return 1
    while a:  # pragma: no branch
        a = 0
    return 2

def ends_in_if(a):
    if a:
        a = 1

def ends_in_elif(a):
    if a == 1:
        a = 2
    elif a == 2:
        a = 3
""",
        (
            "m.f(1, 1)",
            "m.f(0, 0)",
            "m.chained(3)",
            "m.chained(11)",
            "m.calls(1)",
            "m.excluded(0)",
            "m.ends_in_if(1)",
            "m.ends_in_elif(1)",
            "m.ends_in_elif(3)",
        ),
    ),
    "module_ways": (
        """\
import sys
if sys.version_info > (3,): NEW = True
else: NEW = False
try:
    import a_module_that_is_not_there
except ImportError:
    FOUND = False
else:
    FOUND = True
for name in ("a", "b"):
    if name == "b":
        break
TABLE = {
    name: len(name)
    for name in ("a",)
}
if not NEW:
    def f(): return 1
else:
    def f(): return 2
if __name__ == "__main__":
    f()
""",
        ("m.f()",),
    ),
    "hot": (
        """\
def f(n):
    found = 0
    for i in range(n):
        if i == n - 1:
            found += 1
        if i < 0:
            found += 2
        if i % 2 or found > 5:
            found += 1
    return found
""",
        ("m.f(3000)",),
    ),
    "matches": (
        """\
def f(a):
    match a:
        case 1:
            return "one"
        case [x, *_] if x:
            return x
        case {"k": v}:
            a = v
        case str() | bytes():
            pass
        case _:
            return None
    return a

def last(a):
    match a:
        case 1:
            a = 2
        case 3:
            a = 4
""",
        ("m.f(1)", "m.f([2])", "m.f({'k': 1})", "m.f(2.5)", "m.last(1)", "m.last(5)"),
    ),
    "groups": (
        """\
def f(a):
    try:
        if a:
            raise ExceptionGroup("g", [ValueError(1), KeyError(2)])
    except* ValueError as group:
        if not group.exceptions:
            a = 1
    except* TypeError:
        a = 5
    except* KeyError:
        a = 4
    return a
""",
        ("m.f(0)", "m.f(1)"),
    ),
}
SINCE = {"matches": (3, 10), "groups": (3, 11)}
