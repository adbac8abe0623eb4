"""Commits in the middle of something: merges, cherry-picks, reverts."""

from tests.twin.acts import arranged, stage_a_function, typed
from tests.twin.scenario import BOTH, Scenario, Tests
from tests.twin.world import Runner

# A branch with a function that no test covers; `notes.txt` is changed on both, or on main alone.
CONFLICTING = """
git switch -q -c side; grow shop/bill.py settle; sed -i s/two/side/ notes.txt; git add .; save side
git switch -q main; sed -i s/two/main/ notes.txt; git add .; save main"""
CLEAN = """
git switch -q -c side; grow shop/bill.py settle; git add .; save side
git switch -q main; sed -i s/two/main/ notes.txt; git add .; save main"""
AHEAD = "git switch -q -c side; grow shop/bill.py settle; git add .; save side; git switch -q main"
RESOLVED = "echo both > notes.txt; git add notes.txt"
# Work of the user's own that must come through whatever happens.
WORK = "echo '# mine' >> tests/test_cart.py; echo 'import shop' > tests/test_bill.py"

PLAIN: tuple[Runner, ...] = ("plain",)
# pre-commit does not even call a hook that none of the files is for.
_NOT_CALLED = "(no files to check)Skipped"
MERGING = "a merge is in progress"
_PICKING = "a cherry-pick is in progress"


def quiet(
    name: str,
    does: str,
    arrangement: str,
    says: str = "",
    *,
    runners: tuple[Runner, ...] = BOTH,
    is_quick_share: bool = False,
) -> Scenario:
    """Return a scenario in which the hook does nothing; it says why when it is run at all."""
    return Scenario(
        name,
        typed(does, is_verbose=True),
        arranged(arrangement),
        Tests.NONE,
        says=says,
        runners=runners,
        is_quick_share=is_quick_share,
    )


MERGES = (
    quiet(
        "a conflict of a merge is resolved and committed",
        f"fails git merge side; {RESOLVED}; git commit --no-edit",
        CONFLICTING,
        MERGING,
        is_quick_share=True,
        runners=PLAIN,
    ),
    quiet(
        "a conflict of a merge is resolved and committed with all",
        f"fails git merge side; {RESOLVED}; git commit -am merged",
        CONFLICTING,
        MERGING,
        runners=PLAIN,
    ),
    quiet(
        "a conflict of a merge is resolved, --continue",
        f"fails git merge side; {RESOLVED}; git merge --continue",
        CONFLICTING,
        MERGING,
        runners=PLAIN,
    ),
    quiet(
        "a merge with another function added to it",
        f"fails git merge side; {RESOLVED}; grow shop/cart.py pay; git add shop; git commit -m 1",
        CONFLICTING,
        MERGING,
    ),
    quiet(
        "a merge with --no-commit, then a commit",
        "git merge --no-commit --no-ff side; git commit --no-edit",
        CLEAN,
        MERGING,
        runners=PLAIN,
    ),
    quiet("a merge without conflicts", "git merge --no-edit side", CLEAN),
    quiet("a merge beside work", "git merge --no-edit side", f"{CLEAN}; {WORK}"),
    quiet(
        "a merge of which the runner shows conflicts alone",
        f"fails git merge side; {RESOLVED}; git commit --no-edit",
        CONFLICTING,
        _NOT_CALLED,
        runners=("pre-commit",),
    ),
    quiet("a fast-forward", "git merge side", AHEAD),
    quiet(
        "a merge of two branches at once",
        "git merge -m both side other",
        f"""
        {CLEAN}; git switch -q -c other HEAD~1; grow shop/cart.py pay; git add .; save other
        git switch -q main
    """,
    ),
    Scenario(
        "a squashed merge",
        typed("git merge --squash side; git commit --no-edit"),
        arranged(CLEAN),
    ),
    Scenario(
        "a squashed merge with a conflict",
        typed(f"fails git merge --squash side; {RESOLVED}; git commit --no-edit"),
        arranged(CONFLICTING),
    ),
    Scenario(
        "a commit after a merge was given up",
        typed("fails git merge side; git merge --abort; grow shop/cart.py pay; git commit -am one"),
        arranged(CONFLICTING),
    ),
    Scenario(
        "with unmerged paths git refuses before any hook",
        typed("fails git merge side; git commit -m one", ends=128),
        arranged(CONFLICTING, stage_a_function, "git reset -q; git stash -q"),
        Tests.NONE,
        is_followed=False,
    ),
)

PICKS = (
    quiet("a cherry-pick", "git cherry-pick side", CLEAN),
    quiet(
        "a conflict of a cherry-pick is resolved and committed",
        f"fails git cherry-pick side; {RESOLVED}; git commit --no-edit",
        CONFLICTING,
        _PICKING,
    ),
    quiet(
        "a conflict of a cherry-pick is resolved, --continue",
        f"fails git cherry-pick side; {RESOLVED}; git cherry-pick --continue",
        CONFLICTING,
        _PICKING,
    ),
    quiet(
        "a conflict in the middle of several cherry-picks",
        f"fails git cherry-pick main..side; {RESOLVED}; git commit --no-edit; "
        "git cherry-pick --continue",
        f"{CONFLICTING}; git switch -q side; grow shop/bill.py pay; git add .; save; "
        "git switch -q main",
        _PICKING,
    ),
    Scenario(
        "a cherry-pick with --no-commit, then a commit",
        typed("git cherry-pick --no-commit side; git commit -m picked"),
        arranged(CLEAN),
    ),
    quiet(
        "a revert",
        "git revert --no-edit HEAD",
        f"{AHEAD}; git merge -q side; git rm -q shop/bill.py; save removed",
    ),
    Scenario(
        "a revert with --no-commit, then a commit",
        typed("git revert --no-commit HEAD; git commit -m back"),
        arranged(f"{AHEAD}; git merge -q side; git rm -q shop/bill.py; save removed"),
    ),
    Scenario(
        "a conflict of a revert is resolved, --continue",
        typed(f"fails git revert HEAD~1; {RESOLVED}; git revert --continue"),
        arranged(
            f"{AHEAD}; git merge -q side; git rm -q shop/bill.py; sed -i s/two/2/ notes.txt",
            "git add .; save removed; sed -i s/2/zwei/ notes.txt; git add .; save zwei",
        ),
    ),
)


SCENARIOS = (*MERGES, *PICKS)
