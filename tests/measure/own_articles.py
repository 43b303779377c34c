"""The checks on this project's own articles: careful English.

No outside data is needed. Findings per 100 sentences, and whether a merged and padded translation is found at every
place. The claims on the same articles: claims_spoiled.py.
Run: python tests/measure/own_articles.py [--show CODE]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from pairs import wilson

from presseschau.checks import check_translation
from presseschau.ingest import read_article
from presseschau.models import Article, Finding, Sentence

ROOT = Path(__file__).parents[2]
NATURAL = ("claims/natural", "claims/natural_second", "claims/natural_third", "claims/natural_fourth")
FOLDERS = tuple(ROOT / "fixtures" / name for name in ("articles/own", *NATURAL))


@lru_cache
def article(slug: str) -> Article:
    (path,) = (file for folder in FOLDERS if (file := folder / f"{slug}.txt").exists())
    return read_article(path.read_bytes(), source=path.name)


def translation(slug: str) -> list[tuple[Sentence, str | None]]:
    english = json.loads((ROOT / "fixtures" / "translations" / "own" / f"{slug}.json").read_text("utf-8"))
    return [(sentence, english.get(str(sentence.n))) for sentence in article(slug).sentences]


def translations(show: str) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    total = alarmed = merged = merged_found = 0
    slugs = sorted(path.stem for path in (ROOT / "fixtures" / "translations" / "own").glob("*.json"))
    for slug in slugs:
        pairs = translation(slug)
        if any(english is None for _, english in pairs):
            print(f"   {slug}: ingest numbers it differently from its translation, left out")
            continue
        found = check_translation(pairs)
        total += len(pairs)
        alarmed += sum(any(item.severity != "info" for item in items) for items in found.values())
        for n, items in found.items():
            counts.update({(item.code, item.severity) for item in items})
            shown(items, show, slug, n, {s.n: en for s, en in pairs}[n] or "")
        for i in range(2, len(pairs) - 3):
            english = [en or "" for _, en in pairs]
            bad = [*english[:i], f"{english[i]} {english[i + 1]}", *english[i + 2 :], english[-1]]
            after = check_translation(list(zip((s for s, _ in pairs), bad, strict=True)))
            merged += 1
            merged_found += any(item.code == "coverage.shifted" for items in after.values() for item in items)
    print(f"good translations, sentences with an error or a warning: {wilson(alarmed, total)}")
    for (code, severity), count in sorted(counts.items()):
        print(f"   {code + ' ' + severity:30}{100 * count / total:6.2f} per 100")
    print(f"two sentences merged, tail padded, at every place: found {wilson(merged_found, merged)}")


def shown(items: tuple[Finding, ...], show: str, slug: str, n: object, text: str) -> None:
    for item in items:
        if item.code == show or (show == "all" and item.severity != "info"):
            print(f"   {item.severity} {item.code} {slug} {n}: {item.message} | {text}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", default="", metavar="CODE", help="print the findings with this code, or all")
    show = parser.parse_args().show
    translations(show)


if __name__ == "__main__":
    main()
