"""The keys of the configuration: tables of keys and values in, Settings out."""

from collections.abc import Callable, Iterable, Mapping

from sloptest_hook.config import readers
from sloptest_hook.errors import ConfigError
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.settings import (
    Effort,
    EngineName,
    Fallback,
    Formatter,
    MergeStrategy,
    OnSecret,
    Policy,
    RunnerMode,
    SandboxLevel,
    Settings,
    Thinking,
)

ENVIRONMENT_PREFIX = "SLOPTEST_"


@dataclass(frozen=True, slots=True)
class Key:
    """One key: the field of Settings that keeps it, and how its value is read.

    A key without a field is not built yet: it accepts ``only`` what is the case anyway. What
    is ``in_files`` no environment variable sets.
    """

    field: str
    reader: readers.Reader
    only: tuple[object, ...] = ()
    advice: str = "remove it"
    in_files: tuple[object, ...] = ()


KEYS: Mapping[str, Key] = {
    "policy": Key("policy", readers.one_of(Policy)),
    "on-error": Key("on_error", readers.one_of(Policy)),
    "on-suspected-bug": Key("on_suspected_bug", readers.one_of(Policy)),
    "stage": Key("stage", readers.boolean),
    "review": Key("review", readers.boolean),
    "engine": Key("engine", readers.one_of(EngineName)),
    "time-budget": Key("time_budget", readers.seconds),
    "minimum-coverage": Key("minimum_coverage", readers.percent),
    "tests-dir": Key("tests_dir", readers.inner_directory),
    "include": Key("include", readers.texts),
    "exclude": Key("exclude", readers.texts),
    "python": Key("python", readers.text),
    "waive": Key("waive", readers.waivers),
    "merge.strategy": Key("merge.strategy", readers.one_of(MergeStrategy)),
    "merge.formatter": Key("merge.formatter", readers.one_of(Formatter)),
    "coverage.pytest-args": Key("runner.pytest_args", readers.texts),
    "coverage.env": Key("runner.env", readers.variables),
    "coverage.append-pythonpath": Key("runner.append_pythonpath", readers.directories),
    "coverage.cwd": Key("", readers.text, only=(".",), advice="use '.', the repository"),
    "coverage.runner-mode": Key("runner.mode", readers.one_of(RunnerMode)),
    "coverage.pytest-path": Key("runner.pytest_path", readers.text),
    "refine.enable": Key("refine.enable", readers.boolean),
    "refine.attempts": Key("refine.attempts", readers.count),
    # Who can set a variable could else take the sandbox away from every repository.
    "sandbox.level": Key(
        "sandbox.level", readers.one_of(SandboxLevel), in_files=(SandboxLevel.OFF,)
    ),
    "sandbox.allow-subprocess": Key("sandbox.allow_subprocess", readers.boolean, in_files=(True,)),
    "llm.model": Key("llm.model", readers.text),
    "llm.base-url": Key("llm.base_url", readers.endpoint),
    "llm.api-version": Key("llm.api_version", readers.text),
    "llm.effort": Key("llm.effort", readers.one_of(Effort)),
    "llm.thinking": Key("llm.thinking", readers.one_of(Thinking)),
    "llm.max-concurrency": Key("llm.max_concurrency", readers.count),
    "llm.batch-size": Key("llm.batch_size", readers.count),
    "llm.max-cost-usd": Key("llm.max_cost_usd", readers.dollars),
    "llm.max-cost-usd-per-day": Key("llm.max_cost_usd_per_day", readers.dollars),
    "llm.fallback": Key("llm.fallback", readers.one_of(Fallback)),
    "llm.on-secret": Key("llm.on_secret", readers.one_of(OnSecret)),
    "llm.only-for-hard": Key("llm.only_for_hard", readers.boolean),
    "llm.price": Key("llm.price", readers.price),
    "llm.streaming": Key("llm.streaming", readers.boolean),
}
SECTIONS = tuple(dict.fromkeys(name.partition(".")[0] for name in KEYS if "." in name))
_TOP = (*(name for name in KEYS if "." not in name), *SECTIONS)


def with_table(settings: Settings, table: Mapping[str, object], origin: str) -> Settings:
    """Return the settings changed by a table of keys; ``origin`` names it in messages.

    Raises ConfigError for an unknown key, a value of the wrong kind, or one that this version
    cannot honour: nothing is accepted in silence.
    """
    for name, value in table.items():
        if name not in SECTIONS:
            settings = with_value(settings, name, value, f"{origin}: {name}")
        elif isinstance(value, Mapping):
            for inner, each in value.items():
                at = f"{origin}: {name}.{inner}"
                settings = with_value(settings, f"{name}.{inner}", each, at)
        else:
            raise ConfigError(f"{origin}: {name} = {readers.found(value)}; wanted a table of keys")
    return settings


def with_value(settings: Settings, name: str, value: object, at: str) -> Settings:
    """Return the settings with one key set; ``at`` is what a message calls it.

    ``name`` is the key, after a dot if it is in a section: ``merge.strategy``.
    """
    key = KEYS.get(name)
    if key is None:
        section = str(name).rpartition(".")[0]
        valid = [each for each in KEYS if each.startswith(f"{section}.")] if section else _TOP
        raise ConfigError(f"{at} is not a key{suggestion(name, valid)}")
    read = _read(key, value, at)
    return replaced(settings, key.field, read) if key.field else settings


def with_environment(
    settings: Settings, environment: Mapping[str, str]
) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings changed by ``SLOPTEST_<KEY>``, and a note on each variable unknown.

    ``SLOPTEST_TIME_BUDGET`` is ``time-budget``, ``SLOPTEST_MERGE_STRATEGY`` is ``strategy`` of
    ``[tool.sloptest.merge]``. An empty variable counts as not set. An unknown one is no error: it
    may belong to a wrapper of somebody's own.
    """
    names = sorted(each for each in environment if each.startswith(ENVIRONMENT_PREFIX))
    variables = {variable_of(name): name for name in KEYS} if names else {}
    notes = []
    for variable in names:
        text = environment[variable]
        name = variables.get(variable)
        if name is None:
            notes.append(f"{variable} is not a setting{suggestion(variable, variables)}")
        elif text.strip():
            value = readers.typed(text, KEYS[name].reader)
            if value in KEYS[name].in_files:
                raise ConfigError(
                    f"environment: {variable} = {text!r}; only the repository's configuration may "
                    f"say that, as {name} in [tool.sloptest]"
                )
            settings = with_value(settings, name, value, f"environment: {variable}")
    return settings, tuple(notes)


def suggestion(name: object, valid: Iterable[str]) -> str:
    """Return ``; did you mean 'policy'?``, or nothing when no valid name is near."""
    import difflib  # 3 ms, on the way to a message

    wanted = str(name) if str(name).isupper() else str(name).replace("_", "-").lower()
    close = difflib.get_close_matches(wanted, list(valid), 1, cutoff=0.7)
    return f"; did you mean '{close[0]}'?" if close else ""


def _read(key: Key, value: object, at: str) -> object:
    try:
        read = key.reader(value)
    except readers.WrongValue as error:
        raise ConfigError(f"{at} = {readers.found(value)}; wanted {error}") from None
    if not key.field and read not in key.only:
        said = f"{at} = {readers.shown(value)}"
        raise ConfigError(f"{said} is not available in this version; {key.advice}")
    return read


def replaced(settings: Settings, field: str, value: object) -> Settings:
    """Return the settings with another value in a field, after a dot if it is in a section."""
    change: Callable[..., Settings] = replace
    section, _, name = field.rpartition(".")
    if not section:
        return change(settings, **{name: value})
    changed = replace(getattr(settings, section), **{name: value})
    return change(settings, **{section: changed})


def variable_of(name: str) -> str:
    """Return the environment variable that sets a key."""
    return ENVIRONMENT_PREFIX + name.upper().replace("-", "_").replace(".", "_")
