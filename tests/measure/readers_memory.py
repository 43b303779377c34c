"""Memory of the formats that are read as streams: what a long file takes more than a short one, and speed.

    python tests/measure/readers_memory.py [--mib 200] [--only NAME ...]

Each format in a process of its own; the file is made while it is read, and nothing of it stands on the disk.
"""

from __future__ import annotations

import argparse
import io
import resource
import subprocess
import sys
import time

from readers_speed import FORMATS, Made, iter_documents

BEGUN = 20
"""MiB after which memory is looked at for the first time."""
MOST = 40
"""MiB more that a format may take over the whole file."""


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(name: str, mib: int) -> bool:
    """Reads that much of a format and prints what it took; False if it took more and more."""
    head, one, foot = FORMATS[name]
    each = len(one(1).encode())
    count, early = mib * 1024 * 1024 // each, BEGUN * 1024 * 1024 // each
    begun, first, read = time.process_time(), 0.0, 0
    for read, _ in enumerate(iter_documents("-", stdin=io.BufferedReader(Made(head, one, foot, count))), 1):
        if read == early:
            first = memory()
    more, seconds = memory() - first, time.process_time() - begun
    whole = read == count
    print(
        f"{name:13} {mib:5} MiB, {read:9,} of {count:9,} articles: {first:5.0f} MiB, at the end {more:5.1f} more,"
        f" {read / seconds:6,.0f} articles a second with their making",
        flush=True,
    )
    return whole and more <= MOST


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=200)
    parser.add_argument("--only", nargs="+", choices=FORMATS, default=list(FORMATS), metavar="NAME")
    given = parser.parse_args()
    if len(given.only) == 1:
        sys.exit(not measured(given.only[0], given.mib))
    same = [sys.executable, __file__, "--mib", str(given.mib), "--only"]
    failed = [name for name in given.only if subprocess.run([*same, name], check=False).returncode]
    print(f"not flat, or not whole: {', '.join(failed) or 'none'}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
