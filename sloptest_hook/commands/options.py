"""What every command reads from the command line about its output."""

import argparse
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """How much is said, and in which form."""

    verbose: bool
    quiet: bool
    json: bool


def output_options(args: argparse.Namespace) -> OutputOptions:
    """Return the flags that all commands share."""
    return OutputOptions(bool(args.verbose), bool(args.quiet), bool(args.json))
