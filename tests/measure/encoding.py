"""Encoding repair: share of damaged words restored, by kind of damage, and changes made to clean text.

Usage: python tests/measure/encoding.py [--data DIR] [--unit document|sentence] [--limit N]
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "ingest")]

from damage import misread, misread_bytewise, sample_chain, some_lines  # noqa: E402
from outside import add_data, rows  # noqa: E402

from presseschau.ingest.text.normalize import normalize  # noqa: E402
from presseschau.ingest.text.repair import repair  # noqa: E402

JUDGED = ("iso8859_16", "iso8859_15", "iso8859_14", "cp1252", "cp1250", "mac_roman", "cp850")
FURTHER = ("latin_1", "iso8859_4", "cp1254", "cp1257", "cp437", "cp1251", "cp1253", "mac_latin2", "koi8_r",
           "iso8859_5", "mac_greek", "iso8859_11", "ptcp154", "hp_roman8", "iso8859_10", "cp852")  # fmt: skip
UNKNOWN = ("gbk", "shift_jis", "big5", "euc_kr", "cp864", "iso8859_6", "cp1006", "cp1255", "koi8_t", "cp037")
_QUOTES = str.maketrans("„“”‚‘’", "\"\"\"'''")


def damages() -> dict[str, Callable[[str], str]]:
    table: dict[str, Callable[[str], str]] = {
        "sample chain": sample_chain,
        "sample chain, quotes curled off": lambda text: sample_chain(text, uncurl=True),
        "8859-15 then ftfy": lambda text: sample_chain(text, codec="iso8859_15"),
    }
    for codec in (*JUDGED, *FURTHER):
        table[f"UTF-8 as {codec}"] = lambda text, codec=codec: misread(text, codec)
    table["UTF-8 as cp1252 twice"] = lambda text: misread(misread(text, "cp1252"), "cp1252")
    table["UTF-8 as cp1252, gaps dropped"] = lambda text: misread(text, "cp1252", "drop")
    table["UTF-8 as cp1252, gaps U+FFFD"] = lambda text: misread(text, "cp1252", "replace")
    table["a tenth of the lines, 8859-16"] = lambda text: some_lines(text, lambda s: misread(s, "iso8859_16"), 0.1)
    table["a tenth of the lines, sample chain"] = lambda text: some_lines(text, sample_chain, 0.1)
    for written, read in (("cp1252", "mac_roman"), ("mac_roman", "cp1252"), ("cp850", "cp1252"), ("cp1252", "cp850"),
                          ("cp1252", "cp1251"), ("cp1252", "cp437")):  # fmt: skip
        table[f"{written} read as {read}"] = lambda text, w=written, r=read: misread_bytewise(text, w, r)
    return table


def words(text: str) -> list[str]:
    return re.split("[ \n\t]+", text)


def restored(original: str, damaged: str, mended: str) -> tuple[int, int, list[str]]:
    """(damaged words, of these restored, examples of what was not), by aligning word lists."""
    good, bad, now = words(original), words(damaged), words(mended)
    broken = _unequal(good, bad)
    wrong = _unequal(good, now)
    return len(broken), len(broken - wrong), [good[n] for n in sorted(broken & wrong)]


def _unequal(good: list[str], other: list[str]) -> set[int]:
    if len(good) == len(other):
        return {n for n, (a, b) in enumerate(zip(good, other, strict=True)) if a != b}
    matcher = difflib.SequenceMatcher(None, good, other, autojunk=False)
    equal = {n for block in matcher.get_matching_blocks() for n in range(block.a, block.a + block.size)}
    return set(range(len(good))) - equal


def documents(data: Path, unit: str, limit: int) -> list[str]:
    texts = [row["text"] for row in rows(data / "tenkgnad" / "articles.jsonl")]
    by_doc: dict[str, list[str]] = {}
    for row in rows(data / "ntrex-deen" / "segments.jsonl"):
        by_doc.setdefault(row["doc"], []).append(row["de"].strip())
    texts += ["\n".join(lines) for lines in by_doc.values()]
    if unit == "sentence":
        texts = [line for lines in list(by_doc.values()) for line in lines]
    step = max(1, len(texts) // limit)
    return [normalize(text)[0] for text in texts[::step]]


def measure(texts: list[str], damage: Callable[[str], str], *, fold: bool) -> tuple[int, int, float, list[str]]:
    broken = mended_count = 0
    missed: list[str] = []
    seconds = 0.0
    for text in texts:
        damaged = damage(text)
        start = time.perf_counter()
        mended = normalize(repair(damaged).text)[0]
        seconds += time.perf_counter() - start
        triple = (text, damaged, mended)
        count, good, examples = restored(*(t.translate(_QUOTES) for t in triple) if fold else triple)
        broken, mended_count = broken + count, mended_count + good
        missed += examples
    return broken, mended_count, len(texts) / seconds, missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_data(parser)
    parser.add_argument("--unit", choices=("document", "sentence"), default="document")
    parser.add_argument("--limit", type=int, default=160)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    texts = documents(options.data, options.unit, options.limit)
    print(f"{len(texts)} clean texts ({options.unit})")
    changed = [text for text in texts if repair(text).text != text]
    print(f"clean texts changed: {len(changed)} of {len(texts)}")
    print(f"{'damage':38} {'damaged words':>13} {'restored':>9} {'texts/s':>8}  not restored")
    for name, damage in damages().items():
        if options.only in name:
            fold = "chain" in name or "ftfy" in name  # ftfy straightens quotation marks
            count, good, speed, missed = measure(texts, damage, fold=fold)
            shown = " ".join(dict.fromkeys(missed[:60]))[:90]
            print(f"{name:38} {count:13} {good / max(1, count):9.2%} {speed:8.0f}  {shown}")
    for codec in UNKNOWN:
        _report_unknown(texts, codec)


def _report_unknown(texts: list[str], codec: str) -> None:
    damaged = [text for text in (misread(t, codec, "replace") for t in texts) if not text.isascii()]
    results = [(text, repair(text)) for text in damaged]
    same = sum(1 for text, result in results if result.text == text)
    warned = sum(1 for _, result in results if result.findings)
    print(f"unknown codec {codec:12} unchanged {same} of {len(damaged)}, warned {warned}")


if __name__ == "__main__":
    main()
