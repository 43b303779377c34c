"""Reading speed on one core and memory over a long JSONL.

Usage: python tests/measure/reading_speed.py [--data DIR] [--rows N]

Prints articles a second for decode + repair + normalise on clean and on damaged text of about 3 kB, rows a second
and peak memory of the iterator over a JSONL of N rows (made on the fly in a temporary folder), after a tenth of it
and at its end: flat means that the two are equal.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "ingest")]

from damage import misread, sample_chain  # noqa: E402
from outside import add_data, rows  # noqa: E402

from presseschau.ingest.sources import iter_documents  # noqa: E402
from presseschau.ingest.text.decode import decode  # noqa: E402
from presseschau.ingest.text.normalize import normalize  # noqa: E402
from presseschau.ingest.text.repair import repair  # noqa: E402


def articles(data: Path) -> list[str]:
    lines = [row["de"].strip() for row in rows(data / "ntrex-deen" / "segments.jsonl")]
    texts, now = [], ""
    for line in lines:
        now += line + "\n\n"
        if len(now) >= 3000:
            texts.append(now)
            now = ""
    return texts


def speed(texts: list[str], damage: Callable[[str], str]) -> float:
    datas = [damage(text).encode() for text in texts]
    normalize(repair(decode(datas[0]).text).text)  # imports and tables are made once
    start = time.process_time()
    for data in datas:
        normalize(repair(decode(data).text).text)
    return len(datas) / (time.process_time() - start)


def peak_kilobytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_data(parser)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    texts = articles(options.data)
    print(f"{len(texts)} articles of {sum(map(len, texts)) // len(texts)} characters")
    for name, damage in (
        ("clean", str), ("sample chain", sample_chain), ("UTF-8 as 8859-16", lambda text: misread(text, "iso8859_16")),
        ("UTF-8 as cp1252", lambda text: misread(text, "cp1252")),
        ("twice cp1252", lambda text: misread(misread(text, "cp1252"), "cp1252")),
        ("unknown (gbk)", lambda text: misread(text, "gbk", "replace")),
    ):  # fmt: skip
        print(f"{name:20} {speed(texts, damage):8.0f} articles/s")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for number in range(options.rows):
                file.write(json.dumps({"title": f"Titel {number}", "text": texts[number % len(texts)][:600]}) + "\n")
        start = time.process_time()
        early = 0
        for number, _ in enumerate(iter_documents([str(path)])):
            if number == options.rows // 10:
                early = peak_kilobytes()
        rate = options.rows / (time.process_time() - start)
        late = peak_kilobytes() // 1024
        print(f"{options.rows:,} rows: {rate:,.0f} rows/s; peak {early // 1024} MB after a tenth, {late} MB at the end")


if __name__ == "__main__":
    main()
