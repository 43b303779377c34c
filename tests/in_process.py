"""The program as a user runs it, in this process: `main` with its own streams, and the signals as they were."""

from __future__ import annotations

import gc
import io
import signal
import sys
from dataclasses import dataclass
from unittest.mock import patch

from presseschau.cli import main


@dataclass(frozen=True)
class Ended:
    """Exit code, and what was printed."""

    code: int
    out: str
    err: str


def presseschau(*arguments: str, said: str = "") -> Ended:
    """The end of `presseschau ARGUMENTS`, with `said` on its standard input."""
    out, err = io.BytesIO(), io.BytesIO()
    streams = {"stdout": io.TextIOWrapper(out, "utf-8"), "stderr": io.TextIOWrapper(err, "utf-8")}
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    collecting = gc.get_threshold()
    code: object = 0
    try:
        with patch.multiple(
            sys, argv=["presseschau", *arguments], stdin=io.TextIOWrapper(io.BytesIO(said.encode()), "utf-8"), **streams
        ):
            try:
                main()
            except SystemExit as ended:
                code = ended.code
            sys.stdout.flush()
            sys.stderr.flush()
            printed = out.getvalue().decode(), err.getvalue().decode()  # what guards stderr takes its buffer with it
    finally:
        gc.unfreeze()  # a program that ends has no use for it; this process goes on
        gc.set_threshold(*collecting)
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return Ended(code if isinstance(code, int) else 1, *printed)
