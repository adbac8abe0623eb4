"""Runs one trial under watch and says everything that was seen."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from . import foreign, invoke, looking
from .describe import attributes, contents, describe
from .descriptors import allow_descriptors, refuse_open_descriptors
from .judging import Judge, Raised
from .module_source import Namespaces
from .operands import Pair, Watch
from .programs import ENTERED, failed_early, write_program
from .standins import Fixtures
from .state import ModuleState
from .target import EMPTY, Target
from .tracing import Feature, Tracer
from .value import Program, Trial
from .written import files_in

_CALL_SECONDS = 0.4


class Outcome(enum.Enum):
    """How a trial ended; only the first two are worth a test."""

    RETURNED = "returned"
    RAISED = "raised"
    NONSENSE = "nonsense"  # the arguments were of a wrong type, or could not be made
    HUNG = "hung"
    REFUSED = "refused"


class Seen(NamedTuple):
    """What one trial did."""

    trial: Trial
    program: Program
    outcome: Outcome
    features: frozenset[Feature] = frozenset()
    pairs: tuple[Pair, ...] = ()
    behaviour: str = ""
    raised: Raised | None = None
    error: BaseException | None = None
    gave_function: bool = False

    @property
    def worth_keeping(self) -> bool:
        return self.outcome in (Outcome.RETURNED, Outcome.RAISED)


class After(NamedTuple):
    """The objects of a run as they are after the call; what each described itself as before.

    ``copies`` holds the arguments that were dicts, as they were, and None for the others. ``files``
    are those that the call wrote, by their path in the directory of the case.
    """

    result: invoke.Result | None
    namespace: dict[str, object]
    arguments: list[object]
    before: list[str]
    copies: list[object]
    receiver_before: dict[str, str]
    output: str
    error: BaseException | None
    hung: bool = False
    arranged: bool = False
    files: Mapping[str, str] = MappingProxyType({})


class Runner:
    """Runs trials of one target."""

    def __init__(self, target: Target, scratch: str, state: ModuleState) -> None:
        self.target = target
        self.judge = Judge(target.source.root, typed=_is_typed(target))
        self.watch = Watch()
        self.state = state
        self.hung = 0
        self.seconds = _CALL_SECONDS
        self._namespaces = Namespaces()
        self._scratch = scratch
        self._tracer = Tracer(target.span)

    def program(self, trial: Trial) -> Program:
        """Return what is run for a trial."""
        return write_program(self.target, trial)

    def run(self, trial: Trial) -> Seen:
        """Run a trial and put module state back."""
        program = self.program(trial)
        refused = len(looking.refusals())
        self.watch.forget()
        after = self.after(program)
        self.state.restore()
        seen = Seen(
            trial,
            program,
            Outcome.RETURNED,
            frozenset(self._tracer.features),
            tuple(self.watch.pairs),
            error=after.error,
        )
        if len(looking.refusals()) > refused:
            return seen._replace(outcome=Outcome.REFUSED)
        judged = self._judged(seen, after)
        if judged.worth_keeping and not judged.features:  # a subclass has a method of its own
            return judged._replace(outcome=Outcome.NONSENSE)
        return judged

    def after(self, program: Program) -> After:
        """Run a program and return the objects that it leaves behind."""
        self.state.clear_caches()
        fixtures = Fixtures(self._scratch)
        bounded = foreign.Bounded(self.seconds)
        made = _Run(program, fixtures.folder if "tmp_path" in program.fixtures else "")
        self._tracer.features = set()
        refuse_open_descriptors()
        with fixtures.output, bounded:
            namespace = self._namespaces.fresh(program.imports)
            namespace.update(fixtures.named(program.fixtures))
            if program.call == ENTERED:
                with self._tracer:
                    made.arrange(namespace)
                    made.call()
            else:
                made.arrange(namespace)
                with self._tracer:
                    made.call()
        allow_descriptors()
        fixtures.patches.undo()
        if bounded.timed_out:
            self.hung += 1
        return made.after(bounded, fixtures.output.readouterr().out)

    def arranged(self, program: Program) -> dict[str, object]:
        """Return the namespace as it is just before the call; a part of it when that fails."""
        fixtures = Fixtures(self._scratch)
        namespace: dict[str, object] = {}
        with fixtures.output, foreign.Bounded(self.seconds):
            namespace = self._namespaces.fresh(program.imports)
            namespace.update(fixtures.named(program.fixtures))
            for line in program.arrange:
                foreign.execute(line, namespace)
        fixtures.patches.undo()
        self.state.restore()
        return namespace

    def _judged(self, seen: Seen, after: After) -> Seen:
        if after.hung:
            return seen._replace(outcome=Outcome.HUNG)
        if after.error is None:
            value = after.result.value if after.result else None
            return seen._replace(
                behaviour=_behaviour(after, seen.program),
                gave_function=self._tracer.is_inside(value),
            )
        seed = seen.trial.seed
        early = not after.arranged or failed_early(after.error, seen.program)
        raised = None if early else self.judge.verdict(after.error, seed=seed)
        if isinstance(after.error, OSError) and raised is not None and not raised.deliberate:
            # It depends on where the test is run, unless the place is the test's own.
            own = "tmp_path" in seen.program.fixtures
            raised = raised if own and isinstance(after.error, FileNotFoundError) else None
        if raised is None:
            return seen._replace(outcome=Outcome.NONSENSE)
        text = f"raised {raised.name}: {raised.message}"
        return seen._replace(outcome=Outcome.RAISED, raised=raised, behaviour=text)


def _is_typed(target: Target) -> bool:
    return all(each.hint is not EMPTY for each in target.parameters if each.required)


class _Run:
    """The steps of one run; what was reached is kept when a step raises."""

    def __init__(self, program: Program, folder: str) -> None:
        self._program = program
        self._folder = folder
        self._files: dict[str, str] = {}
        self._namespace: dict[str, object] = {}
        self._arguments: list[object] = []
        self._before: list[str] = []
        self._copies: list[object] = []
        self._receiver: dict[str, str] = {}
        self._callee: object = None
        self._arranged = False
        self._result: invoke.Result | None = None

    def arrange(self, namespace: dict[str, object]) -> None:
        self._namespace = namespace
        for line in self._program.arrange:
            foreign.execute(line, namespace)
        self._arguments = invoke.values_of(self._program.arguments, namespace)
        self._before = [_description(value) for value in self._arguments]
        self._copies = [dict(each) if type(each) is dict else None for each in self._arguments]
        if self._program.receiver is not None:
            self._receiver = members_described(namespace[self._program.receiver])
        self._files = files_in(self._folder) if self._folder else {}
        self._arranged = True

    def call(self) -> None:
        program = self._program
        self._callee = foreign.evaluate(program.call, self._namespace)
        self._result = invoke.call(
            self._callee, self._arguments, program.arguments, is_property=program.is_property
        )

    def after(self, bounded: foreign.Bounded, output: str) -> After:
        return After(
            self._result,
            self._namespace,
            self._arguments,
            self._before,
            self._copies,
            self._receiver,
            output,
            bounded.error,
            bounded.timed_out,
            self._arranged,
            self._written(),
        )

    def _written(self) -> dict[str, str]:
        """Return what is in the directory of the case and was not, or was not so, before."""
        if not (self._folder and self._arranged):
            return {}
        now = files_in(self._folder)
        return {name: text for name, text in now.items() if self._files.get(name) != text}


def members_described(value: object) -> dict[str, str]:
    """Describe what an object keeps, and its properties, name by name."""
    members = {**attributes(value), **contents(value)}
    return {str(name): describe(each) for name, each in members.items()}


def _description(value: object) -> str:
    return "" if type(value) in (int, float, str, bytes, bool, type(None)) else describe(value)


def changed_arguments(after: After) -> list[int]:
    """Return the places of the arguments that the call changed."""
    return [
        place
        for place, value in enumerate(after.arguments)
        if after.before[place] and describe(value) != after.before[place]
    ]


def _behaviour(after: After, program: Program) -> str:
    """Describe the result, and what became of the arguments, of the output, of the receiver."""
    kept = ["hung in describing"]
    with foreign.Bounded(0.3):
        value = after.result.value if after.result else None
        effects: list[object] = [
            (program.arguments[place].name, describe(after.arguments[place]))
            for place in changed_arguments(after)
        ]
        effects += [after.output[:500]] if after.output else []
        effects += [sorted(after.files.items())] if after.files else []
        if program.receiver is not None:
            now = members_described(after.namespace[program.receiver])
            effects += sorted(set(now.items()) - set(after.receiver_before.items()))
        kept.append(f"returned {describe(value)} | {effects}")
    return kept[-1]
