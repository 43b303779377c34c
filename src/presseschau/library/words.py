"""Under which keys a German word is found: in any of its forms, written with ä or ae, and inside compounds.

`articles_fts.words` holds the keys of an article. A key is a headword where the lexicon knows one, else the word
without its ending; umlauts are plain vowels, and so are ae, oe and ue, on both sides alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from presseschau.facts.lexicon import SHORTEST_PART, infinitives, lexicon, noun_stem
from presseschau.lang import SOURCE, cuts, listed, vocabulary

WORD = re.compile(r"[^\W\d_]+")
_PLAIN = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_WRITTEN_OUT = re.compile(r"ae|oe|(?<![aeq])ue")
_KEPT = 100_000
"""Words whose keys are remembered: news has few that are not among them."""
_SHORTEST = 3
_NAME_PART = 6
"""Letters of a known last part behind a first part that is not known (Merkel-regierung without its hyphen)."""


@lru_cache(maxsize=_KEPT)
def folded(word: str) -> str:
    """In lower case, umlauts and what is written for them as plain vowels: Müller, Mueller and MULLER are one."""
    return _WRITTEN_OUT.sub(lambda two: two[0][0], word.lower().translate(_PLAIN))


@lru_cache(maxsize=_KEPT)
def asked(word: str) -> tuple[str, ...]:
    """The keys of a word as such: a form may be one of several words (Müller, Müll), and stand in the lexicon itself
    (baute)."""
    lower = word.lower()
    found = (_headword(lower), next(iter(infinitives(lower)), None), _cut(lower))
    return tuple(dict.fromkeys(folded(one) for one in found if one))


@lru_cache(maxsize=_KEPT)
def keys(word: str) -> tuple[str, ...]:
    """All keys of a word of a text, those of the parts of a compound, too."""
    if word[:1].islower():
        return asked(word)
    parts = (key for part in _parts(word.lower()) for key in asked(part))
    return tuple(dict.fromkeys((*asked(word), *parts)))


def indexed(texts: Iterable[str]) -> str:
    """The keys of German sentences, each once."""
    small = listed(SOURCE, "function_words")
    found = {word for text in texts for word in WORD.findall(text)}
    return " ".join(sorted({one for word in found if word.lower() not in small for one in keys(word)}))


def _headword(word: str) -> str | None:
    for written in dict.fromkeys((word, _umlauts(word), word.replace("ss", "ß"))):
        if found := noun_stem(written):
            return found
    for at in range(_SHORTEST, len(word) - SHORTEST_PART + 1):
        if (last := noun_stem(word[at:])) and _known_first(word[:at]):
            return word[:at] + last
    return None


def _umlauts(word: str) -> str:
    return word.replace("ae", "ä").replace("oe", "ö").replace("ue", "ü")


def _cut(word: str) -> str:
    return next((base for base, _ in cuts(SOURCE, word, "light") if len(base) >= SHORTEST_PART), word)


def _parts(word: str) -> Iterator[str]:
    """The parts of a compound, the joint taken off; of its parts, too."""
    whole = _is_noun(word)
    for at in range(_SHORTEST, len(word) - SHORTEST_PART + 1):
        first, last = word[:at], word[at:]
        if not _is_noun(last) or (first in _prefixes() and not _says_how(first, word)):
            continue
        known = _known_first(first)
        if known or (not whole and len(last) >= _NAME_PART):
            yield last
            yield known or first
            yield from _parts(last)
            yield from _parts(known or first)
            return


def _says_how(prefix: str, word: str) -> bool:
    """Is what may stand before a verb a word of its own here (Großbrand), for all that the lexicon has (Freitag)?"""
    small = prefix in listed(SOURCE, "function_words")
    return len(prefix) >= SHORTEST_PART and not small and prefix in lexicon() and word not in lexicon()


@lru_cache(maxsize=1)
def _prefixes() -> frozenset[str]:
    """What stands before a verb, and so before its noun: Verhandlung is no compound of Handlung."""
    return frozenset((*vocabulary(SOURCE, "prefixes", "separable"), *vocabulary(SOURCE, "prefixes", "verb")))


def _is_noun(word: str) -> bool:
    entries, nouns = lexicon(), listed(SOURCE, "nouns")
    bases = {base for base, _ in cuts(SOURCE, word, "noun") if len(base) >= SHORTEST_PART - 1}
    return any(base in nouns or base in entries for base in bases | {base.translate(_PLAIN) for base in bases})


def _known_first(part: str) -> str | None:
    """The first part of a compound as a word of its own: Bundes, Arbeits, Kranken, Schul; warnen of Warnstreik."""
    entries, nouns = lexicon(), listed(SOURCE, "nouns")
    for form in (part, part[:-1] if part[-1] == "s" else part, part[:-2] if part.endswith("es") else part, part + "e",
                 part[:-1] if part[-1] == "n" else part):  # fmt: skip
        if len(form) >= _SHORTEST and (form in entries or form in nouns):
            return form
    verb = part + "en"
    return verb if len(part) >= SHORTEST_PART and verb in entries and verb not in nouns else None
