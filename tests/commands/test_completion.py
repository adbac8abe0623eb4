import shlex
import subprocess

import pytest

from sloptest_hook.cli import main
from sloptest_hook.commands.completion import SHELLS, commands_of
from sloptest_hook.commands.tree import parser


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["sta"], ["status"]),
        (["reset"], ["reset-state"]),
        (["hook", "--from"], ["--from-ref"]),
        (["hook", "--format", ""], ["text", "json", "github"]),
        (["init-config", "--format", "t"], ["testgen-yml"]),
        (["undo", "--fro"], []),
        (["hook", "sho"], []),
    ],
)
def test_bash_is_offered_what_fits(
    typed: list[str], offered: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = shlex.join(["sloptest", *typed])
    asked = f"COMP_WORDS=({words}); COMP_CWORD={len(typed)}; _sloptest; echo ${{COMPREPLY[@]}}"

    done = subprocess.run(
        ("bash", "--norc", "-c", f"{script('bash', capsys)}\n{asked}"),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr == ""
    assert done.stdout.split() == offered


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_and_flag_is_in_the_script(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = script(shell, capsys)

    for command in commands_of(parser()):
        assert command.name in text
        for word in command.words:
            long = [name for name in word.names if name.startswith("--")]
            assert all(name.removeprefix("--") in text for name in long)


def test_every_line_for_fish_is_one_command(capsys: pytest.CaptureFixture[str]) -> None:
    lines = script("fish", capsys).splitlines()[1:]

    assert all(shlex.split(line)[:3] == ["complete", "-c", "sloptest"] for line in lines)
