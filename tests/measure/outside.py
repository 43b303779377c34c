"""Data sets from outside this repository: where they lie and how their rows are read. None of them is copied into it.

The folder is the one given by --data, else by the environment variable PRESSESCHAU_DATA, else ../shared/data beside the
repository. What each set is, where it came from and how its rows look stands in tests/measure/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def folder() -> Path:
    """Where the data sets are looked for without --data; it need not be there."""
    return Path(os.environ.get("PRESSESCHAU_DATA") or ROOT.parent / "shared" / "data")


def add_data(parser: argparse.ArgumentParser) -> None:
    """Give the parser the option --data."""
    parser.add_argument(
        "--data", type=Path, default=folder(), help="the data sets (default: $PRESSESCHAU_DATA, else ../shared/data)"
    )


def options(description: str | None) -> argparse.Namespace:
    """The options `data` and `show`, for scripts that need no others."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data(parser)
    parser.add_argument("--show", action="store_true", help="print what is behind the figures")
    return parser.parse_args()


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file; exits with a sentence if it is missing."""
    if not path.is_file():
        sys.exit(
            f"{path} is missing. It is no part of the repository: tests/measure/README.md says where the data set "
            f"{path.parent.name} comes from. Name the folder that holds it with PRESSESCHAU_DATA or --data."
        )
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
