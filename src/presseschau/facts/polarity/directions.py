"""Which way: whether something rises or falls, is at least or at most so much, comes before or after.

A text points one way only if no word of the kind in it may point the other way: "the price fell to a higher level" is
read as neither. The words are rows of `directions.csv`, the phrases rules of
`directions.toml`.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.facts.words import words
from presseschau.lang import Pattern, any_of, rules, table

Way = tuple[str, str]
"""What a fact is called ("weak" before the kind of words with other senses), and its value."""


class _DirectionRow(NamedTuple):
    word: str
    part: str
    kind: str
    value: str
    sure: bool


@lru_cache(maxsize=6)
def _words(lang: Lang, part: str) -> dict[str, list[Way]]:
    """The words that are known whole, by how they begin, or by what is inside of them, and the ways that they point."""
    found: dict[str, list[Way]] = {}
    for row in table(lang, "directions", _DirectionRow):
        if row.part == part:
            found.setdefault(row.word, []).append((row.kind if row.sure else f"weak {row.kind}", row.value))
    return found


@lru_cache(maxsize=32_768)
def _ways(lower: str, lang: Lang) -> tuple[Way, ...]:
    whole, begins, inside = (_words(lang, part) for part in ("word", "begins", "inside"))
    cuts = [k for k in range(2, len(lower) + 1) if lower[:k] in begins]
    own = [way for k in cuts for way in begins[lower[:k]] if lower[k - 1 :].isalnum()]
    within = [way for word, ways in inside.items() if word in lower for way in ways]
    return (*dict.fromkeys([*whole.get(lower, ()), *own]), *dict.fromkeys(within))


@lru_cache(maxsize=512)
def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The words of `text` that say which way: facts whose `kind` is course, bound or order, "weak course" and so on
    for words with other senses as well, and whose `value` is up or down, least or most, after or before. Words with
    other senses alone are not read."""
    found = [(w.start, w.end, way) for w in words(text) for way in _ways(w.lower, lang)]
    for name, value, pattern in _phrases(lang):
        found += [(*match.span(), (name, value)) for match in pattern.finditer(text)]
    if all(way[0].startswith("weak") for _, _, way in found):
        return ()
    return tuple(Fact(*way, text[start:end], start, end) for start, end, way in sorted(found))


@cache
def _phrases(lang: Lang) -> tuple[tuple[str, str, Pattern], ...]:
    kinds = dict.fromkeys(rule.kind for rule in rules(lang, "directions").values())
    parts = ((*kind.partition(" "), any_of(lang, "directions", kind)) for kind in kinds)
    return tuple((name, value, pattern) for name, _, value, pattern in parts)


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """`direction.reversed` for a kind of which the source says only one value, and the target only the other."""
    found = []
    for kind in ("course", "bound", "order"):
        here = _only(source, kind)
        there = here and _only(target, kind)
        if here and there and here.value != there.value:
            found.append(Difference("direction.reversed", here, there))
    return tuple(found)


def _only(side: Facts, kind: str) -> Fact | None:
    """The first sure word of the kind, if none of the text, sure or not, points the other way."""
    known = [fact for fact in side.directions if fact.kind.endswith(kind)]
    sure = next((fact for fact in known if fact.kind == kind), None)
    return sure if sure and all(fact.value == sure.value for fact in known) else None
