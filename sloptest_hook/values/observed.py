"""What the offline search saw of a symbol: cases, as source text.

A case is what will be printed *and* what was run: no step between the two can change its meaning.
"""

from enum import StrEnum

from sloptest_hook.values.records import dataclass


class Relation(StrEnum):
    """How an observed expression relates to its expected source."""

    EQUALS = "equals"  # assert <actual> == <expected>
    IS = "is"  # None, True, False, an enum member: assert <actual> is <expected>
    APPROX = "approx"  # assert <actual> == pytest.approx(<expected>)
    RAISES = "raises"  # with pytest.raises(<expected>, match=re.escape(<message>)): <actual>
    INSTANCE = "instance"  # assert isinstance(<actual>, <expected>); the weakest, never alone


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was true in every run: ``actual`` and ``expected`` are Python expressions.

    For RAISES ``expected`` is the exception type's name and ``message`` its text, None when the
    text was empty or not the same in every run.
    """

    actual: str
    relation: Relation
    expected: str
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of the call: the parameter's name, the value as source, how it is passed."""

    name: str
    source: str
    keyword: bool


@dataclass(frozen=True, slots=True)
class ObservedCase:
    """One call of the symbol and all that was seen to be true after it.

    ``arrange`` are whole statements that run before the call (``counter = Counter(3)``); every
    name in them is imported by ``imports`` or assigned before. ``call`` is the callee expression
    (``slugify``, ``counter.add``, ``Money.parse``); ``arguments`` complete it. ``is_property``
    means that the callee is read, not called; ``is_async`` that the call is awaited; ``drain`` that
    the result is an iterator wrapped in ``list(...)`` (async: an async comprehension collects it).
    ``result`` is the check on the value (its ``actual`` is ``result``) or RAISES; None when only
    ``after`` says something. ``after`` are checks on changed arguments, receiver, output.
    ``fixtures`` are pytest's (``tmp_path``, ``monkeypatch``, ``capsys``). ``lines`` and
    ``branches`` are what this case adds to the coverage of the symbol, absolute lines of the file.
    ``origin`` is where the arguments come from: doctest, call site, default, constant, name, type,
    or stray, of a type that a parameter is not said to have. ``unordered``: a set was in use, whose
    order may show in the checks.
    """

    call: str
    arguments: tuple[Argument, ...]
    result: Check | None
    after: tuple[Check, ...] = ()
    arrange: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    fixtures: tuple[str, ...] = ()
    is_property: bool = False
    is_async: bool = False
    drain: bool = False
    lines: tuple[int, ...] = ()
    branches: tuple[tuple[int, int], ...] = ()
    origin: str = "type"
    unordered: bool = False

    @property
    def expression(self) -> str:
        """Return the whole call, or the property that is read."""
        if self.is_property:
            return self.call
        given = (f"{a.name}={a.source}" if a.keyword else a.source for a in self.arguments)
        return f"{self.call}({', '.join(given)})"


@dataclass(frozen=True, slots=True)
class Observations:
    """All that the search kept for one symbol; no cases means that ``notes`` say why.

    ``untestable``: every call wanted the network, a process or a file that is not the test's own.
    ``refused``: nothing was run at all, there being too little confinement.
    """

    qualname: str
    cases: tuple[ObservedCase, ...] = ()
    notes: tuple[str, ...] = ()
    out_of_time: bool = False
    untestable: bool = False
    refused: bool = False


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What the offline search is asked about one symbol.

    ``module`` and ``path`` say what to import, ``wanted_lines`` and ``wanted_branches`` what no
    test covers yet, ``seeds`` are calls found in call sites and doctests: whole call expressions
    with the statements they need before them.
    """

    qualname: str
    module: str
    path: str
    wanted_lines: tuple[int, ...] = ()
    wanted_branches: tuple[tuple[int, int], ...] = ()
    seeds: tuple["SeedCall", ...] = ()
    seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class SeedCall:
    """A call of the symbol as somebody wrote it: ``arrange`` statements, then the call itself."""

    arrange: tuple[str, ...]
    imports: tuple[str, ...]
    call: str
    origin: str
