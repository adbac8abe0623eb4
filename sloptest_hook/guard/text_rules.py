"""Rules on the text itself: what is read must be what is run."""

from collections.abc import Iterator

from sloptest_hook.guard.verdicts import Rule, Verdict, Violation
from sloptest_hook.values.plain_text import flaws

_MANY = ("1," * 400 + "\n") * 60
_GOOD = "from shop import total\n\n\ndef test_total():\n    assert total([1]) == 1\n"


def _rule(rule_id: str, says: str, refused: str, accepted: str = _GOOD) -> Rule:
    return Rule(rule_id, Verdict.DENY, says, refused, accepted)


_LONG = f'{_GOOD}    assert total([2]) == "{{}}"\n'
_BY_KIND = {
    "surrogate": _rule(
        "text-surrogate", "holds half a character, which is no UTF-8", f"{_GOOD}# \ud800\n"
    ),
    "size": _rule("text-size", "is larger than any test", _GOOD + "# long\n" * 10_000),
    "lines": _rule("text-lines", "has more lines than any test", _GOOD + "\n" * 1_500),
    "columns": _rule(
        "text-columns",
        "has a line so long that its end is out of sight",
        f"{_GOOD}x = 1{' ' * 1_000}; y = 2\n",
        f"{_GOOD}x = 1{' ' * 100}\n",
    ),
    "control": _rule(
        "text-control",
        "holds a control character; write it as an escape",
        _LONG.format("\x1b"),
        _LONG.format("\\x1b"),
    ),
    "bare-cr": _rule(
        "text-bare-cr",
        "holds a carriage return alone, which hides a line",
        f"{_GOOD}# fine\rimport os\n",
        _GOOD.replace("\n", "\r\n"),
    ),
    "invisible": _rule(
        "text-invisible",
        "holds an invisible or direction-changing character; write it as an escape",
        _LONG.format("\u202e"),
        _LONG.format("\\u202e"),
    ),
    "cookie": _rule(
        "text-encoding",
        "names an encoding other than UTF-8",
        f"# -*- coding: utf-7 -*-\n{_GOOD}",
        f"# -*- coding: utf-8 -*-\n{_GOOD}",
    ),
}
IDENTIFIER = _rule(
    "text-identifier",
    "has a name with letters other than ASCII",
    "def test_total():\n    \uff45val('1')\n",
    f"{_GOOD}    assert total(['\uff45val']) != 'eval'\n",
)
SYNTAX = _rule("syntax", "does not parse", "def test_total(:\n    pass\n")
NODES = _rule("too-large", "is larger than any test", f"x = [\n{_MANY}]\n", "x = [1, 2]\n")
DEPTH = _rule("too-deep", "is nested too deeply", f"x = {'-' * 100}1\n", f"x = {'-' * 9}1\n")
RULES = (*_BY_KIND.values(), IDENTIFIER, SYNTAX, NODES, DEPTH)


def text_violations(source: str) -> Iterator[Violation]:
    """Yield what the text holds; with a violation of these it should not be parsed."""
    for flaw in flaws(source):
        yield _BY_KIND[flaw.kind].at(flaw.line, flaw.shown)


def identifier_violations(source: str) -> Iterator[Violation]:
    """Yield the names that Python reads as other letters than are written; ``source`` parses.

    The tree has them folded already (full-width ``eval`` is ``eval``): the tokens have not.
    """
    if source.isascii():
        return
    import io
    import tokenize  # 5 ms

    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and not token.string.isascii():
            yield IDENTIFIER.at(token.start[0], ascii(token.string))
