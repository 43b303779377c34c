"""`name.inconsistent`: a name is rendered one way in an article, over all its windows.

A reader takes Zelensky and Zelenskyy, Kyiv and Kiev, Müller and Mueller for two. A German name is held against the
English words that are spelt like it, or that the tables have for it; the rendering that most sentences have, or of
several such the first, is the article's. And a name that only the English of a sentence has is none of its own if the
German names it in another sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from presseschau.checks.bitext import Bitext
from presseschau.facts.fact import Fact
from presseschau.facts.names.name_words import without_genitive
from presseschau.facts.names.persons import SAME, all_keys, english_surnames
from presseschau.facts.names.transliteration import key, likeness
from presseschau.facts.words import Word
from presseschau.findings import Found, flag, span

CODE = "name.inconsistent"
SHORTEST = 4
"""Letters of a name that is looked at."""
ADDED = ("name.added", "place.added")


class _Rendering(NamedTuple):
    n: int
    german: Word | Fact
    english: Word | Fact

    @property
    def spelt(self) -> str:
        return without_genitive(self.english.text)


def inconsistent(rows: Sequence[tuple[int, Bitext]]) -> dict[int, tuple[Found, ...]]:
    """Findings by sentence number, for each name whose English is not the article's; spans count in the sentence."""
    named: dict[str, list[_Rendering]] = {}
    names = {without_genitive(fact.text) for _, pair in rows for fact in pair.german.facts.persons}
    for n, pair in rows:
        for one in _renderings(n, pair, names):
            named.setdefault(without_genitive(one.german.text), []).append(one)
    found: dict[int, tuple[Found, ...]] = {}
    texts = dict(rows)
    for said in named.values():
        times = Counter(one.spelt for one in said)
        usual = max(times, key=lambda spelling: times[spelling])  # of equals the first
        for one in said:
            if not _same(one.spelt, usual):
                pair, de, en = texts[one.n], one.german, one.english
                spans = span(pair.de, de.start, de.end), span(pair.en, en.start, en.end)
                item = flag(CODE, de=spans[0], en=spans[1], said={"usual": f"“{usual}”"})
                found[one.n] = (*found.get(one.n, ()), item)
    return found


def _renderings(n: int, pair: Bitext, names: set[str]) -> Iterator[_Rendering]:
    """Each name of the German, of a person if the article has it as one anywhere, with the one word of the English that
    stands for it."""
    capitals = [word for word in pair.english.words if word.text[0].isupper() and len(word.text) >= SHORTEST]
    for name in pair.german.words:
        own = without_genitive(name.text)
        if own not in names or len(own) < SHORTEST:
            continue
        listed = english_surnames().get(own, "")
        alike = [
            word
            for word in capitals
            if "-" not in word.text
            and (bare := without_genitive(word.text))
            and (bare in (own, listed) or likeness(key(own), key(bare)) >= SAME)
        ]
        if len({without_genitive(word.text) for word in alike}) == 1:
            yield _Rendering(n, name, alike[0])
    for fact in pair.german.facts.places:
        there = [
            one for one in pair.english.facts.places if one.value == fact.value and one.kind == fact.kind == "place"
        ]
        if len({one.text for one in there}) == 1 and len(there[0].text) >= SHORTEST and there[0].text.isalpha():
            yield _Rendering(n, fact, there[0])


def _same(one: str, other: str) -> bool:
    """The same spelling, but for a plural s."""
    return one in (other, other + "s") or other == one + "s"


def named_elsewhere(item: Found, rows: Sequence[tuple[int, Bitext]]) -> bool:
    """Is this a name that the English of a sentence adds and the German of another has (he: Joe Biden)?"""
    if item.code not in ADDED or item.en_span is None or item.severity == "info":
        return False
    word = without_genitive(item.en_span.text)
    values = {fact.value for _, pair in rows for fact in pair.english.facts.places if fact.text == item.en_span.text}
    return any(
        key(word) in all_keys(pair.de) or values & {fact.value for fact in pair.german.facts.places} for _, pair in rows
    )
