"""`language.untranslated`: the English, or part of it, is still German.

Three looks, cheapest first: German and English grammar words are counted; if that says nothing and the text is not
just names, py3langid decides between German and English; else single words of the German are looked for in the English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from presseschau.checks.finding import finding, span
from presseschau.checks.left_words import left_words
from presseschau.checks.lexicon import english, first_part, stem
from presseschau.facts.words import Word, words
from presseschau.models import Finding

CODE = "language.untranslated"
SENTENCE = 4
"""Words below which no text is called a German sentence by its grammar words."""

_UMLAUT = re.compile(r"[äöüß]")
_NOUN = re.compile(r"(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|nis|nisse|nissen|ismus|tät|täten|chen)$")
_LOWER = re.compile(
    r"(?:lich|isch|ig|bar|haft|sam|los|weise)(?:e|en|er|es|em)?$|^ge[a-zäöüß]{3,}(?:t|ten|te|en)$"
    r"|^(?:ver|zer|ent|auf|aus|ab|an|ein|vor|zu|unter|über|um|mit|nach|zurück|weiter)[a-zäöüß]{3,}(?:en|t|te|ten)$"
    r"|[a-zäöüß]{3,}(?:ieren|ierte|ierten|iert)$|^[a-zäöüß]*(?:sch|tz|pf)[a-zäöüß]*(?:en|e|t|te|ten)$"
)
_PLACE = re.compile(
    r"[a-zäöüß]{3,}(?:berg|berge|burg|bürg|kirch|kirchen|dorf|stadt|stedt|hausen|häuser|hofen|werk|werke|stein|bach|feld|felde|heim|tal|hof"
    r"|see|haus|brück|brücken|furt|wald|werder|münde|hafen|platz|palast|land|lande|straße|strasse|allee|gasse|bahn|bank|post|zeitung|blatt)e?n?s?$"
)
NOUN_ENDINGS = frozenset(("", "e", "en", "n", "s", "es", "ern", "nen", "innen"))
_TITLE = re.compile(
    r"(?:minister|präsident|kanzler|chef|sprecher|führer|sekretär|vorsitzende|vorsitzender|berater|beauftragter)(?:in)?$"
)
# Stiftung Wissenschaft und Politik (SWP): an institution keeps its name.
_INSTITUTION = re.compile(r"(?:[A-ZÄÖÜ][\w-]+ )+(?:(?:und|für|der|des|von|zur) )+(?:[A-ZÄÖÜ][\w-]+ ?)+(?=\([A-Z]\w+\))")
_ENDING = re.compile(r"(?:e[nrsm]?|n|s)$")
_GERMAN_PLURAL = re.compile(r"(?:ionen|ilie|ilien|orien|täten|lemen|enten|iker|isten|oren|akten|onen)$")
_INFLECTED = re.compile(r"[a-zäöüß]{3,}(?:e|en|em|er|es|st|et|te|ten|tem|ter|tes|end|nd|lich|kt|cht|rt|zt|rk)$")
_ENGLISH_SHAPE = re.compile(
    r"(?:[aeiou][bcdfgklmnprstvz]e|[lrn][cgsv]e|bl[ey]|qu?e|les|nes|ces|ges|ters?|ners?|hers?|ders?|kers?|vers?|mers?|lers?"
    r"|gers?|pers?|sers?|cers?|bers?|ant|ent|est|ist|ost|act|ect|ict|uct|ert|art|ort|ork|ark|ond|and|ened|men|ches|shes|arre|ette|elle|esse|onde)$"
)
_ADDRESS = frozenset(("Mr", "Mrs", "Ms", "Miss", "Dr", "Prof", "Sir", "Lord", "Lady", "Herr", "Frau"))
_EXPLAINED = re.compile(r" \((?!(?:in|on|at|near|from|of|with|by) )[a-z ]{6,}")
_QUOTED = re.compile(r"[“”\"„«»‘'(][^“”\"„«»()]{1,40}[“”\"«»’')]")


def untranslated(de: str, en: str) -> tuple[Finding, ...]:
    """A finding without `en_span` if all of `en` is German, else one with a span for each German phrase left in it."""
    own, source = words(en), words(de)
    if _is_german(own, source, en):
        return (finding(CODE, "The English is still German."),)
    return tuple(
        finding(CODE, f"German is left in the English: “{en[start:end]}”.", en=span(en, start, end))
        for start, end in _phrases(en, list(_left(own, source, en)))
    )


def _is_german(own: tuple[Word, ...], source: tuple[Word, ...], en: str) -> bool:
    sets = left_words()
    german = sum(item.lower in sets.function for item in own)
    grammar = sum(item.lower in sets.grammar for item in own)
    if len(own) >= SENTENCE and german >= 2 and german > 2 * grammar:
        return True
    copied = _copied(own, source)
    if copied and _speaks(own):
        return True
    return german > grammar and len(own) >= SENTENCE and _langid_says_german(en)


def _copied(own: tuple[Word, ...], source: tuple[Word, ...]) -> bool:
    """Nearly the same words in the same order."""
    if len(own) < 2 or not len(own) * 0.8 <= len(source) <= len(own) * 1.25:
        return False
    same = {item.lower for item in source}
    return sum(item.lower in same for item in own) >= 0.9 * len(own)


def _speaks(own: tuple[Word, ...]) -> bool:
    """Has a word that is German and no name: a list of names may stay as it is."""
    sets = left_words()
    return any(
        item.lower not in sets.english | sets.name | sets.surname | sets.beginnings
        and (item.lower in sets.function or (stem(item.lower) and item.text.islower()) or _german_noun(item.lower))
        for item in own
    )


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["de", "en"])
    return identifier


def _langid_says_german(en: str) -> bool:
    language, share = _identifier().classify(en)
    return bool(language == "de" and share > 0.9)


def _left(own: tuple[Word, ...], source: tuple[Word, ...], en: str) -> Iterator[Word]:
    quoted = [match.span() for pattern in (_QUOTED, _INSTITUTION) for match in pattern.finditer(en)]
    copied = {item.text for item in source}
    parts = [_base(part) for item in source for part in item.text.split("-")]
    pairs = set(pairwise(parts))
    nouns = {item.text for before, item in pairwise(source) if before.lower in left_words().determiner}
    for i, item in enumerate(own):
        if not _may_be_german(item, copied):
            continue
        explained = _EXPLAINED.match(en, item.end) is not None
        if explained or any(start <= item.start < end for start, end in quoted):
            continue  # a German term that is quoted, or glossed in brackets
        if i and own[i - 1].text in _ADDRESS:
            continue
        before = own[i - 1] if i and en[own[i - 1].end : item.start] == " " else None
        after = own[i + 1] if i + 1 < len(own) and en[item.end : own[i + 1].start] == " " else None
        near = Near(
            in_source=_is_copied(item, copied),
            capital=any(other is not None and other.text[0].isupper() for other in (before, after)),
            before=before is not None and (_base(before.text.split("-")[-1]), _base(item.text)) in pairs,
            after=after is not None and (_base(item.text), _base(after.text.split("-")[0])) in pairs,
            noun=item.text in nouns and before is not None and before.lower in left_words().before_noun,
            name_before=before is not None and _joins(before),
            name_after=after is not None and _joins(after),
        )
        if _is_left(item, near):
            yield item


@dataclass(frozen=True, slots=True)
class Near:
    """What stands around a word of the English.

    `in_source`: the word stands in the German. `capital`: a neighbour is capitalised. `before`, `after`: the word and
    that neighbour stand side by side in the German too; `name_*`: that neighbour may be part of a name. `noun`: the
    word stands after an article or the like in both texts, as names of people and towns do not.
    """

    in_source: bool
    capital: bool
    before: bool
    after: bool
    noun: bool
    name_before: bool
    name_after: bool


@lru_cache(maxsize=8192)
def _base(word: str) -> str:
    """The word without the endings that differ between "die Deutsche Welle" and "der Deutschen Welle"."""
    return _ENDING.sub("", word)


def _is_title(low: str) -> bool:
    """A title stands before a name without being part of it: Bundeskanzler Merz."""
    return bool(_TITLE.search(low)) and low not in left_words().english


def _is_copied(item: Word, source: set[str]) -> bool:
    """Stands in the German, by itself or as the beginning of a compound (Haupt from Hauptstraße)."""
    return item.text in source or (
        len(item.text) > 4 and any(word.startswith(item.text) and len(word) > len(item.text) + 4 for word in source)
    )


def _joins(neighbour: Word) -> bool:
    return neighbour.text[0].isupper() or neighbour.lower in left_words().particle


def _may_be_german(item: Word, copied: set[str]) -> bool:
    """A cheap look before the neighbours are read: most English words end here."""
    sets, low = left_words(), item.lower
    if low in sets.english or low in sets.grammar or (len(low) > 3 and low in sets.beginnings):
        return False
    return low in sets.function or item.text[0].isupper() or item.text in copied or bool(_UMLAUT.search(low))


def _is_left(item: Word, near: Near) -> bool:
    sets, low = left_words(), item.lower
    if item.text.islower():
        return _lower_is_left(low, near)
    first, last = near.before and near.name_before, near.after and near.name_after
    if last and not first and _is_title(low):
        last = False
    if not item.text[1:].islower() or first or last or low in sets.name:
        return False
    if low in sets.function:
        return len(low) > 3 and near.in_source
    if low in sets.surname and not near.noun:
        return False
    return near.in_source and _german_noun(low)


def _lower_is_left(low: str, near: Near) -> bool:
    sets = left_words()
    if low in sets.function or low in sets.particle:
        if low in sets.particle and near.capital:
            return False
        in_name = near.before and near.name_before and near.after and near.name_after
        return (near.in_source or len(low) > 3) and not in_name
    if near.in_source and len(low) > 3:
        if stem(low) or _UMLAUT.search(low) or _LOWER.search(low):
            return True
        return len(low) > 4 and "-" not in low and not (near.before or near.after) and _inflected(low)
    return bool(len(low) > 6 and _UMLAUT.search(low) and _LOWER.search(low))


def _inflected(low: str) -> bool:
    """Looks like a German verb or adjective and not like an English word of the same spelling (extreme, private)."""
    return bool(_INFLECTED.search(low)) and not _ENGLISH_SHAPE.search(low)


def _german_noun(low: str) -> bool:
    """A common noun by the word list or by its suffix; place names (Winterberg) and cognates (Ukraine) are not."""
    if _PLACE.search(low) or low.rstrip("s") in left_words().beginnings:
        return False
    if (base := stem(low)) and low[len(base) :] in NOUN_ENDINGS and (low != base + "n" or base[-1] in "elr"):
        cognate = any(low.startswith(word) for word in english(low) if len(word) > 3)
        return not cognate or bool(_GERMAN_PLURAL.search(low))
    if len(low) > 5 and _NOUN.search(low):
        return True
    return len(low) > 8 and bool(english(low)) and bool(first_part(low))


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
