"""What fell out, and what is said twice: precision, recall and F1 on good human pairs, half of them damaged.

Out falls, of the English of every second pair of PUD, WMT22 (news, A) and NTREX, in three ways: a phrase (from one
preposition, conjunction or comma to the next, 3 to 12 words), a clause (4 words or more between two commas, dashes or
semicolons, or from the last one to the end, at most 60 % of the words), a whole sentence (two neighbours are joined to
one pair, and the English of the second, of 6 words or more, is left out). The others stay as they are. Found: an
error or a warning, of a code that says something is missing (`content.omitted`, `content.dropped`), or with it those
of names, places, figures, dates, denials. Twice: a phrase of 2 to 6 words, said two to four times on end, in every
second pair; found is `repetition.loop`. Run: python tests/measure/omissions.py [--data DIR]
"""

from __future__ import annotations

import itertools
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import options
from pairs import good_pairs, wilson

from presseschau.checks import check_pair

CONTENT = ("content.omitted", "content.dropped")
MISSING = (*CONTENT, "name.missing", "place.missing", "number.missing", "date.missing", "negation.lost")
REPEATED = ("repetition.",)
OPENERS = re.compile(r" (?=(?:in|on|at|for|with|of|from|by|and|that|which|who|to|after|before|about|into)\b)|, ")
MARKS = re.compile(r"[,;]\s|\s[–—-]\s")
PHRASE, CLAUSE, SENTENCE = range(3, 13), 4, 6
MOST = 0.6

Pair = tuple[str, str]
Damage = Callable[[list[Pair], int, random.Random], tuple[Pair, Pair] | None]


def _stretches(en: str, marks: re.Pattern[str]) -> list[tuple[int, int]]:
    """Between two marks, or from one to the end without its full stop."""
    cuts = [found.start() for found in marks.finditer(en)]
    return list(itertools.pairwise([*cuts, len(en.rstrip('.!?”" '))]))


def _without(marks: re.Pattern[str], fits: Callable[[int, int], bool]) -> Damage:
    def damage(pairs: list[Pair], at: int, chance: random.Random) -> tuple[Pair, Pair] | None:
        de, en = pairs[at]
        places = [(a, b) for a, b in _stretches(en, marks) if fits(len(en[a:b].split()), len(en.split()))]
        if not places:
            return None
        begin, end = chance.choice(places)
        return (de, en), (de, en[:begin] + en[end:])

    return damage


def sentence(pairs: list[Pair], at: int, chance: random.Random) -> tuple[Pair, Pair] | None:
    (de, en), (next_de, next_en) = pairs[at], pairs[(at + 1) % len(pairs)]
    whole = f"{de} {next_de}"
    return ((whole, f"{en} {next_en}"), (whole, en)) if len(next_en.split()) >= SENTENCE else None


def twice(pairs: list[Pair], at: int, chance: random.Random) -> tuple[Pair, Pair] | None:
    de, en = pairs[at]
    words, count = en.split(), chance.randint(2, 6)
    if len(words) < count + 2:
        return None
    begin = chance.randrange(len(words) - count)
    end = begin + count
    looped = words[:end] + words[begin:end] * chance.randint(1, 3) + words[end:]
    return (de, en), (de, " ".join(looped))


KINDS: dict[str, tuple[Damage, tuple[tuple[str, ...], ...]]] = {
    "phrase": (_without(OPENERS, lambda n, _: n in PHRASE), (CONTENT, MISSING)),
    "clause": (_without(MARKS, lambda n, of: n >= CLAUSE and n <= MOST * of), (CONTENT, MISSING)),
    "sentence": (sentence, (CONTENT, MISSING)),
    "twice": (twice, (REPEATED,)),
}
NAMES = {CONTENT: "content.*", MISSING: "any that misses", REPEATED: "repetition.*"}


def measure(pairs: list[Pair], damage: Damage) -> list[tuple[bool, frozenset[str]]]:
    """Whether it was damaged, and what is said of it."""
    chance, found, wrong = random.Random(16), [], True
    for at in range(len(pairs)):
        if both := damage(pairs, at, chance):
            said = check_pair(*both[wrong])
            found.append((wrong, frozenset(f.code for f in said if f.severity in ("error", "warning"))))
            wrong = not wrong
    return found


def report(name: str, cells: list[tuple[bool, frozenset[str]]], codes: tuple[str, ...]) -> None:
    hits, alarms = (
        sum(w is wrong and any(c.startswith(codes) for c in said) for w, said in cells) for wrong in (True, False)
    )
    wrong = sum(w for w, _ in cells)
    f1 = 200 * hits / (hits + alarms + wrong) if hits else 0.0
    print(
        f"   {name:14} {NAMES[codes]:16} recall {wilson(hits, wrong):36} "
        f"precision {wilson(hits, hits + alarms):36} F1 {f1:.1f}"
    )


def main() -> None:
    every = good_pairs(options(__doc__).data)
    for kind, (damage, judged) in KINDS.items():
        print(kind)
        cells = {name: measure(every[name], damage) for name in ("pud", "wmt22 news A", "ntrex")}
        cells["all three"] = [cell for some in cells.values() for cell in some]
        for codes in judged:
            for name, some in cells.items():
                report(name, some, codes)


if __name__ == "__main__":
    main()
