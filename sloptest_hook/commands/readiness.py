"""Edge: whether each provider could be asked: its package, its key, its place; asks nobody."""

import importlib.util
from collections.abc import Iterator, Mapping

from sloptest_hook.generation.providers.access import Access, NoAccess, access_of
from sloptest_hook.generation.providers.table import PACKAGES
from sloptest_hook.values.settings import EngineName, LlmSettings, Settings


def readiness(settings: Settings, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield a line for each provider, the one in force with its place and model; no secret."""
    for engine in PACKAGES:
        is_chosen = engine is settings.engine
        # Model and address of the settings are those of the engine that they name.
        llm = settings.llm if is_chosen else LlmSettings()
        found = access_of(engine, llm, environ)
        parts = [_package(engine), _key(found)]
        if is_chosen:
            parts.insert(0, "in force")
        if is_chosen and isinstance(found, Access):
            parts.append(f"{found.place}, model {found.model}")
        yield f"provider {engine}", "; ".join(parts)


def _package(engine: EngineName) -> str:
    missing = [name for name in PACKAGES[engine] if not _is_installed(name)]
    return f"install sloptest-hook[{engine}]" if missing else "package installed"


def _is_installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package.replace("-", ".")) is not None
    except ModuleNotFoundError:  # what is above it
        return False


def _key(found: Access | NoAccess) -> str:
    if isinstance(found, NoAccess):
        return found.reason
    return "a key is set" if found.key else "credentials are found by its own package"
