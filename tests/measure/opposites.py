"""How sure `meaning.opposite` is: alarms on good pairs against poles turned in the same pairs, by row and by outcome.

Turned: in a good human pair an English word of a pole that the German says is put into a word of the other pole
(seed 4). Precision: turned pairs found, of those and the alarms on the untouched pairs; each pair counts once as good
and once for each row that could be turned in it. The words are the table's own, so what is found says nothing of words
that it lacks: DEMETR antonyms (detection.py) and meaning.py do.
Run: python tests/measure/opposites.py [--data DIR] [--show]     (--show: each alarm, and each row)
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import options, rows
from pairs import good_pairs, wilson

from presseschau.checks.bitext import bitext
from presseschau.checks.pair.opposites import opposites, said_at
from presseschau.checks.pair.poles import Pole, poles_of
from presseschau.facts.lexicon import english_forms
from presseschau.findings import Found, told

SETS = ("pud", "wmt22 all A", "wmt22 all B", "ntrex")


def alarm(de: str, en: str) -> Found | None:
    return next(told(opposites(bitext(de, en)), de, en), None)


def turned(de: str, en: str, chance: random.Random) -> Iterator[tuple[Pole, str]]:
    """The pair with one pole turned, for each pole that both sides say."""
    pair = bitext(de, en)
    done = set()
    for item in pair.coverage:
        _, verb = pair.german.separated.get(item.start, (0, ""))
        for pole in poles_of(verb or item.text.lower()):
            place = next((p for word in pole.own if (p := said_at(word, pair.english))), None)
            if place and pole.other and place not in done:
                done.add(place)
                other = chance.choice(pole.other)
                yield pole, en[: place.start] + inflected(place.text, pole.own, other) + en[place.end :]


def inflected(word: str, own: tuple[str, ...], other: str) -> str:
    """`other` in the form that `word` has of one of its own: rejected for accepted."""
    low = word.lower()
    base = max((form for w in own for form in english_forms(w) if low.startswith(form)), key=len, default=low)
    ending = low.removeprefix(base)
    first, *rest = other.split(" ")
    if ending in ("ed", "d", "ing", "s", "es"):
        first = (first.removesuffix("e") if ending != "s" else first) + {"d": "ed", "es": "s"}.get(ending, ending)
    said = " ".join((first, *rest))
    return said.capitalize() if word[0].isupper() else said


def main() -> None:
    chosen = options(__doc__)
    every = good_pairs(chosen.data)
    sets = {name: every[name] for name in SETS}
    sets["europarl"] = [(r["de"], r["en"]) for r in rows(chosen.data / "europarl-ner-deen" / "pairs.jsonl")]
    chance = random.Random(4)
    false, found, total = Counter[str](), Counter[str](), Counter[str]()
    by_row: dict[str, Counter[str]] = {}
    for name, pairs in sets.items():
        alarms = 0
        for de, en in pairs:
            if one := alarm(de, en):
                alarms += 1
                false[one.severity] += 1
                if chosen.show:
                    print(f"{one.severity}: {one.message}\n   {de}\n   {en}")
                continue
            for pole, damaged in turned(de, en, chance):
                kind = pole.outcome or "none"
                one = alarm(de, damaged)
                total[kind] += 1
                row = by_row.setdefault("/".join((pole.own[0], pole.other[0])), Counter())
                row["turned"] += 1
                if one:
                    found[kind] += 1
                    found[one.severity] += 1
                    row["found"] += 1
        print(f"{name:14} alarms on good pairs {alarms:3} of {len(pairs)}")
    for kind in sorted(total):
        print(f"turned, {kind:12} found {wilson(found[kind], total[kind])}")
    for severity in ("error", "warning"):
        print(f"precision, {severity:10}{wilson(found[severity], found[severity] + false[severity])}")
    if chosen.show:
        for key, row in sorted(by_row.items(), key=lambda item: -item[1]["turned"]):
            print(f"   {key:40} found {row['found']:3} of {row['turned']}")


if __name__ == "__main__":
    main()
