"""The state of the test file that belongs to what is committed."""

from tests.twin.acts import arranged, prints, stage_a_function, stage_a_module
from tests.twin.scenario import Scenario, Tests, committed
from tests.twin.world import Runner, World

PLAIN: tuple[Runner, ...] = ("plain",)
_MINE = "echo '# mine' >> tests/test_cart.py"
_DRAFT = "printf 'import shop\\n' > tests/test_bill.py"
# Where tests go when the file that belongs to the source must not be touched.
BESIDE_CART = "tests/test_cart_generated.py"
BESIDE_BILL = "tests/test_bill_generated.py"


def _kept(name: str, file: str, *arrangement: str, is_quick_share: bool = False) -> Scenario:
    """Return a scenario in which the user's test file is left alone, tests go to ``file``."""
    stage = stage_a_function if file == BESIDE_CART else stage_a_module
    return Scenario(
        f"the test file {name}",
        committed(),
        arranged(*arrangement, stage),
        runners=PLAIN,
        says=file,
        is_quick_share=is_quick_share,
    )


def _declined(name: str, says: str, *arrangement: str) -> Scenario:
    return Scenario(
        name,
        committed(),
        arranged(*arrangement, stage_a_module),
        Tests.NONE,
        runners=PLAIN,
        says=says,
    )


def hide_from_the_user(world: World) -> None:
    """Ignore a test file through the settings of the user, which each world has for itself."""
    ignore = world.side / "ignore"
    ignore.write_text("test_bill*\n")
    world.git("config", "core.excludesFile", str(ignore))


WITH_WORK = (
    _kept("has unstaged edits", BESIDE_CART, _MINE, is_quick_share=True),
    _kept("has edits that are only white space", BESIDE_CART, "echo >> tests/test_cart.py"),
    _kept("is deleted but not staged", BESIDE_CART, "rm tests/test_cart.py"),
    _kept("is emptied", BESIDE_CART, ": > tests/test_cart.py"),
    _kept("is replaced by a link", BESIDE_CART, "cd tests; ln -sf test_pricing.py test_cart.py"),
    _kept("has staged and unstaged edits", BESIDE_CART, f"{_MINE}; git add .; {_MINE}"),
    _kept(
        "is new, staged and edited since",
        BESIDE_BILL,
        f"{_DRAFT}; git add .; {_DRAFT}; echo '# more' >> tests/test_bill.py",
    ),
    _kept(
        "is new, staged and deleted since",
        BESIDE_BILL,
        f"{_DRAFT}; git add .; rm tests/test_bill.py",
    ),
    _kept("is not tracked", BESIDE_BILL, _DRAFT),
    _kept("is only announced", BESIDE_BILL, f"{_DRAFT}; git add -N tests"),
    _kept(
        "is announced and deleted", BESIDE_BILL, f"{_DRAFT}; git add -N .; rm tests/test_bill.py"
    ),
    _kept("is removed from the index alone", BESIDE_CART, "git rm -q --cached tests/test_cart.py"),
    _kept(
        "is a draft that git ignores",
        BESIDE_BILL,
        f"{_DRAFT}; echo test_bill.py > .gitignore; git add .gitignore; save",
    ),
    _kept("is assumed unchanged", BESIDE_CART, "git update-index --assume-unchanged tests/*.py"),
    _kept(
        "is assumed unchanged and edited",
        BESIDE_CART,
        f"git update-index --assume-unchanged tests/test_cart.py; {_MINE}",
    ),
    _kept(
        "is skipped in the working tree",
        BESIDE_CART,
        "git update-index --skip-worktree tests/test_cart.py",
    ),
    _kept(
        "is skipped in the working tree and edited",
        BESIDE_CART,
        f"git update-index --skip-worktree tests/test_cart.py; {_MINE}",
    ),
    _kept("is a directory", BESIDE_BILL, "mkdir tests/test_bill.py; : > tests/test_bill.py/data"),
    _kept(
        "is a directory in the index",
        BESIDE_BILL,
        "mkdir tests/test_bill.py; : > tests/test_bill.py/data; git add .; save; "
        "rm -r tests/test_bill.py",
    ),
    _kept("is a pipe", BESIDE_BILL, "mkfifo tests/test_bill.py"),
    _kept("is a link that leads nowhere", BESIDE_BILL, "ln -s nowhere tests/test_bill.py"),
    _kept(
        "is a link within the repository",
        BESIDE_CART,
        "git mv tests/test_cart.py tests/cases.py; ln -s cases.py tests/test_cart.py; "
        "git add .; save",
    ),
    _kept("is deleted by the commit", BESIDE_CART, "git rm -q tests/test_cart.py"),
    _kept(
        "is not tracked, nor the one beside it",
        "tests/test_bill_",
        f"{_DRAFT}; cp tests/test_bill.py tests/test_bill_generated.py",
    ),
)

CLEAN = (
    Scenario(
        "the test file has staged edits",
        committed(),
        arranged(_MINE, "git add .", stage_a_function),
        runners=PLAIN,
    ),
    Scenario(
        "the test file is new and staged",
        committed(),
        arranged(
            "printf 'from shop import bill\\n' > tests/test_bill.py; git add .", stage_a_module
        ),
        runners=PLAIN,
    ),
    Scenario(
        "the test file is executable",
        committed(),
        arranged("chmod +x tests/test_cart.py; git add .; save", stage_a_function),
        check=prints("git ls-files -s tests/test_cart.py | cut -c1-6", "100755"),
    ),
    Scenario(
        "the test file is executable in the index alone",
        committed(),
        arranged(
            "git config core.fileMode false; git update-index --chmod=+x tests/test_cart.py; save",
            stage_a_function,
        ),
        runners=PLAIN,
    ),
    Scenario(
        "the test file is read-only",
        committed(),
        arranged("chmod a-w tests/test_cart.py", stage_a_function),
        runners=PLAIN,
    ),
    Scenario(
        "the test file has another name on the disk",
        committed(),
        arranged("ln tests/test_cart.py ../other-name.py", stage_a_function),
        runners=PLAIN,
        says=BESIDE_CART,
        check=prints("git diff --no-index --quiet ../other-name.py ../../bare/other-name.py", ""),
    ),
    Scenario(
        "the test file was touched and is the same",
        committed(),
        arranged("touch -d '2001-01-01' tests/test_cart.py", stage_a_function),
        runners=PLAIN,
    ),
    Scenario(
        "the test file is renamed by the commit",
        committed(),
        arranged("git mv tests/test_cart.py tests/test_shop_cart.py", stage_a_function),
    ),
    Scenario(
        "the test file changes its mode in the commit",
        committed(),
        arranged("chmod +x tests/test_cart.py; git add .", stage_a_function),
        runners=PLAIN,
    ),
    Scenario(
        "tests are ignored, but this one is tracked",
        committed(),
        arranged("echo /tests/ > .gitignore; git add .; save", stage_a_function),
        runners=PLAIN,
    ),
)

WITHOUT_A_PLACE = (
    _declined(
        "tests are ignored", "is ignored by git", "echo tests/ > .gitignore; git add .; save"
    ),
    _declined(
        "tests are ignored in this clone",
        "is ignored by git",
        "echo 'test_*.py' >> .git/info/exclude",
    ),
    Scenario(
        "tests are ignored by this user",
        committed(),
        arranged(hide_from_the_user, stage_a_module),
        Tests.NONE,
        runners=PLAIN,
        says="is ignored by git",
    ),
    _declined(
        "tests are outside of the sparse checkout",
        "is outside of the sparse checkout",
        "git sparse-checkout set --cone shop",
    ),
    _declined(
        "tests are outside of a sparse checkout by patterns",
        "is outside of the sparse checkout",
        "git sparse-checkout set --no-cone '/*' '!/tests'",
    ),
    Scenario(
        "tests are inside of the sparse checkout",
        committed(),
        arranged(
            "mkdir docs; echo a > docs/a; git add .; save; git sparse-checkout set shop tests",
            stage_a_module,
        ),
        runners=PLAIN,
    ),
    Scenario(
        "all tests but the one that is needed are outside of the sparse checkout",
        committed(),
        arranged(
            "git sparse-checkout set --no-cone '/*' '!/tests/*' '/tests/test_cart.py'",
            stage_a_function,
        ),
        runners=PLAIN,
    ),
)

SCENARIOS = (*WITH_WORK, *CLEAN, *WITHOUT_A_PLACE)
