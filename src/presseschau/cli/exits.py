"""How the program ends: one clear sentence on stderr and a documented exit code."""

from __future__ import annotations

import gc
import os
import signal
import sys

TYPE_CHECKING = False  # `typing` takes longer to load than all that must be there before the first signal is heard
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

INTERRUPTED = 130
TERMINATED = 143


class Terminated(BaseException):
    """SIGTERM arrived."""


def run(program: Callable[[], object]) -> NoReturn:
    """Run `program`; end the process with its documented exit code, never with a traceback for a known error."""
    from presseschau.cli.terminal import guard_stderr

    guard_stderr()
    try:
        raise_on_signals()
        code = program()
        if code == INTERRUPTED:  # typer has turned Ctrl-C into this
            say_interrupted()
    except BaseException as error:  # noqa: BLE001 - the one place that turns every end into an exit code
        code = ended(error)
    leave_on_signals()  # all is done: while the interpreter ends, an exception would only be a traceback
    gc.freeze()  # nor does the interpreter search a hundred thousand objects for rubbish before it goes
    sys.exit(code if isinstance(code, int) else 0)


def ended(error: BaseException) -> int:
    """The exit code for whatever ended the program; known errors are said on stderr. Bugs pass through."""
    from presseschau.errors import PresseschauError

    if isinstance(error, BaseExceptionGroup) and (stopped := error.subgroup((KeyboardInterrupt, Terminated))):
        return ended(stopped.exceptions[0])  # a signal that came while a task of a group ran
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
        _in_words(error)
        show = getattr(error, "show", None)
        if callable(show):
            show(sys.stderr)
        return int(error.exit_code)
    raise error


def _in_words(error: Any) -> None:
    """A usage error without the words of the library that checks values, and with the variable where a value came from
    the environment."""
    import re

    from presseschau.cli.environment import named_by

    said, context = getattr(error, "message", None), getattr(error, "ctx", None)
    if not isinstance(said, str):
        return
    said = re.sub(r"Input should be (.*?)(?:, unable to (?:parse|interpret) .*)?$", r"it must be \1", said)
    said = said.replace("a valid boolean", "1 (yes) or 0 (no)")
    error.message = said.replace("Value error, ", "") + _missing_command(said)
    if context is None:
        return
    if context.info_name in _OF_ONE and said.startswith("Got unexpected extra argument"):
        error.message += ". It takes one article; several: presseschau batch FILES -o archive.db"
    names = named_by(context)
    parameter = getattr(error, "param", None)
    if parameter is not None and getattr(error, "param_hint", None) is None:
        variable = names.get(parameter.opts[0])
        error.param_hint = f"{variable} (in the environment)" if variable else " / ".join(map(repr, parameter.opts))
    error.message = re.sub(
        r"--[a-z][a-z-]+",
        lambda option: f"{option[0]} (set by {names[option[0]]})" if option[0] in names else option[0],
        error.message,
    )


_OF_ONE = ("article", "translate", "summarize", "claims")


def _missing_command(said: str) -> str:
    """What to type where the first word is a file, a folder or an address and no command."""
    import re
    import shlex
    from pathlib import Path

    named = re.fullmatch(r"No such command '(.+)'\.", said)
    if named is None or not (named[1].startswith(("http://", "https://")) or Path(named[1]).exists()):
        return ""
    command, output = ("batch", " -o archive.db") if Path(named[1]).is_dir() else ("article", "")
    return f" To analyse it: presseschau {command} {shlex.quote(named[1])}{output}"


def leave_on_signals() -> None:
    """From here on a signal ends the process at once: there is nothing to be put in order, and an exception in the
    middle of an import is lost, or takes another shape."""
    _on_signals(_leave, _leave)


def raise_on_signals() -> None:
    """From here on SIGINT is KeyboardInterrupt and SIGTERM is Terminated, so that what is under way ends in order."""
    _on_signals(signal.default_int_handler, _terminate)


def _on_signals(interrupted: Callable[[int, Any], Any], terminated: Callable[[int, Any], Any]) -> None:
    for number, handler in ((signal.SIGINT, interrupted), (signal.SIGTERM, terminated)):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as a shell starts jobs in the background
            signal.signal(number, handler)


def _leave(number: int, frame: object) -> NoReturn:
    os._exit(128 + number)


def _terminate(number: int, frame: object) -> NoReturn:
    raise Terminated


def say_interrupted() -> None:
    """How to go on after Ctrl-C."""
    complain("Interrupted. What was answered so far is in the cache: run the same command to continue.")


def complain(sentence: str) -> None:
    """One line on stderr."""
    print(f"presseschau: {' '.join(sentence.split())}", file=sys.stderr)
