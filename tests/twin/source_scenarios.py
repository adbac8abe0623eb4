"""What is staged: parts of files, deletions, renames, changes of mode and kind."""

from tests.twin.acts import arranged, prints, typed
from tests.twin.scenario import Scenario, Tests, committed
from tests.twin.world import Runner

PLAIN: tuple[Runner, ...] = ("plain",)

# The function is staged; what lies on disk is not what is committed.
NOT_AS_ON_DISK = (
    Scenario(
        "another function is not staged",
        committed(),
        arranged("grow shop/cart.py settle; git add .; grow shop/cart.py pay"),
        check=prints("! git grep -q pay HEAD -- tests && echo none", "none"),
    ),
    Scenario(
        "the working tree does another thing",
        committed(),
        arranged("grow shop/cart.py settle; git add .; sed -i s/paid/PAID/ shop/cart.py"),
        check=prints("! git grep -q PAID HEAD && echo none", "none"),
    ),
    Scenario(
        "the working tree cannot be parsed",
        committed(),
        arranged("grow shop/cart.py settle; git add .; echo 'def (' >> shop/cart.py"),
    ),
    Scenario(
        "the staged version cannot be parsed",
        committed(),
        arranged(
            "grow shop/cart.py p; echo 'def (' >> shop/cart.py; git add .; sed -i '$d' shop/cart.py"
        ),
        Tests.NONE,
        says="shop/cart.py",
    ),
    Scenario(
        "the module is deleted on disk",
        committed(),
        arranged("grow shop/cart.py settle; git add .; rm shop/cart.py"),
    ),
    Scenario(
        "a new module is deleted on disk",
        committed(),
        arranged("grow shop/bill.py settle; git add .; rm shop/bill.py"),
    ),
    Scenario(
        "the whole package is deleted on disk",
        committed(),
        arranged("grow shop/cart.py settle; git add .; rm -r shop"),
    ),
    Scenario(
        "the change is taken back on disk",
        committed(),
        arranged(
            "cp shop/cart.py before; grow shop/cart.py settle; git add shop; mv before shop/cart.py"
        ),
    ),
    Scenario(
        "the module is only announced",
        committed(),
        arranged("grow shop/bill.py settle; git add -N .; echo 4 >> notes.txt; git add notes.txt"),
        Tests.NONE,
    ),
    Scenario(
        "the module is assumed unchanged",
        committed(),
        arranged(
            "grow shop/cart.py settle; git add .; git update-index --assume-unchanged "
            "shop/cart.py; grow shop/cart.py pay"
        ),
        runners=PLAIN,
    ),
    Scenario(
        "the configuration has unstaged edits",
        committed(),
        arranged("grow shop/cart.py settle; git add .; echo '# mine' >> pyproject.toml"),
    ),
)

WITHOUT_A_FUNCTION = (
    Scenario("only deletions", committed(), arranged("git rm -q shop/pricing.py"), Tests.NONE),
    Scenario(
        "only tests",
        committed(),
        arranged("echo '# mine' >> tests/test_cart.py; git add ."),
        Tests.NONE,
    ),
    Scenario(
        "only other files", committed(), arranged("echo 4 >> notes.txt; git add ."), Tests.NONE
    ),
    Scenario(
        "only the mode of a module",
        committed(),
        arranged("chmod +x shop/pricing.py; git add ."),
        Tests.NONE,
    ),
    Scenario(
        "a module becomes a link",
        committed(),
        arranged("mv shop/pricing.py shop/prices.txt; ln -s prices.txt shop/pricing.py; git add ."),
        Tests.NONE,
    ),
    Scenario(
        "a link becomes a module",
        committed(),
        arranged(
            "ln -s cart.py shop/bill.py; git add .; save; rm shop/bill.py",
            "grow shop/bill.py settle; git add .",
        ),
    ),
    Scenario(
        "a module becomes a package",
        committed(),
        arranged(
            "mkdir shop/b; git mv shop/pricing.py shop/b/__init__.py; git mv shop/b "
            "shop/pricing; grow shop/pricing/__init__.py settle; git add ."
        ),
    ),
    Scenario(
        "a large binary file",
        committed(),
        arranged("yes x | head -c 9000000 > shop/large.py; grow shop/cart.py pay; git add ."),
        says="shop/large.py",
        runners=PLAIN,
    ),
)

MOVED = (
    Scenario(
        "a module is renamed",
        committed(),
        arranged(
            "git mv shop/pricing.py shop/prices.py; sed -i s/pricing/prices/ tests/*.py; "
            "git mv tests/test_pricing.py tests/test_prices.py; git add ."
        ),
        Tests.NONE,
    ),
    Scenario(
        "a module is renamed and grows",
        committed(),
        arranged(
            "git mv shop/pricing.py shop/prices.py; grow shop/prices.py settle; "
            "git mv tests/test_pricing.py tests/test_prices.py; "
            "sed -i s/pricing/prices/ tests/*.py; git add ."
        ),
    ),
    Scenario(
        "a module is renamed with its tests left behind",
        committed(),
        arranged(
            "git mv shop/pricing.py shop/prices.py; grow shop/prices.py settle; "
            "git rm -q tests/test_pricing.py; git add ."
        ),
    ),
    Scenario(
        "a module and its tests are deleted, another one grows",
        committed(),
        arranged(
            "git rm -q shop/pricing.py tests/test_pricing.py; grow shop/cart.py settle; git add ."
        ),
    ),
    Scenario(
        "a test file is deleted on disk beside the one that grows",
        committed(),
        arranged("rm tests/test_pricing.py; grow shop/cart.py settle; git add shop"),
    ),
    Scenario(
        "everything is staged at once",
        committed(),
        arranged(
            "grow shop/cart.py settle; grow shop/bill.py pay; git rm -q shop/pricing.py "
            "tests/test_pricing.py; echo a > new.txt; ln -s new.txt link; chmod +x notes.txt; "
            "git add ."
        ),
    ),
)

CROWDED = (
    Scenario(
        "two thousand files that are not tracked",
        committed(),
        arranged(
            "grow shop/cart.py settle; git add .; mkdir heap; cd heap; "
            "seq 2000 | xargs touch; cd ..; touch tests/test_mine.py tests/data.json shop/x.py"
        ),
    ),
    Scenario(
        "work of every kind around the commit",
        typed("git commit -m one"),
        arranged(
            "echo '# a' >> shop/pricing.py; rm notes.txt; touch draft.py tests/test_draft.py x.log",
            "echo 'def f(): pass' > shop/new.py; git add -N shop/new.py; chmod +x pyproject.toml",
            "ln -s nowhere dangling; mkdir -p empty/directory; grow shop/cart.py settle",
            "git add shop/cart.py",
        ),
        is_quick_share=True,
    ),
)

SCENARIOS = (*NOT_AS_ON_DISK, *WITHOUT_A_FUNCTION, *MOVED, *CROWDED)
