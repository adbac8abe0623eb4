"""Edge: an argument parser that quotes what was typed without letting it command the terminal.

Hook runners pass file names as arguments, and a file may be called anything.
"""

import argparse
from typing import NoReturn

from sloptest_hook.report.visible import visible


class ArgumentParser(argparse.ArgumentParser):
    """The standard parser; the parsers of commands are made by it, of the same class."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2 and what was wrong."""
        super().error(visible(message))
