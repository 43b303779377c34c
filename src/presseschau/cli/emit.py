"""Data on stdout."""

from __future__ import annotations

import os
import sys


def emit(text: object, end: str = "\n") -> None:
    """Print data on stdout. A reader that has gone away is no error; OutputError if it cannot be written."""
    if sys.stdout is None:  # closed by the caller, as in `>&-`
        from presseschau.errors import OutputError

        raise OutputError("The output cannot be written: standard output is closed.")
    try:
        sys.stdout.write(f"{text}{end}")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the interpreter tries once more
        from presseschau.errors import OutputError

        raise OutputError(f"The output cannot be written: {error.strerror}.") from None
