"""The command line: parse, call one function, print, exit code. Nothing heavy is imported before it is needed."""

from __future__ import annotations

from presseschau.cli.app import main

__all__ = ["main"]
