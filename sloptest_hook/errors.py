"""Everything this tool raises on purpose, and the exit codes it promises.

* SloptestError          the message is for the user, no traceback is shown
  * UsageError           the command line asks for something that does not exist
  * ConfigError          a setting is missing, unknown or of the wrong kind
  * GitError             git said no, or there is no repository
  * InterpreterError     the project's interpreter is missing or cannot be used
  * RunnerError          pytest could not be started in the project's interpreter
  * StagingError         a test could not be written or staged; everything was put back
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell, git and pre-commit see."""

    OK = 0
    BLOCKED = 1
    USAGE = 2
    BUG = 3
    INTERRUPTED = 130


class SloptestError(Exception):
    """A problem the user can act on: what was wrong, the value that was wrong, what to do."""


class UsageError(SloptestError):
    """The command line asks for something that does not exist."""


class ConfigError(SloptestError):
    """A setting is missing, unknown or of the wrong kind."""


class GitError(SloptestError):
    """git refused, or is not there, or there is no repository."""


class InterpreterError(SloptestError):
    """The project's interpreter is missing or cannot be used."""


class RunnerError(SloptestError):
    """pytest could not be started in the project's interpreter."""


class StagingError(SloptestError):
    """A test could not be written or staged; whatever was written has been taken back."""
