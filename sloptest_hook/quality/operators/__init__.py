"""The table of operators; a file each, with examples that one test runs."""

from sloptest_hook.quality.edits import Operator
from sloptest_hook.quality.operators import (
    arithmetic,
    awaiting,
    boolean,
    boundary,
    comparison,
    condition,
    constant,
    decorator,
    default,
    deletion,
    exceptions,
    hint,
    indexing,
    keyword_drop,
    kind_check,
    loop,
    post_init,
    record_field,
    returned,
    text_method,
)

OPERATORS: tuple[Operator, ...] = tuple(
    module.OPERATOR
    for module in (
        comparison,
        boundary,
        arithmetic,
        boolean,
        constant,
        returned,
        condition,
        deletion,
        exceptions,
        loop,
        indexing,
        text_method,
        default,
        keyword_drop,
        decorator,
        awaiting,
        kind_check,
        post_init,
        record_field,
        hint,
    )
)
# One word for all of them together, for what is remembered.
VERSION = " ".join(operator.label for operator in OPERATORS)
