"""Edge: the arguments of ``sloptest generate``."""

import argparse

from sloptest_hook.commands.arguments import ArgumentParser
from sloptest_hook.commands.generate import GenerateOptions
from sloptest_hook.generation.providers.access import AccessFlags
from sloptest_hook.values.settings import EngineName


def add_generate(
    commands: "argparse._SubParsersAction[ArgumentParser]",
) -> argparse.ArgumentParser:
    """Add the command and return its parser."""
    parser = commands.add_parser(
        "generate",
        help="the hook's work by hand, by any engine; nothing is staged unless --stage",
        description="Writes tests for the staged functions that none covers, or for those of "
        "PATHS, as they are in the index. Says first what will leave this machine and to where.",
        epilog="Example: sloptest generate --show-prompt shop/cart.py",
    )
    parser.add_argument("paths", nargs="*", metavar="PATHS", help="files or directories")
    parser.add_argument(
        "--show-prompt", action="store_true", help="print what would be sent, and send nothing"
    )
    parser.add_argument("--stage", action="store_true", help="stage what was written")
    parser.add_argument("--dry-run", action="store_true", help="print a patch, and change nothing")
    parser.add_argument("--engine", choices=[each.value for each in EngineName])
    parser.add_argument("--model", metavar="NAME", help="any model of the provider")
    parser.add_argument("--endpoint", metavar="URL", help="where the provider answers")
    parser.add_argument("--api-key", metavar="KEY", help="better: the provider's own variable")
    parser.add_argument("--deployment", metavar="NAME", help="of Azure OpenAI")
    parser.add_argument("--bedrock-role-arn", metavar="ARN", help="a role to act in")
    parser.add_argument("--bedrock-inference-profile", metavar="ID", help="of Bedrock, or its ARN")
    parser.add_argument("--bedrock-region", metavar="NAME", help="such as eu-west-1")
    return parser


def generate_options(args: argparse.Namespace) -> GenerateOptions:
    """Return what was typed."""
    return GenerateOptions(
        tuple(args.paths),
        engine=args.engine or "",
        model=args.model or "",
        stage=bool(args.stage),
        dry_run=bool(args.dry_run),
        show_prompt=bool(args.show_prompt),
        flags=AccessFlags(
            endpoint=args.endpoint or "",
            api_key=args.api_key or "",
            deployment=args.deployment or "",
            bedrock_role_arn=args.bedrock_role_arn or "",
            bedrock_inference_profile=args.bedrock_inference_profile or "",
            bedrock_region=args.bedrock_region or "",
        ),
    )
