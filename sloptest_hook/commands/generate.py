"""Edge: ``sloptest generate``, the hook's work by hand, by an engine that may be named here."""

import os
from collections.abc import Sequence
from pathlib import Path

from sloptest_hook.commands import hook
from sloptest_hook.commands.by_hand import ByHand
from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.printing import warn
from sloptest_hook.commands.trusting import CloneWarrant
from sloptest_hook.config.files import load_settings
from sloptest_hook.errors import ExitCode
from sloptest_hook.generation.providers.access import (
    Access,
    AccessFlags,
    NoAccess,
    access_of,
    engine_of,
)
from sloptest_hook.git.repository import StagedRepository
from sloptest_hook.values.outcome import Mode
from sloptest_hook.values.records import dataclass, replace
from sloptest_hook.values.settings import EngineName, Fallback, Settings


@dataclass(frozen=True, slots=True)
class GenerateOptions:
    """What was typed; an empty text is a flag that was not."""

    paths: Sequence[str] = ()
    engine: str = ""
    model: str = ""
    stage: bool = False
    dry_run: bool = False
    show_prompt: bool = False
    flags: AccessFlags = AccessFlags()


def run(asked: GenerateOptions, output: OutputOptions) -> ExitCode:
    """Write tests for the staged functions, or those of PATHS, and stage them where asked to.

    The first line says what will leave the machine and to where. With ``show_prompt`` nothing
    does, and nothing is written.
    """
    repo = StagedRepository.open(Path.cwd())
    settings = _settings(load_settings(repo.top, os.environ, CloneWarrant(repo)).settings, asked)
    access = access_of(settings.engine, settings.llm, os.environ, asked.flags)
    warn(_what_leaves(settings, access, asked))
    by_hand = ByHand(settings, asked.flags, show_prompt=asked.show_prompt)
    dry = asked.dry_run or asked.show_prompt
    return hook.run(asked.paths, output, Mode.DRY_RUN if dry else Mode.HOOK, by_hand)


def _settings(settings: Settings, asked: GenerateOptions) -> Settings:
    """Return the settings that flags make of those in force.

    An engine of the configuration stays; the older variables name one where it names none.
    """
    found = settings.engine
    if found is EngineName.OFFLINE:
        found = engine_of(asked.flags, os.environ) or found
    engine = EngineName(asked.engine) if asked.engine else found
    if asked.show_prompt and engine is EngineName.OFFLINE:
        engine = EngineName.ANTHROPIC  # whose prompt is that of all others
    llm = replace(settings.llm, model=asked.model or settings.llm.model)
    if asked.show_prompt:  # what stands in for a reply would be shown to nobody
        llm = replace(llm, fallback=Fallback.NONE)
    return replace(settings, engine=engine, llm=llm, stage=asked.stage)


def _what_leaves(settings: Settings, access: Access | NoAccess, asked: GenerateOptions) -> str:
    if asked.show_prompt:
        return "nothing leaves this machine: prompts are shown, and not sent"
    if isinstance(access, NoAccess):
        offline = settings.engine is EngineName.OFFLINE
        reason = "engine = 'offline'" if offline else access.reason
        return f"nothing leaves this machine: {reason}"
    return (
        "source of functions that no test covers, and what is around them, is sent to "
        f"{access.engine} at {access.place} (model {access.model}); secrets are taken out first"
    )
