"""Sentence boundaries: F1 on UD German-GSD, pySBD's rules, and speed.

    python tests/measure/sentences.py [--data DIR] [--errors]

A boundary is the end offset of a sentence inside a paragraph of ten gold sentences joined by one blank; the last one
of a paragraph is not counted, since no splitter can miss it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

from outside import add_data, rows  # noqa: E402

from presseschau.ingest.sentences import split  # noqa: E402

GROUP = 10
FIRST_NEWS_ID = 302
OTHERS = (
    ("pud-parallel/pairs.jsonl", "de"),
    ("wmt22-deen/segments.jsonl", "src"),
    ("ntrex-deen/segments.jsonl", "de"),
)
WRONG_RULES = json.loads((ROOT / "fixtures/ingest/sentences/pysbd_disputed.json").read_text("utf-8"))


def marked(text: str) -> bool:
    """Does a printed sentence end here? Colon-ended and unmarked lines of the treebank are cut out of longer text."""
    return text.rstrip("\"“”«»‘’')]`").endswith((".", "!", "?", "…"))


def boundaries(groups: Iterator[list[str]], errors: bool) -> tuple[int, int, int]:
    """(right, false, missed) inner boundaries over all groups."""
    right = false = missed = 0
    for group in groups:
        text, gold, at = " ".join(group), set(), 0
        for sentence in group[:-1]:
            at += len(sentence)
            gold.add(at)
            at += 1
        found = {end for _, end in split(text)} - {len(text)}
        right += len(gold & found)
        false += len(found - gold)
        missed += len(gold - found)
        if errors:
            for kind, ends in (("false ", found - gold), ("missed", gold - found)):
                for end in sorted(ends):
                    print(f"  {kind} …{text[max(0, end - 60) : end]} | {text[end : end + 40]}…")
    return right, false, missed


def grouped(sentences: list[str]) -> Iterator[list[str]]:
    for i in range(0, len(sentences), GROUP):
        yield sentences[i : i + GROUP]


def report(name: str, sentences: list[str], errors: bool) -> None:
    right, false, missed = boundaries(grouped(sentences), errors)
    f1 = 200 * right / (2 * right + false + missed) if right else 0.0
    print(f"{name:<46} {len(sentences):>6} sentences   F1 {f1:6.2f}   false {false:>3}   missed {missed:>3}")


def pysbd(path: Path) -> None:
    """Rules pass when our sentences equal theirs but for white space."""
    passed, disputed, failed = 0, 0, []
    for row in rows(path):
        ours = [" ".join(row["text"][a:b].split()) for a, b in split(row["text"])]
        theirs = [" ".join(s.split()) for s in row["sentences"]]
        if ours == theirs:
            passed += 1
        elif any(row["text"].strip().startswith(d["text"]) for d in WRONG_RULES):
            disputed += 1
        else:
            failed.append((row["text"], ours))
    print(f"{'pySBD rules':<46} {passed} passed, {disputed} disputed (below), {len(failed)} failed")
    for text, ours in failed:
        print(f"  failed: {text[:300]!r}\n          {ours}")
    for rule in WRONG_RULES:
        print(f"  disputed: {rule['text'][:70]!r}: {rule['why']}")


def speed(text: str) -> None:
    text = text * (4_000_000 // len(text) + 1)
    paragraphs = [text[i : i + 600] for i in range(0, len(text), 600)]
    start = time.process_time()
    for paragraph in paragraphs:
        split(paragraph)
    seconds = time.process_time() - start
    rate = len(text) / seconds / 1e6
    print(f"{'speed, paragraphs of 600 characters':<46} {rate:.2f} million characters a CPU second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data(parser)
    parser.add_argument("--errors", action="store_true", help="print every false and missed boundary")
    args = parser.parse_args()
    gsd = args.data / "ud-german" / "gsd_dev.jsonl"
    sentences = [(int(row["id"].removeprefix("dev-s")), row["text"]) for row in rows(gsd)]
    news = [text for n, text in sentences if n >= FIRST_NEWS_ID]
    report("GSD news, marked lines", [t for t in news if marked(t)], args.errors)
    report("GSD news, all lines", news, False)
    report("GSD reviews", [text for n, text in sentences if n < FIRST_NEWS_ID], False)
    for name, field in OTHERS:
        path = args.data / name
        if path.exists():
            lines = [" ".join(row[field].split()) for row in rows(path)]
            report(f"{name} (lines are translation units)", [t for t in lines if marked(t)], args.errors)
    pysbd(args.data / "ud-german" / "pysbd_german_rules.jsonl")
    speed(" ".join(news))


if __name__ == "__main__":
    main()
