"""Names, places and acronyms: false alarms on good pairs; detection of replaced and removed names (DEMETR, Europarl).

Run: python tests/measure/names.py [--data DIR] [--show]. A name "in the tables or alike" is one whose form in the good
translation is a place or acronym of the tables, or is spelt in the German as in the English.
"""

from __future__ import annotations

import difflib
import random
import re
from collections import Counter
from pathlib import Path
from time import perf_counter
from typing import Any

from outside import options, rows
from pairs import good_pairs, wilson

from presseschau.checks import check_pair
from presseschau.facts.fact import Difference, Facts, Lang
from presseschau.facts.names import acronyms, persons, places
from presseschau.facts.names.persons import all_keys
from presseschau.facts.names.transliteration import key
from presseschau.facts.words import words

CONCEPTS = (places, persons, acronyms)


def facts(text: str, lang: Lang) -> Facts:
    return Facts(
        text, lang, places=places.read(text, lang), persons=persons.read(text, lang), acronyms=acronyms.read(text, lang)
    )


def alarms(de: str, en: str, weak: bool = False) -> list[Difference]:
    """The differences of names, places and acronyms of a pair: the sure ones, or with `weak` all."""
    source, target = facts(de, "de"), facts(en, "en")
    return [d for concept in CONCEPTS for d in concept.differences(source, target) if weak or not d.weak]


def loud(de: str, en: str) -> set[tuple[str, str]]:
    """What the checks say of names as an error or a warning: code and message."""
    return {(f.code, f.message) for f in check_pair(de, en) if f.severity != "info" and f.code.startswith(NAMED)}


NAMED = ("name.", "place.", "acronym.")


def false_alarms(data: Path, show: bool) -> None:
    print(f"{'set':14} {'pairs':>6} {'pairs alarmed':>14} {'per 100':>8} {'ms/pair':>8}  by code (weak ones after +)")
    for name, pairs in good_pairs(data).items():
        begin = perf_counter()
        found = [(de, en, alarms(de, en, weak=True)) for de, en in pairs]
        spent = 1000 * (perf_counter() - begin) / len(pairs)
        codes = Counter(d.code + ("+" if d.weak else "") for *_, all_ in found for d in all_)
        hit = sum(any(not d.weak for d in all_) for *_, all_ in found)
        total = sum(not d.weak for *_, all_ in found for d in all_)
        print(
            f"{name:14} {len(pairs):6} {hit:14} {100 * total / len(pairs):8.2f} {spent:8.3f}  "
            + " ".join(f"{c}={n}" for c, n in sorted(codes.items()))
        )
        if show:
            for de, en, all_ in found:
                if sure := [d for d in all_ if not d.weak]:
                    print(
                        "    "
                        + "; ".join(f"{d.code} {(d.source or d.target).text}" for d in sure)
                        + f"\n      {de}\n      {en}"
                    )  # type: ignore[union-attr]


def _cut(good: str, bad: str) -> list[str]:
    """The words of `good` that `bad` lacks."""
    a, b = [w.text for w in words(good)], [w.text for w in words(bad)]
    return [
        w
        for op, i, j, _, _ in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
        if op in ("replace", "delete")
        for w in a[i:j]
    ]


def known_or_alike(de: str, good: str, bad: str) -> bool:
    """Is a name that was cut out of `good` a place or acronym of the tables, or does the German have it as it is?"""
    cut = [w for w in _cut(good, bad) if w[:1].isupper() and w not in ("The", "And")]
    return any(
        places.read(w, "en")
        or acronyms.read(w, "en")
        or re.search(rf"\b{re.escape(w.removesuffix(chr(39) + 's'))}", de)
        for w in cut
    )


def demetr(data: Path, show: bool) -> None:
    items = rows(data / "demetr-de" / "items.jsonl")
    for kind in ("critical_id9_ne_replaced", "critical_id25_ne_removed"):
        group = [r for r in items if r["pert"] == kind]
        for title, chosen in (
            ("all", group),
            ("in tables or alike", [r for r in group if known_or_alike(r["de"], r["mt"], r["pert_mt"])]),
        ):
            for weak in (False, True):
                caught = [
                    r for r in chosen if len(alarms(r["de"], r["pert_mt"], weak)) > len(alarms(r["de"], r["mt"], weak))
                ]
                print(f"demetr {kind}, {title}{', with weak' if weak else ''}: {wilson(len(caught), len(chosen))}")
                if show and not weak and title != "all":
                    for r in chosen:
                        if r not in caught:
                            print(f"    missed {_cut(r['mt'], r['pert_mt'])}\n      {r['de']}\n      {r['pert_mt']}")
    others = [r for r in items if r["pert"].startswith("minor") or r["pert"] == "base_id35_reference"]
    wrong = sum(bool(alarms(r["de"], r["pert_mt"])) for r in others)
    print(f"demetr minor errors and references: alarms {wilson(wrong, len(others))}")


def europarl(data: Path) -> None:
    pairs: list[dict[str, Any]] = rows(data / "europarl-ner-deen" / "pairs.jsonl")
    alarmed = Counter(d.code for r in pairs for d in alarms(r["de"], r["en"]))
    print(f"europarl, good pairs: alarms {sum(alarmed.values())} in {len(pairs)} pairs {dict(alarmed)}")
    rng = random.Random(9)
    by_type: dict[str, list[str]] = {}
    for r in pairs:
        for kind, text in r["en_entities"]:
            by_type.setdefault(kind, []).append(text)
    for kind in sorted(by_type):
        caught = removed = seen = n = 0
        for r in pairs:
            for one, text in r["en_entities"]:
                if one != kind or r["en"].count(text) != 1:
                    continue
                other = rng.choice([t for t in by_type[kind] if t.lower() not in r["en"].lower() and t[:1].isupper()])
                before = len(alarms(r["de"], r["en"]))
                n += 1
                caught += len(alarms(r["de"], r["en"].replace(text, other))) > before
                removed += len(alarms(r["de"], r["en"].replace(text, ""))) > before
                seen += bool(loud(r["de"], r["en"].replace(text, other)) - loud(r["de"], r["en"]))
        print(
            f"europarl {kind}: replaced by another one caught {wilson(caught, n)}; removed caught {wilson(removed, n)}"
            f"; replaced, by all checks {wilson(seen, n)}"
        )


def salient(data: Path) -> None:
    group = [r for r in rows(data / "bbh-salient-errors" / "items.jsonl") if r["error"] == "Named Entities"]
    for weak in (False, True):
        caught = sum(bool(alarms(r["de"], r["en"], weak)) for r in group)
        print(f"bbh Named Entities{', with weak' if weak else ''}: caught {wilson(caught, len(group))}")


def pud_deleted(data: Path) -> None:
    caught = n = 0
    for r in rows(data / "pud-parallel" / "pairs.jsonl"):
        there = all_keys(r["de"])
        for word in r["en_propn"]:
            if (
                r["en"].count(word) == 1
                and word[:1].isupper()
                and len(word) > 2
                and (key(word) in there or places.read(word, "en"))
            ):
                n += 1
                caught += len(alarms(r["de"], r["en"].replace(word, ""))) > len(alarms(r["de"], r["en"]))
    print(f"pud: one proper noun (in tables or alike) deleted, caught {wilson(caught, n)}")


def main() -> None:
    given = options(__doc__)
    data, show = given.data, given.show
    false_alarms(data, show)
    demetr(data, show)
    europarl(data)
    pud_deleted(data)
    salient(data)


if __name__ == "__main__":
    main()
