"""The command line: parse, call one function, print, exit code. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the program; end the process with its documented exit code."""
    from presseschau.cli.exits import leave_on_signals, run

    leave_on_signals()  # what follows takes a while
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")  # to look for them takes longer than to load it
    gc.set_threshold(500_000, 20, 10)  # patterns and models are made by the thousand, and all of them stay
    if sys.argv[1:] in (["--version"], ["-V"]):  # asked for by scripts: answered before Typer is loaded
        from presseschau.cli.terminal import emit_version

        run(emit_version)
    from presseschau.cli.app import command_line

    run(lambda: command_line(sys.argv[1:])(standalone_mode=False, prog_name="presseschau"))
