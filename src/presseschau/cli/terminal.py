"""What is printed: data exactly, and what people read without anything that a terminal would obey or hide.

A file, its name, a server's message may hold an escape sequence that clears the screen, or a mark that turns the
direction of writing round. On a terminal, and in all that is for people, such characters stand as escapes.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO, cast

from presseschau.patterns import WITHOUT_WIDTH

if TYPE_CHECKING:
    from rich.console import Console


def shown(text: str) -> str:
    """`text` with controls but line end and tab, marks of direction, what has no width and halves of characters as
    escapes: \\u202e, and \\xfc for a byte of a name that is not UTF-8."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if _is_seen(character) else _escape(ord(character)) for character in text)


def _is_seen(character: str) -> bool:
    if character.isprintable():
        return character not in WITHOUT_WIDTH
    return character in "\n\t" or unicodedata.category(character) == "Zs"


def _escape(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def emit(text: object, end: str = "\n") -> None:
    """Print data on stdout: exactly, but on a terminal. A reader that has gone away is not an error; OutputError if it
    cannot be written."""
    if sys.stdout is None:  # closed by the caller, as in `>&-`
        from presseschau.errors import OutputError

        raise OutputError("The output cannot be written: standard output is closed.")
    line = f"{text}{end}"
    line = shown(line) if sys.stdout.isatty() else line
    try:
        try:
            sys.stdout.write(line)
        except UnicodeEncodeError:  # half a character, or an encoding that is not UTF-8
            encoding = sys.stdout.encoding
            sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the interpreter tries once more
        from presseschau.errors import OutputError

        raise OutputError(f"The output cannot be written: {error.strerror}.") from None


def tell(text: object) -> None:
    """Print on stdout what is for people, and for a program only by accident. Raises OutputError like `emit`."""
    emit(shown(str(text)))


def emit_version() -> None:
    """Print the version; raises OutputError like `emit`."""
    from importlib.metadata import version

    emit(version("presseschau"))


def guard_stderr() -> None:
    """From here on all that is written to `sys.stderr`, by whatever library, is `shown`."""
    if sys.stderr is not None and not isinstance(sys.stderr, _Guarded):
        sys.stderr = cast(TextIO, _Guarded(sys.stderr))


class _Guarded:
    """A stream before another one, which stays its owner's."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(shown(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def console() -> Console:
    """Standard error for moving displays, whose own escape sequences must pass: what is foreign in them is `shown`."""
    from rich.console import Console

    return Console(file=sys.__stderr__)
