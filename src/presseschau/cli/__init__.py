"""The command line: parse, call one function, print, exit code. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program; end the process with its documented exit code."""
    from presseschau.cli.exits import leave_on_signals, run

    leave_on_signals()  # what follows takes a while
    if sys.argv[1:] == ["--version"]:  # asked for by scripts: answered before Typer is loaded
        from presseschau.cli.terminal import emit_version

        run(emit_version)
    from presseschau.cli.app import app

    run(lambda: app(standalone_mode=False))
