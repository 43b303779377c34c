"""Data sets from outside this repository: where they lie and how their rows are read. None of them is copied into it.

The folder is the one given by --data, else by the environment variable PRESSESCHAU_DATA, else ../shared/data beside the
repository. What each set is, where it came from and how its rows look stands in tests/measure/README.md.

    python tests/measure/outside.py [--data DIR]      # where to get each set, and whether what lies here is it
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass(frozen=True)
class DataSet:
    """A row of the table in tests/measure/README.md; `files` relative to the folder of all sets."""

    files: tuple[str, ...]
    digest: str
    source: str
    licence: str

    @property
    def name(self) -> str:
        return self.files[0].partition("/")[0]

    def lying(self, data: Path) -> str | None:
        """The first twelve digits of the SHA-256 of its files, one behind the other; None if one is missing."""
        paths = [data / self.name / Path(file).name for file in self.files]
        if not all(path.is_file() for path in paths):
            return None
        return sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:12]


def data_sets() -> list[DataSet]:
    """The sets that tests/measure/README.md lists."""
    found = []
    for line in (HERE / "README.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) == 5 and (files := re.findall(r"`([\w./-]+\.jsonl)`", cells[0])):
            found.append(DataSet(tuple(files), *cells[1:4]))
    return found


def digests(data: Path) -> dict[str, str]:
    """The hash of each set that lies here, by its name."""
    return {known.name: digest for known in data_sets() if (digest := known.lying(data))}


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data(parser)
    data, other = parser.parse_args().data, 0
    for known in data_sets():
        digest = known.lying(data)
        state = "missing" if digest is None else "as recorded" if digest == known.digest else f"another one: {digest}"
        other += digest not in (None, known.digest)
        print(f"{known.name:20} {known.digest}  {state}")
        for source in re.split(r"[,;] | and ", known.source):
            repository, _, commit = source.rpartition(" ")
            print(f"    https://github.com/{repository}/tree/{commit}   ({known.licence})")
    print(f"looked for in {data}; fields and rows: tests/measure/README.md")
    sys.exit(bool(other))


if __name__ == "__main__":
    main()
