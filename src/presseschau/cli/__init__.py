"""The command line: parse, call one function, print, exit code. Nothing heavy is imported before it is needed."""

from __future__ import annotations


def main() -> None:
    """Run the program; end the process with its documented exit code."""
    from presseschau.cli.exits import leave_on_signals

    leave_on_signals()  # what follows takes a third of a second
    from presseschau.cli.app import run

    run()
