"""The command line: parse, call one function, print, exit code. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the program; end the process with its documented exit code."""
    from presseschau.cli.exits import leave_on_signals, run

    leave_on_signals()  # what follows takes a while
    gc.set_threshold(20_000, 20, 10)  # patterns and models are made by the thousand, and all of them stay
    if sys.argv[1:] in (["--version"], ["-V"]):  # asked for by scripts: answered before Typer is loaded
        from presseschau.cli.terminal import emit_version

        run(emit_version)
    from presseschau.cli.app import app

    run(lambda: app(standalone_mode=False, prog_name="presseschau"))
