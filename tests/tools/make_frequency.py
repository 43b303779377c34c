"""Make `tests/lang/frequency.txt`: the content words of German news and their counts, the most frequent first.

Run: python tests/tools/make_frequency.py [--data DIR]. Counted in tenkgnad, the Wikinews sample, UD German GSD,
NTREX-128, Europarl and lingua's sentences: single words with counts, no text. WMT22, PUD and the articles of
`fixtures/` are held out (`tests/lang/test_coverage.py`). Forms of a word are put together by the endings of lang/;
function words, numbers and names are left out; a compound that is seen less than three times counts for its parts if
both are seen by themselves.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "measure")]
from outside import options, rows  # noqa: E402

from presseschau.facts.names.gazetteer import gazetteer  # noqa: E402
from presseschau.facts.words import words  # noqa: E402
from presseschau.lang import cuts, listed, vocabulary  # noqa: E402

SETS = (
    ("tenkgnad/articles.jsonl", "text"),
    ("quotes-wikinews/train_sample.jsonl", "text"),
    ("ud-german/gsd_dev.jsonl", "text"),
    ("ntrex-deen/segments.jsonl", "de"),
    ("europarl-ner-deen/pairs.jsonl", "de"),
    ("langid/items.jsonl", "text"),
)
JOINTS = ("", "s", "es", "n", "en", "er", "e")
LEAST = 2
"""Times a word must be counted: single ones are chance."""
OUT = ROOT / "tests" / "lang" / "frequency.txt"


def texts(data: Path) -> Iterator[str]:
    for name, field in SETS:
        yield from (row[field] for row in rows(data / name) if row.get("lang", "de") == "de")


def counts(data: Path) -> tuple[Counter[str], set[str]]:
    """Each form, nouns with their capital, and the capitalised ones that an article or the like was seen before."""
    found: Counter[str] = Counter()
    nouns: set[str] = set()
    determiners = vocabulary("de_en", "german_left", "determiner")
    first: Counter[str] = Counter()
    for text in texts(data):
        own = words(text)
        for before, item in pairwise(own):
            if not item.text.replace("-", "").isalpha() or item.lower in listed("de", "function_words"):
                continue
            for part in item.text.split("-"):
                if len(part) < 3 or part.isupper():
                    continue
                opens = before.end < item.start - 1
                (first if opens else found)[part] += 1
                if before.lower in determiners:
                    nouns.add(part)
    for form, count in first.items():
        found[form if form in found or form.lower() not in found else form.lower()] += count
    return found, nouns


def base(form: str) -> str:
    """What the forms of a word have in common, more or less."""
    stem = next((stem for stem, ending in cuts("de", form.lower(), "light") if len(stem) > 3), form.lower())
    return stem.translate(str.maketrans("äöü", "aou"))


def main() -> None:
    data = options(__doc__).data
    found, nouns = counts(data)
    places = gazetteer("de").single
    known = listed("de", "nouns") | listed("de", "words")
    groups: dict[tuple[str, bool], Counter[str]] = {}
    for form, count in found.items():
        capital = form[0].isupper()
        name = form in places or (form not in nouns and form.lower() not in known)
        if not capital or not name:
            groups.setdefault((base(form), capital), Counter())[form] += count
    total = {key: forms.total() for key, forms in groups.items()}
    for stem, capital in groups:
        if capital and total[stem, capital] < 3 and (parts := split(stem, total)):
            for part in parts:
                total[part] += total[stem, capital]
            del total[stem, capital]
    with OUT.open("w", encoding="utf-8") as out:
        out.write(
            "# Content words of German news and how often they were counted: made by tests/tools/make_frequency.py.\n"
        )
        for key, count in sorted(total.items(), key=lambda item: (-item[1], item[0])):
            if count < LEAST:
                break
            out.write(f"{max(groups[key], key=lambda form: (groups[key][form], form))},{count}\n")
    print(f"{len(total)} words, {sum(total.values())} counted")


def split(stem: str, total: dict[tuple[str, bool], int]) -> list[tuple[str, bool]]:
    best: list[tuple[str, bool]] = []
    score = 1
    for i in range(4, len(stem) - 3):
        last = (stem[i:], True)
        for joint in JOINTS:
            first = stem[:i].removesuffix(joint)
            if len(first) > 3 and stem[:i].endswith(joint) and (first, True) in total and last in total:
                product = total[first, True] * total[last]
                if product > score:
                    best, score = [(first, True), last], product
    return best


if __name__ == "__main__":
    main()
