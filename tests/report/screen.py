"""A terminal, as far as our line of progress goes; an unknown command is an error."""

import re

_COMMANDS = re.compile(r"\x1b\[(\d*)([ABK])|\x1b([D78])|([\r\n])|([^\x1b\r\n]+)")


class Screen:
    """Rows of text and a cursor; what leaves at the top is in ``gone``."""

    def __init__(self, rows: int = 5, columns: int = 60) -> None:
        self.rows = [""] * rows
        self.gone: list[str] = []
        self.row = self.column = 0
        self._columns = columns
        self._kept = (0, 0)

    def feed(self, text: str) -> None:
        at = 0
        while at < len(text):
            found = _COMMANDS.match(text, at)
            assert found, text[at : at + 10]
            at = found.end()
            self._do(found)

    @property
    def text(self) -> list[str]:
        """Return all that was ever written and not erased, without empty rows."""
        return [row.rstrip() for row in (*self.gone, *self.rows) if row.strip()]

    def _do(self, found: re.Match[str]) -> None:
        _, control, escape, end, text = found.groups()
        if text:
            self._write(text)
        elif control == "A":
            self.row = max(0, self.row - 1)
        elif control == "B":
            self.row = min(len(self.rows) - 1, self.row + 1)
        elif control == "K":
            self.rows[self.row] = self.rows[self.row][: self.column]
        elif escape == "7":
            self._kept = self.row, self.column
        elif escape == "8":
            self.row, self.column = self._kept
        else:  # a line end, or ESC D, which keeps the column
            self.column = self.column if escape == "D" else 0
            if end != "\r":
                self._down()

    def _write(self, text: str) -> None:
        assert self.column + len(text) < self._columns, "it would wrap"
        row = self.rows[self.row].ljust(self.column)
        self.rows[self.row] = row[: self.column] + text + row[self.column + len(text) :]
        self.column += len(text)

    def _down(self) -> None:
        if self.row == len(self.rows) - 1:
            self.gone.append(self.rows.pop(0))
            self.rows.append("")
        else:
            self.row += 1
