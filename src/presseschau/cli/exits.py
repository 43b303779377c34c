"""How the program ends: one clear sentence on stderr and a documented exit code."""

from __future__ import annotations

import sys

INTERRUPTED = 130
TERMINATED = 143


class Terminated(BaseException):
    """SIGTERM arrived."""


def ended(error: BaseException) -> int:
    """The exit code for whatever ended the program; known errors are said on stderr. Bugs pass through."""
    from presseschau.errors import PresseschauError

    if isinstance(error, PresseschauError):
        complain(str(error))
        return error.exit_code
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "Abort":
        say_interrupted()
        return INTERRUPTED
    if isinstance(error, Terminated):
        complain("Terminated. What was answered so far is in the cache: run the same command to continue.")
        return TERMINATED
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # typer's usage errors
        show = getattr(error, "show", None)
        if callable(show):
            show(sys.stderr)
        return int(error.exit_code)
    raise error


def say_interrupted() -> None:
    """How to go on after Ctrl-C."""
    complain("Interrupted. What was answered so far is in the cache: run the same command to continue.")


def complain(sentence: str) -> None:
    """One line on stderr."""
    print(f"presseschau: {' '.join(sentence.split())}", file=sys.stderr)
