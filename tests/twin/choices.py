"""What a random sequence is put together from; PATH stands for some path."""

from hypothesis import strategies as st

from tests.twin.edits import (
    BODIES,
    FUNCTIONS,
    MODULES,
    OTHERS,
    TEST_FILES,
    Append,
    Define,
    Edit,
    Prepend,
    Remove,
)


def _edits() -> st.SearchStrategy[Edit]:
    modules, functions = st.sampled_from(MODULES), st.sampled_from(FUNCTIONS)
    bodies = st.integers(0, len(BODIES) - 1)
    return st.one_of(
        st.builds(Define, modules, functions, bodies),
        st.builds(Define, modules, functions, bodies),
        st.builds(Remove, modules, functions),
        st.builds(Append, st.sampled_from(TEST_FILES), st.sampled_from(_HAND_WRITTEN)),
        st.builds(Prepend, st.sampled_from(TEST_FILES), st.just("# Looked through.\n")),
        st.builds(Append, st.sampled_from(OTHERS), st.sampled_from(_LINES)),
        st.builds(Prepend, st.sampled_from(OTHERS), st.sampled_from(_LINES)),
    )


_HAND_WRITTEN = (
    "\n\ndef test_by_hand():\n    assert 1 + 1 == 2\n",
    "\n\ndef test_by_hand_too():\n    assert [] == []\n",
    "# No end of line",
)
_LINES = ("four\n", "five\n", "no end of line")

EDITS = _edits()
MODULE_EDITS = st.builds(
    Define,
    st.sampled_from(MODULES),
    st.sampled_from(FUNCTIONS),
    st.integers(0, len(BODIES) - 1),
)
PATHS = st.sampled_from((*MODULES, *TEST_FILES, *OTHERS))
MOVES = st.sampled_from(
    (
        ("notes.txt", "docs/renamed.txt"),
        ("docs/renamed.txt", "notes.txt"),
        ("shop/orders.py", "shop/purchases.py"),
        ("tests/test_cart.py", "tests/test_cart_old.py"),
        ("tests/test_orders.py", "tests/test_purchases.py"),
    )
)

COMMITS = st.sampled_from(
    (
        (),
        (),
        ("-a",),
        ("-a",),
        ("--", "PATH"),
        ("--only", "--", "PATH"),
        ("--include", "--", "PATH"),
        ("--", "shop"),
        ("--amend",),
        ("-a", "--amend"),
        ("--allow-empty",),
        ("--no-verify",),
    )
)
ENDINGS = st.sampled_from(("made", "made", "made", "made", "refused message", "empty message"))
BRANCHES = st.sampled_from(("main", "other"))
STASHES = st.sampled_from(
    (
        ("push",),
        ("push", "--keep-index"),
        ("push", "-u"),
        ("push", "--staged"),
        ("push", "--", "PATH"),
    )
)
