"""Where a commit is made: worktrees, submodules, git dirs elsewhere, indexes of every kind."""

from tests.twin.acts import arranged, prints, stage_a_function, typed
from tests.twin.scenario import Scenario, Tests
from tests.twin.world import World, install

# What git tells the hook's own git must not decide where tests are written.
_WORKTREE = "git worktree add -q -b side ../worktree"
_SUBMODULE = """
git clone -q . ../library
git -c protocol.file.allow=always submodule --quiet add ../library library
git add .; save 'a library'
"""
_ELSEWHERE = 'here=$PWD; cd /; git --git-dir="$here/.git" --work-tree="$here"'


def in_the_worktree(world: World) -> None:
    world.at(world.side / "worktree").add_function("shop/cart.py", "settle")


def in_the_submodule(world: World) -> None:
    library = world.at(world.root / "library")
    install(library)
    library.add_function("shop/cart.py", "settle")


def in_the_clone(world: World) -> None:
    install(world.at(world.side / "fresh"))


def the_first_commit(world: World) -> None:
    """Make a repository beside the seed, with everything staged and no commit."""
    typed("mkdir ../fresh; cp -r *.toml *.txt shop tests ../fresh; git init -q ../fresh")(world)
    start(world)


def with_sha256(world: World) -> None:
    typed("mkdir ../fresh; cp -r *.toml *.txt shop tests ../fresh")(world)
    typed("git init -q --object-format=sha256 ../fresh")(world)
    start(world)


def start(world: World) -> None:
    fresh = world.at(world.side / "fresh")
    install(fresh)
    fresh.write("shop/bill.py", "def paid(amount: int) -> bool:\n    return amount <= 0\n")
    fresh.git("add", ".")


WORKTREES = (
    Scenario(
        "in a linked worktree",
        typed("cd ../worktree; git commit -m one"),
        arranged(_WORKTREE, in_the_worktree),
        committed_in="worktree",
        is_quick_share=True,
    ),
    Scenario(
        "in a linked worktree, from below",
        typed("cd ../worktree/shop; git commit -m one"),
        arranged(_WORKTREE, in_the_worktree),
        committed_in="worktree",
    ),
    Scenario(
        "all in a linked worktree, from below",
        typed("cd ../worktree/shop; git commit -am one"),
        arranged(_WORKTREE, in_the_worktree, "git -C ../worktree reset -q"),
        committed_in="worktree",
    ),
    Scenario(
        "a path in a linked worktree, from below",
        typed("cd ../worktree/shop; git commit -m one cart.py"),
        arranged(_WORKTREE, in_the_worktree),
        committed_in="worktree",
    ),
    Scenario(
        "in a linked worktree while the main one has work of every kind",
        typed("git -C ../worktree commit -m one"),
        arranged(
            "echo '# mine' >> tests/test_cart.py; git add .; echo '# too' >> tests/test_cart.py",
            "echo 'import shop' > tests/test_bill.py",
            _WORKTREE,
            in_the_worktree,
        ),
        committed_in="worktree",
    ),
    Scenario(
        "in the main worktree beside a linked one",
        typed("git commit -m one"),
        arranged(_WORKTREE, stage_a_function),
        also=("worktree",),
    ),
)

SUBMODULES = (
    Scenario(
        "in a submodule",
        typed("cd library; git commit -m one"),
        arranged(_SUBMODULE, in_the_submodule),
        committed_in="repository/library",
    ),
    Scenario(
        "in a submodule, from below",
        typed("cd library/shop; git commit -am one"),
        arranged(_SUBMODULE, in_the_submodule, "git -C library reset -q"),
        committed_in="repository/library",
    ),
    Scenario(
        "a path in a submodule",
        typed("cd library; git commit -m one shop"),
        arranged(_SUBMODULE, in_the_submodule),
        committed_in="repository/library",
    ),
    Scenario(
        "the new version of a submodule",
        typed("git -C library commit -qm one --no-verify; git commit -am 'update it'"),
        arranged(_SUBMODULE, in_the_submodule),
        Tests.NONE,
        also=("repository/library",),
    ),
    Scenario(
        "a function beside a submodule that has work",
        typed("git commit -m one"),
        arranged(
            _SUBMODULE, in_the_submodule, stage_a_function, "git config submodule.recurse true"
        ),
        also=("repository/library",),
    ),
)

GIT_DIRS = (
    Scenario("with -C", typed("git -C shop commit -m one"), stage_a_function),
    Scenario(
        "with --git-dir and --work-tree", typed(f"{_ELSEWHERE} commit -m one"), stage_a_function
    ),
    Scenario(
        "all with --git-dir and --work-tree",
        typed(f"{_ELSEWHERE} commit -am one"),
        stage_a_function,
    ),
    Scenario(
        "a path with --git-dir and --work-tree",
        typed(f'{_ELSEWHERE} commit -m one -- "$here/shop/cart.py"'),
        stage_a_function,
    ),
    Scenario(
        "with GIT_DIR and GIT_WORK_TREE",
        typed("export GIT_DIR=$PWD/.git GIT_WORK_TREE=$PWD; cd shop; git commit -m one"),
        stage_a_function,
    ),
    Scenario("with GIT_DIR alone", typed("GIT_DIR=.git git commit -m one"), stage_a_function),
    Scenario(
        "with a git dir elsewhere",
        typed("cd shop; git commit -m one"),
        arranged("git init -q --separate-git-dir ../elsewhere.git", stage_a_function),
    ),
    Scenario(
        "through a symbolic link to the repository",
        typed("ln -s repository ../link; cd ../link; git commit -m one -- shop"),
        stage_a_function,
    ),
    Scenario(
        "with core.hooksPath",
        typed("git -c core.hooksPath=../hooks commit -m one -- shop"),
        arranged(stage_a_function, "mv .git/hooks ../hooks"),
        runners=("plain",),
    ),
    Scenario(
        "in a bare environment",
        typed(
            'env -i PATH=/usr/local/bin:/usr/bin:/bin TWIN_HOOK="$TWIN_HOOK" '
            "git -c user.name=A -c user.email=a@example.com commit -m one"
        ),
        stage_a_function,
        runners=("plain",),
    ),
    Scenario(
        "with variables that change what a path means",
        typed("GIT_ICASE_PATHSPECS=1 git commit -m 1; GIT_LITERAL_PATHSPECS=1 git commit -am 2"),
        arranged(stage_a_function, "grow shop/pricing.py gross"),
    ),
)

INDEXES = (
    Scenario(
        "with an index of the user's own",
        typed(
            "cp .git/index ../mine; export GIT_INDEX_FILE=$PWD/../mine; grow shop/cart.py settle; "
            "git add shop; git commit -m one",
            is_verbose=True,
        ),
        tests=Tests.NONE,
        runners=("plain",),
        says="which is not an index of this repository",
        is_followed=False,
    ),
    Scenario(
        "with the index given by its name",
        typed("GIT_INDEX_FILE=$PWD/.git/index git commit -m one"),
        stage_a_function,
    ),
    Scenario(
        "with a split index",
        typed("git commit -m one; grow shop/cart.py pay; git commit -am two"),
        arranged(
            "git update-index --split-index; git config core.splitIndex true", stage_a_function
        ),
    ),
    Scenario(
        "a path with a split index",
        typed("git commit -m one -- shop"),
        arranged(
            "git update-index --split-index; git config core.splitIndex true", stage_a_function
        ),
    ),
    Scenario(
        "with an index of version 4 and all its extensions",
        typed("git commit -m one -- shop"),
        arranged(
            "git config feature.manyFiles true; git update-index --index-version 4",
            "git update-index --untracked-cache; git status",
            stage_a_function,
        ),
        check=prints("od -An -j7 -N1 -td1 .git/index", "4"),
    ),
    Scenario(
        "with a sparse index",
        typed("git commit -m one"),
        arranged(
            "mkdir -p docs/deep; echo a > docs/deep/a; git add .; save",
            "git sparse-checkout set --cone --sparse-index shop tests",
            stage_a_function,
        ),
    ),
)

REPOSITORIES = (
    Scenario(
        "the very first commit",
        typed("cd ../fresh; git commit -m first"),
        the_first_commit,
        committed_in="fresh",
        runners=("plain",),
    ),
    Scenario(
        "the very first commit, all",
        typed("cd ../fresh; git commit -am first"),
        the_first_commit,
        committed_in="fresh",
        runners=("plain",),
    ),
    Scenario(
        "in a repository of SHA-256",
        typed("cd ../fresh; git commit -m first; grow shop/cart.py pay; git commit -m 2 -- shop"),
        with_sha256,
        committed_in="fresh",
        runners=("plain",),
    ),
    Scenario(
        "in a shallow clone",
        typed("cd ../fresh; grow shop/cart.py pay; git commit -am one"),
        arranged('git clone -q --depth 1 "file://$PWD" ../fresh', in_the_clone),
        committed_in="fresh",
        runners=("plain",),
    ),
    Scenario(
        "in a clone that borrows its objects",
        typed("cd ../fresh; grow shop/cart.py pay; git commit -am one"),
        arranged("git clone -q --shared . ../fresh", in_the_clone),
        committed_in="fresh",
        runners=("plain",),
    ),
    Scenario(
        "in a blobless clone",
        typed("cd ../fresh; grow shop/cart.py pay; git commit -am one"),
        arranged(
            "git config uploadpack.allowFilter true",
            'git clone -q --filter=blob:none "file://$PWD" ../fresh',
            in_the_clone,
        ),
        committed_in="fresh",
        runners=("plain",),
    ),
)

SCENARIOS = (*WORKTREES, *SUBMODULES, *GIT_DIRS, *INDEXES, *REPOSITORIES)
