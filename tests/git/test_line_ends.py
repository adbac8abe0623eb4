import pytest

from sloptest_hook.git.line_ends import in_the_line_ends_of


@pytest.mark.parametrize(
    ("model", "content", "wanted"),
    [
        (b"a\nb\n", b"a\r\nc\r\n", b"a\nc\n"),
        (b"a\r\nb\r\n", b"a\nc\n", b"a\r\nc\r\n"),
        (b"a\r\nb", b"a\nc", b"a\r\nc"),
        (b"a\r\nb\n", b"a\nc\n", None),
        (b"a", b"a\r\nc\r\n", b"a\nc\n"),
        (b"", b"a\n", b"a\n"),
        (b"a\r\n", b"lone \r stays\n", b"lone \r stays\r\n"),
    ],
    ids=["LF", "CRLF", "no last end", "both kinds", "no end at all", "empty", "a lone CR"],
)
def test_content_gets_the_line_ends_of_the_model(
    model: bytes, content: bytes, wanted: bytes | None
) -> None:
    assert in_the_line_ends_of(model, content) == wanted
