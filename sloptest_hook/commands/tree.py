"""The words of every command and what each comes to; its imports are paid by it alone."""

import argparse
from collections.abc import Callable

from sloptest_hook import __version__
from sloptest_hook.commands.adder import Adder
from sloptest_hook.commands.arguments import ArgumentParser
from sloptest_hook.commands.options import OutputOptions
from sloptest_hook.commands.tree_analyze import add_analyze
from sloptest_hook.commands.tree_coverage import add_coverage
from sloptest_hook.commands.tree_flags import add_run_flags, run_flags
from sloptest_hook.commands.tree_state import (
    add_debug_state,
    add_init_config,
    add_reset_state,
    add_show,
    add_status,
    add_sync_state,
)
from sloptest_hook.errors import ExitCode, UsageError


def parser() -> ArgumentParser:
    """Return the parser; what it parses has ``run``, an ``adder.Run``."""
    whole = ArgumentParser(
        prog="sloptest",
        description="Writes the missing pytest tests for what you are about to commit.",
        epilog="In a repository: sloptest install, then commit as usual.",
    )
    whole.add_argument("--version", action="version", version=f"sloptest-hook {__version__}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, add in _COMMANDS.items():
        add(Adder(commands, name))
    return whole


def _add_hook(adder: Adder) -> None:
    made = adder.parser(
        _hook,
        says="what git and pre-commit call: tests for the staged diff",
        more="Writes, proves and stages tests for the staged functions that none covers. "
        "FILES outside the staged diff are backfilled.",
        example="git add shop/cart.py && sloptest hook -v",
    )
    made.add_argument("files", nargs="*", metavar="FILES", help="as pre-commit passes them")
    _add_dry_run(made)
    made.add_argument("--from-ref", metavar="A", help="look at commits that exist, since A")
    made.add_argument("--to-ref", metavar="B", help="until B (HEAD); nothing is written then")
    made.add_argument(
        "--format",
        choices=("text", "json", "github"),
        default="text",
        help="github: an annotation for each function that needs somebody",
    )
    add_run_flags(made)


def _hook(args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import hook
    from sloptest_hook.values.outcome import Mode

    if args.to_ref and not args.from_ref:
        raise UsageError("--to-ref says where a range ends; say --from-ref too, where it begins")
    asked = hook.HookOptions(
        args.files,
        Mode.DRY_RUN if args.dry_run else Mode.HOOK,
        (args.from_ref, args.to_ref or "HEAD") if args.from_ref else None,
        run_flags(args),
        afresh=bool(args.force),
    )
    return hook.run(asked, output)


def _add_generate(adder: Adder) -> None:
    made = adder.parser(
        _generate,
        says="the same by hand, for the working tree",
        more="Writes and proves tests for the functions of the working tree that are new or "
        "changed and that none covers; for all functions of PATHS where some are named. Nothing is "
        "staged unless asked for.",
        example="sloptest generate shop/cart.py",
    )
    made.add_argument("paths", nargs="*", metavar="PATHS", help="files and directories")
    made.add_argument("--stage", action="store_true", help="put the tests into the index too")
    made.add_argument(
        "--show-prompt", action="store_true", help="print what would be sent, and send nothing"
    )
    _add_dry_run(made)
    add_run_flags(made)
    _add_text(made, "--engine", "NAME", "offline, anthropic, openai, azure, bedrock")
    _add_text(made, "--model", "NAME", "any model of the provider")
    _add_text(made, "--endpoint", "URL", "where the provider answers")
    _add_text(made, "--api-key", "KEY", "better: the provider's own variable")
    _add_text(made, "--deployment", "NAME", "of Azure OpenAI")
    _add_text(made, "--bedrock-role-arn", "ARN", "a role to act in")
    _add_text(made, "--bedrock-inference-profile", "ID", "its name or its ARN")
    _add_text(made, "--bedrock-region", "NAME", "such as eu-west-1")


def _generate(args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import generate
    from sloptest_hook.generation.providers.access import AccessFlags

    asked = generate.GenerateOptions(
        tuple(args.paths),
        stage=bool(args.stage),
        dry_run=bool(args.dry_run),
        show_prompt=bool(args.show_prompt),
        engine=args.engine,
        model=args.model,
        flags=AccessFlags(
            endpoint=args.endpoint,
            api_key=args.api_key,
            deployment=args.deployment,
            bedrock_role_arn=args.bedrock_role_arn,
            bedrock_inference_profile=args.bedrock_inference_profile,
            bedrock_region=args.bedrock_region,
        ),
        settings=run_flags(args),
        force=bool(args.force),
    )
    return generate.run(asked, output)


def _add_env(adder: Adder) -> None:
    made = adder.parser(
        _env,
        says="the project interpreter and how it was found, versions, confinement",
        example="sloptest env --json",
    )
    made.add_argument(
        "--config", action="store_true", help="every setting in force, and where it came from"
    )
    made.add_argument("--rules", action="store_true", help="what test code is refused for")
    add_run_flags(made)


def _env(args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import env

    if args.config:
        return env.run_config(output, run_flags(args))
    return env.run_rules(output) if args.rules else env.run(output)


def _add_cost(adder: Adder) -> None:
    adder.parser(
        _cost,
        says="tokens and dollars by day, provider and model; the limits in force",
        example="sloptest cost --json",
    )


def _cost(_args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import cost

    return cost.run(output)


def _add_demo(adder: Adder) -> None:
    made = adder.parser(
        _demo,
        says="commit into a throwaway repository with the hook on, and show what happened",
        example="sloptest demo --keep",
    )
    made.add_argument("--keep", action="store_true", help="leave the repository and name its place")


def _demo(args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import demo

    return demo.run(output, keep=bool(args.keep))


def _add_install(adder: Adder) -> None:
    adder.parser(
        _install,
        says="a plain git hook, for those without pre-commit",
        example="cd my-project && sloptest install",
    )


def _install(_args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import install

    return install.run(output)


def _add_uninstall(adder: Adder) -> None:
    adder.parser(_uninstall, says="take the plain git hook out again", example="sloptest uninstall")


def _uninstall(_args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import install

    return install.run_uninstall(output)


def _add_undo(adder: Adder) -> None:
    adder.parser(
        _undo,
        says="take the last run's tests out again, where nobody has edited them since",
        more="Takes the tests of the last run out of index and working tree if they are "
        "still byte for byte what was written, and says which are not. A commit that holds them "
        "stays as it is: commit or amend to take them out of it.",
        example="sloptest undo && git commit --amend --no-edit --no-verify",
    )


def _undo(_args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import undo

    return undo.run(output)


def _add_trust(adder: Adder) -> None:
    made = adder.parser(
        _trust,
        says="approve, once in this clone, what its configuration may run and where it may send",
        more="A repository's files may not choose an interpreter outside of the project's "
        "own environments, variables for its processes, or an endpoint that is not the provider's "
        "own, before you have approved that very value in this clone. Shows what needs it, and "
        "asks. What your environment or flags say needs no approval.",
        example="sloptest trust",
    )
    made.add_argument("--yes", action="store_true", help="approve all of it without being asked")
    made.add_argument("--revoke", action="store_true", help="take every approval back")


def _trust(args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import trust

    asked = trust.TrustOptions(yes=bool(args.yes), revoke=bool(args.revoke))
    return trust.run(asked, output)


def _add_completion(adder: Adder) -> None:
    made = adder.parser(
        _completion,
        says="a script that completes commands and flags, for your shell",
        example='eval "$(sloptest completion bash)"',
    )
    made.add_argument("shell", choices=("bash", "zsh", "fish"))


def _completion(args: argparse.Namespace, output: OutputOptions) -> ExitCode:
    from sloptest_hook.commands import completion

    return completion.run(args.shell, parser(), output)


def _add_text(made: argparse.ArgumentParser, name: str, kind: str, says: str) -> None:
    """Add a flag that is an empty text where it is not given."""
    made.add_argument(name, default="", metavar=kind, help=says)


def _add_dry_run(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--dry-run",
        "--merge-dry-run",
        dest="dry_run",
        action="store_true",
        help="print a patch of what would be written, and change nothing",
    )


_COMMANDS: dict[str, Callable[[Adder], None]] = {
    "hook": _add_hook,
    "generate": _add_generate,
    "coverage": add_coverage,
    "analyze": add_analyze,
    "env": _add_env,
    "cost": _add_cost,
    "trust": _add_trust,
    "install": _add_install,
    "uninstall": _add_uninstall,
    "init-config": add_init_config,
    "status": add_status,
    "show": add_show,
    "undo": _add_undo,
    "debug-state": add_debug_state,
    "sync-state": add_sync_state,
    "reset-state": add_reset_state,
    "demo": _add_demo,
    "completion": _add_completion,
}
