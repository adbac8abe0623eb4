import pytest

from sloptest_hook.git.source_text import (
    MAX_SOURCE_BYTES,
    BlobAnswer,
    Missing,
    TooLarge,
    Undecodable,
    source_text,
)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(b"", "", id="empty"),
        pytest.param("x = 'é'\n".encode(), "x = 'é'\n", id="utf-8 is the default"),
        pytest.param(b"\xef\xbb\xbfx = 1\n", "x = 1\n", id="byte order mark"),
        pytest.param(
            b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
            "# -*- coding: latin-1 -*-\nx = 'é'\n",
            id="encoding line",
        ),
        pytest.param(
            b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'\n",
            "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'€'\n",
            id="encoding on the second line",
        ),
        pytest.param(
            b"\xef\xbb\xbf# coding: UTF_8\nx = 1\n", "# coding: UTF_8\nx = 1\n", id="mark and line"
        ),
        pytest.param(
            "x = 1\n# coding: latin-1\n'é'\n".encode(),
            "x = 1\n# coding: latin-1\n'é'\n",
            id="after code it is a comment",
        ),
        pytest.param(b"a = 1\r\nb = 2\r\n", "a = 1\nb = 2\n", id="CRLF"),
        pytest.param(b"a = 1\rb = 2\r", "a = 1\nb = 2\n", id="CR alone"),
        pytest.param(b"#\r# coding: latin-1\r'\xe9'", "#\n# coding: latin-1\n'é'", id="CR, line 2"),
        pytest.param(b"a = '\x0c'\n", "a = '\x0c'\n", id="form feed stays"),
    ],
)
def test_source_is_decoded_as_python_reads_it(data: bytes, text: str) -> None:
    assert source_text(data) == text


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(b"x = '\xe9'\n", "is not valid utf-8", id="latin-1 without a line"),
        pytest.param(b"# coding: klingon\n", "unknown encoding klingon", id="unknown"),
        pytest.param(b"# coding: hex\n61", "unknown encoding hex", id="not a text encoding"),
        pytest.param(b"\xef\xbb\xbf# coding: latin-1\n", "UTF-8 mark", id="mark against line"),
        pytest.param(b"x = 1\0", "null byte", id="null byte"),
        pytest.param("x = 1".encode("utf-16-be"), "null byte", id="utf-16"),
        pytest.param(TooLarge(2 * MAX_SOURCE_BYTES), "2048 KB, the limit is 1024 KB", id="large"),
        pytest.param(Missing(), "not in this clone", id="missing"),
    ],
)
def test_what_is_no_source_says_why(answer: BlobAnswer, reason: str) -> None:
    found = source_text(answer)

    assert isinstance(found, Undecodable)
    assert reason in found.reason
