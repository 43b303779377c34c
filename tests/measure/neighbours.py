"""How Austrian and Swiss articles are read: fixtures/neighbours, by land.

Read as labelled: the number of units; outlet, agency, author and date. Silent: right English without an error or a
warning, in British and in American spelling. Planted: wrong English with one that the right English has not. Speakers:
whose words a sentence is, from the German alone.

    PYTHONPATH=src python tests/measure/neighbours.py [--show]
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from presseschau.checks import check_pair
from presseschau.facts.speech.voices import voices_of
from presseschau.ingest import read_article

FOLDER = Path(__file__).parents[2] / "fixtures" / "neighbours"
AMERICAN = {"per cent": "percent", "labour": "labor", "Labour": "Labor", "centime": "centime", " pm ": " p.m. "}
FIELDS = ("outlet", "agency", "author", "published")


def codes(de: str, en: str) -> set[str]:
    """Of errors and warnings."""
    return {finding.code for finding in check_pair(de, en) if finding.severity != "info"}


def american(en: str) -> str:
    for british, other in AMERICAN.items():
        en = en.replace(british, other)
    return en


def measured(land: str) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """What is right of how many, and what is not."""
    right, whole, faults = Counter[str](), Counter[str](), list[str]()

    def count(what: str, good: bool, fault: str) -> None:
        whole[what] += 1
        right[what] += good
        faults.extend([f"{what}: {fault}"] * (not good))

    for path in sorted(FOLDER.glob(f"{land}-*.json")):
        labels = json.loads(path.read_text("utf-8"))
        article = read_article(path.with_suffix(".txt").read_bytes(), source=path.name)
        german, english = [one.text for one in article.sentences], labels["english"]
        count("units", len(german) == len(english), f"{path.stem}: {len(german)} units for {len(english)}")
        for name in FIELDS:
            found = getattr(article, name)
            count("fields", found == labels.get(name), f"{path.stem}: {name} {found!r} for {labels.get(name)!r}")
        if len(german) != len(english):
            continue
        for de, en in zip(german, english, strict=True):
            for spelt in dict.fromkeys((en, american(en))):
                found_codes = codes(de, spelt)
                count("silent on right English", not found_codes, f"{sorted(found_codes)} {de} | {spelt}")
        for n, en, kind in labels["planted"]:
            more = codes(german[n - 1], en) - codes(german[n - 1], english[n - 1])
            count("planted errors found", bool(more), f"{kind}: {german[n - 1]} | {en}")
        body = [one for one in article.sentences if one.role in ("lead", "body")]
        for one, voice in zip(body, voices_of([s.text for s in body]), strict=True):
            wanted, said = labels["speakers"].get(str(one.n)), voice.speaker if voice else None
            good = wanted in said if wanted and said else said is wanted
            count("speakers", good, f"{said!r} for {wanted!r}: {one.text}")
    return {what: (right[what], whole[what]) for what in whole}, faults


if __name__ == "__main__":
    for name, land in (("Austria", "at"), ("Switzerland", "ch")):
        figures, wrong = measured(land)
        print(name)
        for what, (good, of) in figures.items():
            print(f"  {what} {good} of {of}")
        for fault in wrong if "--show" in sys.argv else ():
            print(f"    {fault}")
