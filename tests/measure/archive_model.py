"""Fifteen real articles through `batch` with the embedded model, interrupted (SIGINT) and resumed once.

Prints exit codes, how every article ended, what was sent, sentences without English, and sentences in which the checks
find German left in the English.
Run: python tests/measure/archive_model.py [--data DIR] [--articles 15] [--out DIR]
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "src"))

from outside import add_data, rows  # noqa: E402

from presseschau.models import Analysis  # noqa: E402


def run(folder: Path, stop_after: int | None) -> tuple[int, str]:
    """Exit code and last line of stderr; interrupted when so many articles are written."""
    out = folder / "out.jsonl"
    command = [sys.executable, "-m", "presseschau", "batch", str(folder / "in.jsonl"), "-o", str(out)]
    command += ["--cache", str(folder / "cache.sqlite3")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    while stop_after and process.poll() is None:
        time.sleep(0.5)
        if out.exists() and len(out.read_bytes().splitlines()) >= stop_after:
            process.send_signal(signal.SIGINT)
            stop_after = None
    said = process.communicate()[1]
    return process.returncode, said.strip().splitlines()[-1]


def report(folder: Path) -> None:
    print("states:", json.loads((folder / "out.jsonl.d/manifest.json").read_text("utf-8"))["counts"])
    lines = (folder / "out.jsonl").read_text("utf-8").splitlines()
    results = [Analysis.model_validate_json(line) for line in lines]
    rows = [row for result in results for row in result.translation or ()]
    left = [row for row in rows if any(f.code == "language.untranslated" for f in row.findings)]
    print(f"{len(results)} articles, {len(rows)} sentences, {sum(row.en is None for row in rows)} without English")
    codes = Counter(f"{f.severity} {f.code}" for row in rows for f in row.findings if f.severity != "info")
    print("findings:", ", ".join(f"{code} {n}" for code, n in codes.most_common()) or "none")
    print(f"German left in: {len(left)}")
    for row in left:
        print(f"   {row.de[:110]}\n   {(row.en or '')[:110]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data(parser)
    parser.add_argument("--articles", type=int, default=15)
    parser.add_argument("--out", type=Path, help="keep everything in this folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.out or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        source = options.data / "tenkgnad" / "articles.jsonl"
        lines = [json.dumps(row) for row in rows(source)[: options.articles]]
        (folder / "in.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
        for stop_after in (options.articles // 3, None):
            began = time.monotonic()
            code, last = run(folder, stop_after)
            print(f"exit {code} after {time.monotonic() - began:.0f} s: {last}")
        report(folder)


if __name__ == "__main__":
    main()
