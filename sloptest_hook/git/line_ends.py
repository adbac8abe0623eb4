"""Keeps the line ends that a file has on disk, whatever git would write there."""


def in_the_line_ends_of(model: bytes, content: bytes) -> bytes | None:
    r"""Return the content with the line ends of the model; None: it has both kinds.

    >>> in_the_line_ends_of(b"a\r\n", b"a\nb\n")
    b'a\r\nb\r\n'
    """
    crlf = model.count(b"\r\n")
    if crlf and crlf != model.count(b"\n"):
        return None
    plain = without_cr(content)
    return plain.replace(b"\n", b"\r\n") if crlf else plain


def without_cr(content: bytes) -> bytes:
    """Return the content with a line feed alone at the end of every line."""
    return content.replace(b"\r\n", b"\n")
