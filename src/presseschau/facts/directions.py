"""Which way: whether something rises or falls, is at least or at most so much, comes before or after.

A text points one way only if no word of the kind in it may point the other way: "the price fell to a higher level" is
read as neither. The words are rows of `directions.csv`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.facts.words import words
from presseschau.lang import table

Way = tuple[str, str]
"""What a fact is called ("weak" before the kind of words with other senses), and its value."""


class _Row(NamedTuple):
    lang: str
    part: str
    kind: str
    value: str
    sure: bool
    form: str


@lru_cache(maxsize=6)
def _forms(lang: Lang, part: str) -> tuple[tuple[Way, re.Pattern[str]], ...]:
    forms: dict[Way, list[str]] = {}
    for row in table("de_en", "directions", _Row):
        if (row.lang, row.part) == (lang, part):
            forms.setdefault((row.kind if row.sure else f"weak {row.kind}", row.value), []).append(row.form)
    return tuple((way, re.compile("|".join(found))) for way, found in forms.items())


@lru_cache(maxsize=4)
def _any(lang: Lang, part: str) -> re.Pattern[str]:
    return re.compile("|".join(form.pattern for _, form in _forms(lang, part)))


@lru_cache(maxsize=8_192)
def _ways(lower: str, lang: Lang) -> tuple[Way, ...]:
    found: list[Way] = []
    if _any(lang, "word").fullmatch(lower):
        found += (way for way, form in _forms(lang, "word") if form.fullmatch(lower))
    if _any(lang, "inside").search(lower):
        found += (way for way, form in _forms(lang, "inside") if form.search(lower))
    return tuple(found)


@lru_cache(maxsize=512)
def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The words of `text` that say which way: facts whose `kind` is course, bound or order, "weak course" and so on
    for words with other senses as well, and whose `value` is up or down, least or most, after or before. Words with
    other senses alone are not read."""
    found = [(w.start, w.end, way) for w in words(text) for way in _ways(w.lower, lang)]
    for way, form in _forms(lang, "phrase"):
        found += [(*match.span(), way) for match in form.finditer(text)]
    if all(way[0].startswith("weak") for _, _, way in found):
        return ()
    return tuple(Fact(*way, text[start:end], start, end) for start, end, way in sorted(found))


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """`direction.reversed` for a kind of which the source says only one value, and the target only the other."""
    found = []
    for kind in ("course", "bound", "order"):
        here, there = (_only(side, kind) for side in (source, target))
        if here and there and here.value != there.value:
            found.append(Difference("direction.reversed", here, there))
    return tuple(found)


def _only(side: Facts, kind: str) -> Fact | None:
    """The first sure word of the kind, if none of the text, sure or not, points the other way."""
    known = [fact for fact in side.directions if fact.kind.endswith(kind)]
    sure = next((fact for fact in known if fact.kind == kind), None)
    return sure if sure and all(fact.value == sure.value for fact in known) else None
