"""The checks on this project's own articles: careful English, and hand-written claims, right and spoiled.

No outside data is needed. Translations: findings per 100 sentences, and whether a merged and padded translation is
found at every place. Claims: share of right ones with an error, and of each kind of spoiled one that gets an error or
a warning.
Run: python tests/measure/own_articles.py [--show CODE]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from pairs import wilson

from presseschau.checks import check_claim, check_translation
from presseschau.ingest import read_article
from presseschau.models import Article, Finding, Sentence

ROOT = Path(__file__).parents[2]
SPOILED = ("speaker_swapped", "moved", "negated", "number_changed", "teaser")


@lru_cache
def article(slug: str) -> Article:
    path = ROOT / "fixtures" / "articles" / "own" / f"{slug}.txt"
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


def claims(show: str) -> None:
    rows = [json.loads(line) for line in (ROOT / "fixtures/claims/own_claims.jsonl").read_text("utf-8").splitlines()]
    print("\nclaims: with an error; with an error or a warning")
    for kind in ("right", *SPOILED):
        errors, alarms, codes = [], [], Counter[str]()
        for row in rows:
            changed = {} if kind == "right" else row[kind]
            if changed is None:
                continue
            found = checked({**row, **changed})
            if kind == "right":
                shown(found, show, row["article"], row["id"], row["text"])
            grave = [item for item in found if item.severity != "info"]
            errors.append(any(item.severity == "error" for item in found))
            alarms.append(bool(grave))
            codes.update({item.code for item in grave})
        print(f"   {kind:16} {wilson(sum(errors), len(errors)):36} {wilson(sum(alarms), len(alarms))}")
        print(f"      {dict(codes.most_common(6))}")


def checked(row: dict[str, Any]) -> tuple[Finding, ...]:
    text = article(row["article"])
    evidence = [sentence for sentence in text.sentences if sentence.n in row["sentences"]]
    return check_claim(row["text"], evidence, text, row["speaker"], cited=row["sentences"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", default="", metavar="CODE", help="print the findings with this code, or all")
    show = parser.parse_args().show
    translations(show)
    claims(show)


if __name__ == "__main__":
    main()
