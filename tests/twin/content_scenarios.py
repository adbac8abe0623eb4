"""Line ends, filters and encodings of the test file: its bytes on disk and in the index."""

from collections.abc import Callable

from tests.twin.acts import arranged, prints, stage_a_function, stage_a_module
from tests.twin.scenario import Scenario, Tests, committed
from tests.twin.world import Runner, World

PLAIN: tuple[Runner, ...] = ("plain",)
# Writes every file anew, as a checkout with the settings of now would.
_CHECK_OUT = "git rm -rq --cached .; git reset -q --hard"
_CRLF_ON_DISK = "! grep -qv $(printf '\\r')$ tests/test_cart.py"
_CRLF_STAGED = "! git cat-file blob :tests/test_cart.py | grep -qv $(printf '\\r')$"
_TESTS = """\
from shop.cart import total


def test_total_adds_the_prices():
    assert total([1, 2]) == 3
"""


def _test_file(content: bytes) -> Callable[[World], None]:
    def arrange(world: World) -> None:
        world.commit({"tests/test_cart.py": content})

    return arrange


LINE_ENDS = (
    Scenario(
        "autocrlf",
        committed(),
        arranged("git config core.autocrlf true", _CHECK_OUT, stage_a_function),
        check=prints(_CRLF_ON_DISK, ""),
    ),
    Scenario(
        "autocrlf, a new test file",
        committed(),
        arranged("git config core.autocrlf true", _CHECK_OUT, stage_a_module),
    ),
    Scenario(
        "autocrlf since the checkout",
        committed(),
        arranged("git config core.autocrlf true", stage_a_function),
        runners=PLAIN,
    ),
    Scenario(
        "autocrlf=input, CRLF on disk alone",
        committed(),
        arranged(
            "git config core.autocrlf input; sed -i 's/$/\\r/' tests/test_cart.py; git add .",
            stage_a_function,
        ),
        runners=PLAIN,
    ),
    Scenario(
        "eol=crlf in the attributes",
        committed(),
        arranged(
            "echo '*.py text eol=crlf' > .gitattributes; git add .; save",
            _CHECK_OUT,
            stage_a_function,
        ),
        check=prints(_CRLF_ON_DISK, ""),
    ),
    Scenario(
        "eol=crlf in the attributes of this clone, a new test file",
        committed(),
        arranged("echo '*.py text eol=crlf' > .git/info/attributes", _CHECK_OUT, stage_a_module),
        runners=PLAIN,
    ),
    Scenario(
        "CRLF in the commit",
        committed(),
        arranged(_test_file(_TESTS.replace("\n", "\r\n").encode()), stage_a_function),
        check=prints(_CRLF_STAGED, ""),
    ),
    Scenario(
        "CRLF in the commit, and text=auto since",
        committed(),
        arranged(
            _test_file(_TESTS.replace("\n", "\r\n").encode()),
            "echo '* text=auto' > .gitattributes; git add .gitattributes; save",
            stage_a_function,
        ),
        runners=PLAIN,
    ),
    Scenario(
        "line ends of both kinds",
        committed(),
        arranged(_test_file(_TESTS.replace("\n\n\n", "\r\n\n\r\n").encode()), stage_a_function),
    ),
    Scenario(
        "safecrlf and autocrlf=input",
        committed(),
        arranged("git config core.autocrlf input; git config core.safecrlf true", stage_a_function),
        runners=PLAIN,
    ),
    Scenario(
        "safecrlf and eol=crlf, a new test file",
        committed(),
        arranged(
            "echo '*.py text eol=crlf' > .gitattributes; git add .; save",
            _CHECK_OUT,
            stage_a_module,
            "git config core.safecrlf true",
        ),
        runners=PLAIN,
    ),
)

_LOCAL = """
git config filter.local.clean "sed '1{/^# local$/d}'"
git config filter.local.smudge "sed '1i # local'"
echo 'tests/*.py filter=local' > .gitattributes; git add .gitattributes; save
"""

FILTERS = (
    Scenario(
        "a filter changes the file on disk",
        committed(),
        arranged(_LOCAL, _CHECK_OUT, stage_a_function),
        check=prints("head -n1 tests/test_cart.py", "# local"),
        is_quick_share=True,
    ),
    Scenario(
        "a filter changes a new test file on disk",
        committed(),
        arranged(_LOCAL, _CHECK_OUT, stage_a_module),
        check=prints("head -n1 tests/test_bill.py", "# local"),
    ),
    Scenario(
        "a filter changes a test file with unstaged edits",
        committed(),
        arranged(_LOCAL, _CHECK_OUT, "echo '# mine' >> tests/test_cart.py", stage_a_function),
        says="tests/test_cart_generated.py",
    ),
    Scenario(
        "a filter fails",
        committed(),
        arranged(
            "git config filter.bad.clean false; git config filter.bad.required true",
            "echo 'tests/test_bill*.py filter=bad' > .gitattributes; git add .; save",
            stage_a_module,
        ),
        Tests.NONE,
        runners=PLAIN,
        says="no tests were staged",
    ),
    Scenario(
        "a filter that need not work fails",
        committed(),
        arranged(
            "git config filter.bad.clean false",
            "echo 'tests/test_bill.py filter=bad' > .gitattributes; git add .; save",
            stage_a_module,
        ),
        runners=PLAIN,
    ),
    Scenario(
        "a filter does not give back what it took",
        committed(),
        arranged(
            "git config filter.odd.clean 'date +%s%N; cat'",
            "echo 'tests/test_bill*.py filter=odd' > .gitattributes; git add .; save",
            stage_a_module,
        ),
        Tests.NONE,
        runners=PLAIN,
        says="comes back changed from git's filters",
    ),
    Scenario(
        "ident expands in the test file",
        committed(),
        arranged(
            "sed -i '1i # $Id$' tests/test_cart.py; echo '*.py ident' > .gitattributes; git add .",
            "save",
            _CHECK_OUT,
            stage_a_function,
        ),
        runners=PLAIN,
    ),
)

_LATIN = "# -*- coding: latin-1 -*-\n# caf\u00e9\n".encode("latin-1")

ENCODINGS = (
    Scenario(
        "a byte order mark",
        committed(),
        arranged(_test_file(b"\xef\xbb\xbf" + _TESTS.encode()), stage_a_function),
        check=prints("head -c3 tests/test_cart.py | od -An -tx1", "ef bb bf"),
    ),
    Scenario(
        "no newline at the end",
        committed(),
        arranged(_test_file(_TESTS.rstrip().encode()), stage_a_function),
    ),
    Scenario(
        "a cookie for latin-1",
        committed(),
        arranged(_test_file(_LATIN + _TESTS.encode()), stage_a_function),
    ),
    Scenario(
        "bytes that are no text",
        committed(),
        arranged(_test_file(_TESTS.encode() + b"# \xff\xfe\n"), stage_a_function),
        says="tests/test_cart_generated.py",
        is_suite_sound=False,
        runners=PLAIN,
    ),
    Scenario(
        "conflict markers in the test file",
        committed(),
        arranged(
            _test_file(b"<<<<<<< ours\n" + _TESTS.encode() + b"=======\n>>>>>>> theirs\n"),
            stage_a_function,
        ),
        says="tests/test_cart_generated.py",
        is_suite_sound=False,
        runners=PLAIN,
    ),
    Scenario(
        "an empty test file",
        committed(),
        arranged(_test_file(b""), stage_a_function),
        runners=PLAIN,
    ),
    Scenario(
        "form feeds, tabs and trailing white space",
        committed(),
        arranged(
            _test_file(_TESTS.replace("\n\n\n", "\n\f\n\t\n").replace("3\n", "3  \n").encode()),
            stage_a_function,
        ),
        runners=PLAIN,
    ),
    Scenario(
        "statements below the tests",
        committed(),
        arranged(
            _test_file(_TESTS.encode() + b"\n\nif __name__ == '__main__':\n    print('x')   # \n"),
            stage_a_function,
        ),
        runners=PLAIN,
    ),
)

SCENARIOS = (*LINE_ENDS, *FILTERS, *ENCODINGS)
