"""Persons and other names: every name in the English must have its German counterpart, and the known ones the
other way too.

Names are compared by a transliteration key (Selenskyj = Zelensky); two tables are exact: public figures whose spellings
differ, and first names that must not be mixed (Wladimir Putin, Wolodymyr Selenskyj).
"""

from __future__ import annotations

import re
from functools import lru_cache

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.facts.names.name_words import (
    Spelling,
    english_names,
    first_names,
    german_names,
    is_ordinary,
    without_genitive,
)
from presseschau.facts.names.transliteration import key, likeness
from presseschau.facts.words import ratio, words
from presseschau.lang import PAIR, SOURCE, regex, table
from presseschau.patterns import late

SAME = 70.0
"""Likeness from which two spellings are one name (measured: 57 of 57 pairs match, 7 of 3,192 others)."""
OTHER = 60.0
"""Likeness below which they are surely not."""


@lru_cache(maxsize=256)
def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The names of `text` that are not places: facts whose `value` is the key of one word of a name.

    `kind` is "known" (a public figure, or a surname after a first name), "name" (spelt as no ordinary word of the
    language is) or "weak name" (the same at the start of a sentence, or inside a longer title).
    """
    found = english_names(text) if lang == "en" else german_names(text)
    return tuple(Fact(c.kind, key(c.text), c.text, c.start, c.end) for c in found)


_JOINTS = late(r"[ -]")
LONGEST_APART = 7
"""Letters above which a word may be found written apart (Whiteboard, white board)."""
_NEXT_NAME = late(r" ([A-ZÄÖÜ][\w'’-]+)")
_TITLE = late(r"[A-ZÄÖÜ][\w'’-]+(?:\s[A-ZÄÖÜ][\w'’-]+){2,}")


@lru_cache(maxsize=1)
def _figures() -> dict[str, tuple[str, ...]]:
    """German surname of a public figure -> its English spellings."""
    return {de: row.en for row in table(PAIR, "figures", Spelling) for de in row.de}


@lru_cache(maxsize=1)
def english_surnames() -> dict[str, str]:
    """German surname of a public figure -> the first of its English spellings."""
    return {german: english[0] for german, english in _figures().items()}


def english_first_name(german: str, surname: str) -> str:
    """The English form of a first name in the table, else the name itself.

    One that English also writes as German does is changed only before a surname that is transcribed itself, or with
    which it stands in the table of figures: Wladimir Putin is Vladimir, Wladimir Klitschko keeps his own spelling.
    """
    whole = english_surnames().get(f"{german} {surname}")
    if whole:
        return whole.split()[0]
    allowed = _first_names().get(german, ())
    return german if not allowed or (german in allowed and surname not in _transcribed()) else allowed[0]


@lru_cache(maxsize=1)
def _transcribed() -> frozenset[str]:
    """Surnames that English spells otherwise than German, in both spellings."""
    return frozenset(
        form for german, english in _figures().items() if german not in english for form in (german, *english)
    )


@lru_cache(maxsize=1)
def _first_names() -> dict[str, tuple[str, ...]]:
    return {de: row.en for row in table(PAIR, "first_names", Spelling) if row.en for de in row.de}


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """`name.missing` for known names of the source, `name.added` for names of the target that the source does not
    have.

    Weak between the two likenesses, for weak names, and for all but the known names of a German source.
    """
    found = [*_mixed_up(source, target)]
    if direction == "both":
        found += [Difference("name.missing", source=fact, weak=weak) for fact, weak in _unanswered(source, target)]
    found += [Difference("name.added", target=fact, weak=weak) for fact, weak in _unanswered(target, source)]
    return tuple(found)


def _unanswered(side: Facts, other: Facts) -> list[tuple[Fact, bool]]:
    if not side.persons:
        return []
    strange = [fact for fact in side.persons if fact.text not in other.text]
    if not strange:
        return []
    there = all_keys(other.text)
    joined = _JOINTS.sub("", other.text).lower()
    found: dict[object, tuple[Fact, bool]] = {}
    for fact in strange:
        if (
            fact.value in there
            or fact.value in found
            or (len(fact.text) > LONGEST_APART and fact.text.lower() in joined)
            or _known_spelling(fact, side.lang, other.text)
            or _in_initials(fact, side.text, other.text)
        ):
            continue
        best = _best(str(fact.value), there)
        if best < SAME:
            weak = fact.kind == "weak name" or (side.lang == "en" and best >= OTHER) or _by_pronoun(side, other)
            found[fact.value] = (fact, weak or _part_of_kept(fact, side.text, other.text))
    return list(found.values())


def _by_pronoun(source: Facts, target: Facts) -> bool:
    """Does the English say he or she once more than a German sentence that does so too (Felix fährt, sagte er)?"""
    if source.lang != SOURCE:
        return False
    here, there = (regex(side.lang, "names", "third_person").findall(side.text) for side in (source, target))
    return len(there) > len(here) > 0


def _part_of_kept(fact: Fact, text: str, other: str) -> bool:
    """The first name of a public figure whose surname the other text has (Jeremy Corbyn, Corbyn), or a word of a title
    whose last word is there and no name (New York Times, The Times)."""
    there, after = all_keys(other), _NEXT_NAME.match(text, fact.end)
    if after and key(surname := after[1].removesuffix("s")) in there and surname in english_surnames():
        return not _other_first_name(surname, other, text)
    title = next((m[0].split() for m in _TITLE.finditer(text) if m.start() <= fact.start < m.end()), None)
    return title is not None and title[-1] != fact.text and key(title[-1]) in there and is_ordinary(title[-1].lower())


def _other_first_name(surname: str, text: str, than: str) -> bool:
    """Has `text` a first name before `surname` that `than` does not have?"""
    before = re.search(rf"\b([A-ZÄÖÜ][\w'’-]+) {re.escape(surname)}", text)
    return before is not None and before[1] in first_names() and before[1] not in than


def _in_initials(fact: Fact, text: str, other: str) -> bool:
    """Is the name one word of a title that the other text has by its initials (Royal Shakespeare Company, RSC)?"""
    title = next((m for m in _TITLE.finditer(text) if m.start() <= fact.start < m.end()), None)
    if title is None:
        return False
    initials = "".join(word[0] for word in title.group().split())
    return any(initials[k:] in other for k in range(len(initials) - 2))


@lru_cache(maxsize=256)
def all_keys(text: str) -> frozenset[str]:
    """The keys of all words of `text` and of the parts of its compounds, without their genitive s."""
    found = set()
    for word in words(text):
        if word.text[0].isdigit():
            continue
        bare = without_genitive(word.text)
        for part in {bare, *bare.split("-")}:
            found.add(key(part))
            if part.endswith("s") and len(part) > 3:
                found.add(key(part[:-1]))
    return frozenset(found)


def _best(wanted: str, there: frozenset[str]) -> float:
    """How much the key is like the likest of these; 0 where all of them are too long or too short for `OTHER`."""
    if len(wanted) >= 4 and any(wanted in one for one in there):
        return 100.0
    whole = len(wanted)
    alike = (one for one in there if 200.0 * min(whole, len(one)) >= OTHER * (whole + len(one)))
    return max((ratio(wanted, one) for one in alike), default=0.0)


def _known_spelling(fact: Fact, lang: Lang, text: str) -> bool:
    """Is the public figure, or the first name, in `text` in a spelling that the key does not see (Franziskus,
    Francis)?"""
    if lang == "de":
        return any(form in text for form in (*_figures().get(fact.text, ()), *_first_names().get(fact.text, ())))
    return any(form in text for form in _german_spellings().get(without_genitive(fact.text), ()))


@lru_cache(maxsize=1)
def _german_spellings() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for de, english in (*_figures().items(), *_first_names().items()):
        for en in english:
            found.setdefault(en, []).append(de)
    return {en: tuple(german) for en, german in found.items()}


def _mixed_up(source: Facts, target: Facts) -> list[Difference]:
    """A first name of the exact table that came out as the other one: Wladimir as Volodymyr."""
    if source.lang != "de":
        return []
    exact = {word.text: word for word in words(source.text) if word.text in _first_names()}
    if not exact:
        return []
    english = [word for word in words(target.text) if word.text[0].isupper()]
    found = []
    for first, word in exact.items():
        if any(without_genitive(e.text) in _first_names()[first] for e in english):
            continue
        wrong = next(
            (
                e
                for e in english
                if e.text in _ambiguous()
                and likeness(first, e.text) >= SAME
                and e.text not in source.text
                and not any(e.text in _first_names()[other] for other in exact if other != first)
            ),
            None,
        )
        if wrong:
            source_fact = Fact("known", key(first), word.text, word.start, word.end)
            found.append(
                Difference(
                    "name.missing", source_fact, Fact("known", key(wrong.text), wrong.text, wrong.start, wrong.end)
                )
            )
    return found


@lru_cache(maxsize=1)
def _ambiguous() -> frozenset[str]:
    return frozenset(en for english in _first_names().values() for en in english)
