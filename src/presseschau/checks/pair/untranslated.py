"""`language.untranslated`: words of the German that are left in the English."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

from presseschau.checks.bitext import Bitext
from presseschau.checks.naming.english_name import named_by_places
from presseschau.checks.pair.another_language import CODE, titles
from presseschau.checks.pair.bodies import is_body
from presseschau.checks.pair.german_words import german_noun, left_words
from presseschau.facts.lexicon import stem
from presseschau.facts.names.gazetteer import gazetteer
from presseschau.facts.names.kept_words import german_score, is_german, is_listed_noun
from presseschau.facts.names.name_words import first_names, is_ordinary
from presseschau.facts.words import Word
from presseschau.findings import Found, Remark
from presseschau.lang import PAIR, SOURCE, cuts, regex, vocabulary
from presseschau.patterns import late

_rule = partial(regex, SOURCE, "german_left")

LOWER, NOUN, SHAPED, STRANGE, LISTED, BARE = 0.5, 0.5, 4.0, 6.0, 4.0, 13.0
"""Scores by letters from which a word is German: in lower case, a noun behind an article or an adjective, either of
them with an English ending, such a noun that is not built of German words, a plural of the list without an article, any
other noun."""


_UMLAUT = late(r"[äöüß]")


def german_left(pair: Bitext) -> tuple[Remark, ...]:
    """A remark for each German phrase left in the English."""
    return tuple(
        Remark(CODE, en=(start, end), message=f"German is left in the English: “{pair.en[start:end]}”.")
        for start, end in _phrases(pair.en, list(_left(pair)))
    )


def _left(pair: Bitext) -> Iterator[Word]:
    own, source, en = pair.english.words, pair.german.words, pair.en
    copied = {item.text for item in source}
    open_ = [i for i, item in enumerate(own) if _may_be_german(item, copied) and not _named_alike(item.text)]
    if not open_:
        return
    quoted = titles(pair)
    quoted += [match.span() for match in _rule("institution").finditer(en)]
    parts = [_base(part) for item in source for part in item.text.split("-")]
    pairs = set(pairwise(parts))
    nouns = {item.text for before, item in pairwise(source) if before_noun(before)}
    nouns |= {item.text for item, after in pairwise(source) if after.text in ("des", "der")}
    nouns |= {text.removesuffix("n") for text in nouns}
    named = {item.text for before, item in pairwise(source) if before.lower in left_words().before_name}
    apposed = {item.text for before, item in pairwise(source) if _apposed(before, item)}
    rows = zip(source, source[1:], source[2:], strict=False)
    named |= {other.text for one, joint, other in rows if one.text in named and joint.lower == "und"}
    called = surnames(source)
    for i in open_:
        item = own[i]
        explained = regex("en", "german_left", "explained").match(en, item.end) is not None
        if explained or any(start <= item.start < end for start, end in quoted):
            continue  # a German term that is quoted, or glossed in brackets
        if item.text in apposed or (i and own[i - 1].text in vocabulary(PAIR, "german_left", "address")):
            continue
        if item.text in called and not _behind_article(own, i):
            continue
        before = own[i - 1] if i and en[own[i - 1].end : item.start] == " " else None
        after = own[i + 1] if i + 1 < len(own) and en[item.end : own[i + 1].start] == " " else None
        near = Near(
            in_source=_is_copied(item, copied),
            capital=any(other is not None and other.text[0].isupper() for other in (before, after)),
            before=before is not None and (_base(before.text.split("-")[-1]), _base(item.text)) in pairs,
            after=after is not None and (_base(item.text), _base(after.text.split("-")[0])) in pairs,
            foreign=(before is not None and before.text.islower() and (_base(before.text), _base(item.text)) in pairs)
            or (after is not None and after.text.islower() and (_base(item.text), _base(after.text)) in pairs),
            noun=item.text in nouns,
            named=item.text in named,
            small_before=before is not None
            and (not before.text[0].isupper() or before.lower in left_words().before_noun),
            word_before=before.lower if before else "",
            word_after=after.text if after else "",
            name_before=before is not None and _joins(before),
            name_after=after is not None and _joins(after),
        )
        if _is_left(item, near):
            yield item


class Near(NamedTuple):
    """What stands around a word of the English.

    `in_source`: the word stands in the German. `capital`: a neighbour is capitalised. `before`, `after`: the word and
    that neighbour stand side by side in the German too; `name_*`: that neighbour may be part of a name. `noun`: the
    word stands after an article or the like in the German, as names of people and towns do not; `named`: after a
    preposition or a verb as they do.
    """

    in_source: bool
    capital: bool
    before: bool
    after: bool
    foreign: bool
    noun: bool
    named: bool
    small_before: bool
    word_before: str
    word_after: str
    name_before: bool
    name_after: bool


def _named_alike(word: str) -> bool:
    """Is it a place that both languages spell alike?"""
    german = gazetteer(SOURCE).single.get(word)
    found = german is not None and german.kind == "place" and word in gazetteer("en").single
    return found and not is_listed_noun(word.lower())


@lru_cache(maxsize=1)
def _exonyms() -> frozenset[str]:
    """Countries, and other places that English spells otherwise."""
    german, english = gazetteer(SOURCE).single, gazetteer("en")
    return frozenset(
        n for n, one in german.items() if one.kind == "place" and one.value in english.forms and n not in english.single
    )


@lru_cache(maxsize=8192)
def _base(word: str) -> str:
    """The word without the endings that differ between "die Deutsche Welle" and "der Deutschen Welle"."""
    return next(cuts(SOURCE, word, "title"), (word, ""))[0]


def _is_title(low: str) -> bool:
    """A title stands before a name without being part of it: Bundeskanzler Merz."""
    return bool(_rule("title").search(low)) and low not in left_words().english


@lru_cache(maxsize=8192)
def _is_woman(low: str) -> bool:
    """A woman in a role, which German names by its ending: Gutachterin Berg."""
    found = _rule("woman").fullmatch(low)
    return found is not None and bool(_rule("role").search(found["role"])) and low.capitalize() not in first_names()


def _is_copied(item: Word, source: set[str]) -> bool:
    """Stands in the German, by itself, as a dative plural (Züge, mit Zügen) or as the beginning of a compound (Haupt
    from Hauptstraße)."""
    return not source.isdisjoint((item.text, f"{item.text}n")) or (
        len(item.text) > 4 and any(word.startswith(item.text) and len(word) > len(item.text) + 4 for word in source)
    )


def _joins(neighbour: Word) -> bool:
    return neighbour.text[0].isupper() or neighbour.lower in left_words().particle | left_words().article


def _apposed(before: Word, item: Word) -> bool:
    """Der Hersteller Wurstmann: German nouns do not stand side by side, so the second is a name if the lexicon
    does not know it, or not in this form behind what has the name of a place (die Universität Halden)."""
    beside = item.start - before.end == 1 and before.text[0].isupper() and item.text[0].isupper()
    if not beside or before_noun(before) or not _ends_in_noun(before.lower):
        return False
    known = stem(item.lower)
    return not known or (known != item.lower and item.text[-1] != "s" and before.text in named_by_places())


@lru_cache(maxsize=8192)
def _ends_in_noun(low: str) -> bool:
    """A listed noun, or a compound with one: Gebiet, Gewerbegebiet."""
    return is_listed_noun(low) or any(is_listed_noun(low[i:]) for i in range(3, len(low) - 3))


def surnames(source: tuple[Word, ...]) -> set[str]:
    """Words that are surnames here though they may be common nouns: Sandra Nagel, Herr Nagel, der Abgeordnete Nagel."""
    return {item.text for before, item in pairwise(source) if _called(before, item)}


def named_so(item: Found, people: set[str], pair: Bitext) -> bool:
    """German left that is the surname of somebody whom the article names in full, and no common noun here."""
    if item.code != CODE or item.en_span is None or item.en_span.text not in people:
        return False
    return not any(
        word.text == item.en_span.text and word.start == before.end + 1 and before_noun(before)
        for before, word in pairwise(pair.german.words)
    )


def _called(before: Word, item: Word) -> bool:
    if item.start - before.end != 1 or not before.text[0].isupper() or not item.text[0].isupper():
        return False
    if before.text in first_names() or before.text in vocabulary(PAIR, "german_left", "address"):
        return True
    person = _rule("role").search(before.lower) and stem(before.lower)
    return bool(person) and not _rule("role").search(item.lower)


def _behind_article(own: tuple[Word, ...], i: int) -> bool:
    """Has the English a small word before it that a name is not behind: the Baum?"""
    return i > 0 and own[i - 1].text.islower() and own[i - 1].lower in left_words().before_noun


def before_noun(word: Word) -> bool:
    """An article, a number or an inflected adjective: names of people and towns stand without."""
    return word.lower in left_words().determiner or word.text.isdigit() or bool(_rule("adjective").fullmatch(word.text))


def _may_be_german(item: Word, copied: set[str]) -> bool:
    """A cheap look before the neighbours are read: most English words end here."""
    sets, low = left_words(), item.lower
    if low in sets.twofold and item.text in copied:
        return True
    if low in sets.english or low in sets.grammar or (len(low) > 3 and low in sets.beginnings):
        return False
    if not item.text.islower():
        return item.text[1:].islower() and _is_copied(item, copied)
    return low in sets.function or item.text in copied or bool(_UMLAUT.search(low))


def _is_left(item: Word, near: Near) -> bool:
    sets, low = left_words(), item.lower
    if item.text.islower():
        return _lower_is_left(low, near)
    first, last = near.before and near.name_before, near.after and near.name_after
    named = last and not first and near.word_after[:1].isupper()
    if named and near.in_source and is_body(low):
        return True
    if (named or (near.noun and not low.endswith("rat"))) and near.in_source and _rule("office").search(low):
        return True  # a council may keep its name, who sits in it has no other
    if last and not first and (_is_title(low) or (named and _is_woman(low))):
        return near.in_source and is_german(low)
    if not item.text[1:].islower() or first or last or low in sets.name:
        return False
    if item.text in _exonyms() and near.in_source:
        return True
    if low in sets.function:
        return len(low) > 3 and near.in_source
    if (low in sets.surname and not near.noun) or (low in sets.town and near.named):
        return False
    bare = not near.noun and not _rule("any_plural").search(low)
    return near.in_source and (german_noun(low, bare=bare) or _noun_by_letters(item.text, near))


def _noun_by_letters(word: str, near: Near) -> bool:
    """A German word or compound by the lists of facts/, with the letters of one: how sure depends on what stands before
    it in the German."""
    low = word.lower()
    listed, plural = (
        is_listed_noun(low) and not is_ordinary(low),
        bool(_rule("any_plural").search(low)),
    )
    if (_rule("place").search(low) and not stem(low) and not listed) or (low.endswith("er") and near.name_after):
        return False
    if _rule("surname").search(low) and not (near.noun and stem(low)):
        return False
    if near.noun and near.small_before:
        known = listed or is_german(low)
        return listed or german_score(word) > (SHAPED if _english_shape(low) else NOUN if known else STRANGE)
    limit = LISTED if listed and (near.noun or (plural and not near.named)) else BARE
    return (listed or is_german(low)) and german_score(word) > limit


def _lower_is_left(low: str, near: Near) -> bool:
    sets = left_words()
    if low in sets.twofold:
        return _cannot_be_english(low, near)
    if low in sets.function or low in sets.particle:
        if low in sets.particle and _in_name(low, near):
            return False
        in_name = near.before and near.name_before and near.after and near.name_after
        return (near.in_source or len(low) > 3) and not in_name
    if near.in_source and len(low) > 3:
        if (stem(low) and german_score(low) > 0) or _UMLAUT.search(low) or _rule("no_noun").search(low):
            return True
        return "-" not in low and not near.foreign and german_score(low) > (SHAPED if _english_shape(low) else LOWER)
    return bool(len(low) > 6 and _UMLAUT.search(low) and _rule("no_noun").search(low))


def _in_name(particle: str, near: Near) -> bool:
    """Ursula von der Leyen, Haus der Kunst: beside a part of a name, and not moved away from it."""
    beside = near.name_before if particle in left_words().article else near.capital
    return beside and (near.before or near.after or not near.in_source)


def _cannot_be_english(low: str, near: Near) -> bool:
    """A German verb or article spelt like an English word where that cannot stand: he hat, for die Maldives."""
    sets = left_words()
    if low == "die":
        return near.word_before in sets.before_die or near.word_after in ("the", "a", "The")
    return near.word_before in sets.pronoun


def _english_shape(low: str) -> bool:
    """Ends like an English word of the same spelling (extreme, blonde, renaissance)."""
    return bool(regex("en", "german_left", "shape").search(low))


def _phrases(en: str, found: list[Word]) -> Iterator[tuple[int, int]]:
    """Neighbouring words as one stretch."""
    start = end = -1
    for item in found:
        if start >= 0 and not en[end : item.start].strip():
            end = item.end
            continue
        if start >= 0:
            yield start, end
        start, end = item.start, item.end
    if start >= 0:
        yield start, end
