"""What the checks catch: DEMETR minimal pairs, BBH salient errors, MLQE, and errors planted in good pairs.

Planted: digits, scales, decimal shifts, number words, months ... (planted_numbers.py), a negation taken out, German
words left in (german_left.py), periods (periods.py), phrases and gold tokens cut out. Voices are judged on Wikinews
(voices.py).

A check fires if it has an error or a warning. DEMETR pair accuracy: fires on the damaged translation and not on the
sound one. `own` counts the codes that name the damage, `any` all codes. Minor damage (case, marks, typing errors) must
raise no error. Dropped phrases are compared with length alone at the same number of alarms on the same good pairs.
Run: python tests/measure/detection.py [--data DIR]
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

import german_left
import periods
import voices
from names import known_or_alike
from negation import without_negation
from outside import options, rows
from pairs import good_pairs, wilson
from planted_numbers import PLANTS

from presseschau.checks import check_pair
from presseschau.checks.pair.omission import LEAST
from presseschau.facts.polarity import negation

OWN = {
    "id10_": ("number.", "date."),
    "id9_": ("name.", "place."),
    "id25_": ("name.", "place.", "acronym."),
    "id8_": ("negation.",),
    "id7_": ("meaning.", "direction."),
    "id4_": ("language.",),
    "id5_": ("content.omitted",),
    "id21_": ("content.omitted",),
    "id22_": ("content.omitted",),
    "id23_": ("content.omitted",),
    "id24_": ("content.omitted",),
    "id6_": ("content.added",),
    "id1_": ("repetition.",),
    "id2_": ("repetition.",),
    "id33_": ("coverage.", "content."),
}
BBH = {
    "Named Entities": ("name.", "place."),
    "Numerical Values": ("number.", "date."),
    "Negation or Antonyms": ("negation.",),
    "Dropped Content": ("content.omitted", "name.", "place.", "number.", "date."),
    "Modifiers or Adjectives": (),
    "Facts": (),
}
JUDGED = ("pud", "wmt22 news A", "wmt22 news B")
NAMES, NUMBERS = ("name.", "place.", "acronym."), ("number.", "date.")
Codes = frozenset[str]
Pairs = dict[str, list[tuple[str, str]]]


def grave(de: str, en: str, severities: tuple[str, ...] = ("error", "warning")) -> Codes:
    return frozenset(f.code for f in check_pair(de, en) if f.severity in severities)


def demetr(data: Path) -> None:
    found: dict[str, list[tuple[Codes, Codes, bool]]] = {}
    for row in rows(data / "demetr-de" / "items.jsonl"):
        sound, damaged = grave(row["de"], row["mt"]), grave(row["de"], row["pert_mt"])
        new_error = bool(grave(row["de"], row["pert_mt"], ("error",)) - grave(row["de"], row["mt"], ("error",)))
        found.setdefault(row["pert"], []).append((sound, damaged, new_error))
    print("DEMETR: pair accuracy with the codes that name the damage, with any code; pairs with a new error")
    for pert in sorted(found):
        prefixes = next((codes for part, codes in OWN.items() if part in pert), ())
        cells = found[pert]
        own = sum(fires(d, prefixes) and not fires(s, prefixes) for s, d, _ in cells)
        whole = sum(bool(d - s) and not s for s, d, _ in cells)
        errors = sum(error for _, _, error in cells)
        shown = wilson(own, len(cells)) if prefixes else "-"
        print(f"   {pert:32} own {shown:34} any {whole:3} errors {errors:3} of {len(cells)}")
    sound_alarms = sum(bool(s) for cells in found.values() for s, _, _ in cells)
    total = sum(map(len, found.values()))
    print(f"   alarms on the sound translations (repeated by damage): {wilson(sound_alarms, total)}")


def fires(codes: Codes, prefixes: tuple[str, ...]) -> bool:
    return any(code.startswith(prefixes) for code in codes) if prefixes else bool(codes)


def bbh(data: Path) -> None:
    print("\nBBH salient errors: recall by class, any code and the codes that name the class")
    found: dict[str, list[Codes]] = {}
    for row in rows(data / "bbh-salient-errors" / "items.jsonl"):
        found.setdefault(row["error"], []).append(grave(row["de"], row["en"]))
    for name, cells in sorted(found.items()):
        own = wilson(sum(fires(c, BBH[name]) for c in cells), len(cells)) if BBH[name] else "-"
        print(f"   {name:26} any {wilson(sum(map(bool, cells)), len(cells)):34} own {own}")


def names(data: Path) -> None:
    """DEMETR names that the tables have or that both languages spell alike."""
    print("\nDEMETR names in the tables or spelt alike: found (and not on the sound translation)")
    items = rows(data / "demetr-de" / "items.jsonl")
    for kind in ("critical_id9_ne_replaced", "critical_id25_ne_removed"):
        chosen = [r for r in items if r["pert"] == kind and known_or_alike(r["de"], r["mt"], r["pert_mt"])]
        print(f"   {kind:32} {wilson(sum(newly(r['de'], r['mt'], r['pert_mt'], NAMES) for r in chosen), len(chosen))}")


def newly(de: str, sound: str, damaged: str, prefixes: tuple[str, ...]) -> bool:
    return fires(grave(de, damaged), prefixes) and not fires(grave(de, sound), prefixes)


def planted_numbers(sets: Pairs) -> None:
    print("\nnumbers and dates planted in good pairs (seed 20261122): found by a number or date finding")
    rng = random.Random(20261122)
    hits: dict[str, list[bool]] = {name: [] for name in PLANTS}
    for pairs in sets.values():
        for de, en in pairs:
            changed = {name: text for name, plant in PLANTS.items() if (text := plant(en, rng)) and text != en}
            if changed and not fires(grave(de, en), NUMBERS):
                for name, text in changed.items():
                    hits[name].append(fires(grave(de, text), NUMBERS))
    for name, found in hits.items():
        print(f"   {name:10}{wilson(sum(found), len(found))}")


def planted_negation(sets: Pairs) -> None:
    pairs = [
        (de, en, cut)
        for name in ("pud", "ntrex")
        for de, en in sets[name]
        if any(fact.value == "strong" for fact in negation.read(de, "de")) and (cut := without_negation(en))
    ]
    sample = random.Random(8).sample(pairs, 100)
    found = sum(newly(de, en, cut, ("negation.",)) for de, en, cut in sample)
    print(f"\nnegation taken out of 100 PUD and NTREX pairs (seed 8): {wilson(found, len(sample))}")


def mlqe(data: Path) -> None:
    weights = {"error": 2, "warning": 1, "info": 0}
    scored = [
        (sum(weights[f.severity] for f in check_pair(row["de"], row["en"])), row["label"] == "ERR")
        for row in rows(data / "mlqe-critical-ende" / "items.jsonl")
    ]
    bad = [score for score, wrong in scored if wrong]
    good = [score for score, wrong in scored if not wrong]
    wins = sum((b > g) + 0.5 * (b == g) for b in bad for g in good)
    print(f"\nMLQE critical errors, read backwards: AUC {wins / (len(bad) * len(good)):.3f}")
    for label, scores in (("ERR", bad), ("NOT", good)):
        print(f"   fires on {label} {wilson(sum(score > 0 for score in scores), len(scores))}")


def omission(sets: dict[str, list[tuple[str, str]]], data: Path) -> None:
    """Length alone gets the limit at which it raises as many alarms on the same good pairs as the check does.

    These are PUD and WMT22: NTREX was translated into German, which says more than the English it came from.
    """
    print("\ndropped phrase (12 to 50 % of the words, seed 7): found by the check, and by length alone at equal alarms")
    usable = {name: [(de, en) for de, en in pairs if len(de) >= LEAST] for name, pairs in sets.items()}
    good = [pair for name, pairs in usable.items() if name in JUDGED for pair in pairs]
    alarms = sum(omitted(de, en) for de, en in good)
    limit = sorted(len(en) / len(de) for de, en in good)[alarms]
    print(f"   alarms on {len(good)} good pairs of PUD and WMT22: {alarms}; so length alone alarms below {limit:.2f}")
    chance = random.Random(7)
    damaged = {name: [(de, cut) for de, en in pairs if (cut := drop(en, chance))] for name, pairs in usable.items()}
    for part in ("id5_", "id21_", "id22_", "id23_", "id24_"):
        items = (row for row in rows(data / "demetr-de" / "items.jsonl") if part in row["pert"])
        damaged[f"demetr {part}"] = [(row["de"], row["pert_mt"]) for row in items]
    items = (row for row in rows(data / "bbh-salient-errors" / "items.jsonl") if row["error"] == "Dropped Content")
    damaged["bbh dropped"] = [(row["de"], row["en"]) for row in items]
    for name, pairs in damaged.items():
        check = share(pairs, omitted)
        length = share(pairs, lambda de, en: len(en) / len(de) < limit)
        print(f"   {name:14} check {check:36} length alone {length}")


def omitted(de: str, en: str) -> bool:
    return "content.omitted" in grave(de, en)


def share(pairs: list[tuple[str, str]], fired: Callable[[str, str], bool]) -> str:
    return wilson(sum(fired(de, en) for de, en in pairs), len(pairs))


def drop(en: str, chance: random.Random) -> str | None:
    parts = en.split()
    if len(parts) < 8:
        return None
    count = max(2, int(len(parts) * chance.uniform(0.12, 0.5)))
    openers = {"in", "on", "at", "for", "with", "of", "from", "by", "and", "that", "which", "who", "to", "after"}
    places = range(1, len(parts) - count + 1)
    starts = [i for i in places if parts[i - 1].endswith(",") or parts[i].lower() in openers]
    i = chance.choice(starts or list(places))
    return " ".join(parts[:i] + parts[i + count :])


def pud_deletions(data: Path) -> None:
    print("\nPUD: one gold token deleted from the English; the check that names it fires (and did not before)")
    kinds: dict[str, tuple[str, tuple[str, ...]]] = {
        "number": ("en_num", ("number.", "date.", "content.omitted")),
        "name": ("en_propn", ("name.", "place.", "date.", "content.omitted")),
        "negation": ("en_neg", ("negation.",)),
    }
    items = rows(data / "pud-parallel" / "pairs.jsonl")
    for kind, (field, prefixes) in kinds.items():
        hits = [fires_after(row["de"], row["en"], row[field], prefixes) for row in items if row[field]]
        print(f"   {kind:10}{wilson(sum(hits), len(hits))}")


def fires_after(de: str, en: str, tokens: Iterable[str], prefixes: tuple[str, ...]) -> bool:
    before, after = en.partition(next(iter(tokens)))[::2]
    return fires(grave(de, before.rstrip() + after), prefixes) and not fires(grave(de, en), prefixes)


def main() -> None:
    data = options(__doc__).data
    every = good_pairs(data)
    sets = {name: every[name] for name in ("pud", "wmt22 news A", "ntrex")}
    demetr(data)
    names(data)
    bbh(data)
    mlqe(data)
    planted_numbers(sets)
    planted_negation(sets)
    print()
    german_left.report(every, show=False)
    periods.detection(sets)
    omission({**sets, "wmt22 news B": every["wmt22 news B"]}, data)
    pud_deletions(data)
    print("\nvoices on Wikinews: precision and recall by type")
    voices.wikinews(data, show=False)


if __name__ == "__main__":
    main()
