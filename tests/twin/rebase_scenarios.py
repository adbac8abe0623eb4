"""Commits around what moves work: rebases, pulls, patches, stashes, bisecting."""

from tests.twin.acts import arranged, prints, stage_a_function, typed
from tests.twin.operation_scenarios import (
    CLEAN,
    CONFLICTING,
    MERGING,
    PLAIN,
    RESOLVED,
    WORK,
    quiet,
)
from tests.twin.scenario import Scenario

REBASING = "a rebase is in progress"


def _rebasing(command: str, how: str) -> str:
    return f"GIT_SEQUENCE_EDITOR=\"sed -i 's/^pick/{command}/'\" git rebase -i {how}"


REBASES = (
    quiet("a rebase", "git rebase main side", CLEAN),
    quiet("a rebase with --apply", "git rebase --apply main side", CLEAN),
    quiet("a rebase that picks by hand", _rebasing("pick", "main side"), CLEAN),
    quiet(
        "a rebase with a new message",
        _rebasing("reword", "--force-rebase main side"),
        CLEAN,
        "git is running `rebase",
        is_quick_share=True,
        runners=PLAIN,
    ),
    quiet(
        "a rebase with several new messages",
        _rebasing("reword", "main side"),
        f"{CLEAN}; git switch -q side; grow shop/bill.py pay; git add .; save; git switch -q main",
        "git is running `rebase",
        runners=PLAIN,
    ),
    quiet(
        "a rebase stops to amend",
        f"{_rebasing('edit', 'main side')}; grow shop/bill.py pay; git add .; "
        "git commit --amend --no-edit; git rebase --continue",
        CLEAN,
        REBASING,
    ),
    quiet(
        "a rebase stops for another commit",
        f"{_rebasing('edit', 'main side')}; grow shop/cart.py pay; git commit -am more; "
        "git rebase --continue",
        CLEAN,
        REBASING,
    ),
    quiet(
        "a rebase stops to split a commit",
        f"{_rebasing('edit', 'main side')}; git reset -q HEAD~1; git add shop; git commit -m one; "
        "git commit --allow-empty -m two; git rebase --continue",
        CLEAN,
        REBASING,
    ),
    quiet(
        "a rebase that runs git commit",
        'git rebase -x \'printf "\\ndef pay(n):\\n    return n\\n" >> shop/bill.py; '
        "git commit -am more' main side",
        CLEAN,
        REBASING,
    ),
    quiet(
        "a conflict of a rebase is resolved, --continue",
        f"fails git rebase main side; {RESOLVED}; git rebase --continue",
        CONFLICTING,
    ),
    quiet(
        "a conflict of a rebase is resolved, committed, --continue",
        f"fails git rebase main side; {RESOLVED}; git commit --no-edit; git rebase --continue",
        CONFLICTING,
        REBASING,
    ),
    quiet(
        "a conflict of a rebase with --apply is resolved and committed",
        f"fails git rebase --apply main side; {RESOLVED}; git commit -m one; git rebase --skip",
        CONFLICTING,
        REBASING,
    ),
    quiet(
        "a rebase that squashes what was marked",
        "git switch -q side; grow shop/bill.py pay; git add .; "
        "git commit -q --no-verify --fixup HEAD; git rebase -i --autosquash main",
        CLEAN,
    ),
    quiet(
        "a rebase with work put aside",
        "git switch -q side; echo 4 >> shop/cart.py; git rebase --autostash main",
        CLEAN,
    ),
    Scenario(
        "a commit after a rebase was given up",
        typed(
            "fails git rebase main side; git rebase --abort; grow shop/cart.py p; git commit -am 1"
        ),
        arranged(CONFLICTING),
    ),
)

OTHERS = (
    quiet("a pull that merges", "git pull -q --no-rebase --no-edit . side", CLEAN),
    quiet("a pull that rebases", "git switch -q side; git pull -q --rebase . main", CLEAN),
    quiet(
        "a pull with a conflict",
        f"fails git pull -q --no-rebase . side; {RESOLVED}; git commit --no-edit",
        CONFLICTING,
        MERGING,
        runners=PLAIN,
    ),
    quiet("patches from a mailbox", "git format-patch -q --stdout main..side | git am", CLEAN),
    quiet(
        "a conflict of a patch from a mailbox",
        "git format-patch -q --stdout main..side > ../patch; fails git am -3 ../patch; "
        f"{RESOLVED}; git am --continue",
        CONFLICTING,
    ),
    quiet(
        "a commit while patches are applied",
        "git format-patch -q --stdout main..side > ../patch; fails git am -3 ../patch; "
        f"{RESOLVED}; git commit -m one; git am --skip",
        CONFLICTING,
        REBASING,
    ),
    quiet("a stash", "git stash -q; git stash pop -q", f"grow shop/cart.py settle; {WORK}"),
    quiet("a stash of all kinds", "git stash -qu", f"grow shop/cart.py settle; git add .; {WORK}"),
    quiet("a stash without the index", "git stash -qk", f"grow shop/cart.py p; git add .; {WORK}"),
    Scenario(
        "a commit while work is stashed, which comes back",
        typed("git commit -m one; git stash pop"),
        arranged(
            "echo 4 >> notes.txt; echo '# a' >> shop/pricing.py; git stash -q", stage_a_function
        ),
    ),
    Scenario(
        "a commit beside a stash",
        typed("git commit -m one"),
        arranged(f"{WORK}; git stash -qu", stage_a_function),
        check=prints("git stash list | wc -l", "1"),
    ),
    Scenario(
        "a commit while bisecting",
        typed("git bisect start HEAD HEAD~2; grow shop/cart.py pay; git commit -am one"),
        arranged("save() { git commit -q --no-verify --allow-empty -m a; }; save; save; save"),
    ),
    Scenario(
        "a commit of what a soft reset has given back",
        typed("git reset -q --soft HEAD~1; git commit -m again"),
        arranged("grow shop/cart.py pay; git add .; save"),
    ),
)

SCENARIOS = (*REBASES, *OTHERS)
