"""What tells one event from another in an article: names, compounds and figures of its German, with weights.

Common nouns (Polizei, Schaden, Feuer) are shared by all reports of a kind and weigh little; a name weighs most: a word
that is in no word list (Brunsbek), or that stands right behind another noun (Stadt Osterfeld, Firma Nordlack), where
German puts nothing but names, or a compound with such a word (Emmertalbrücke). Verbs and adjectives are not read at
all, nor are days of the week and the paper's own name.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise

from presseschau.briefing.name_compounds import is_name_compound
from presseschau.facts.gazetteer import listed_places
from presseschau.facts.kept_words import is_german, is_listed_noun
from presseschau.facts.name_words import first_names
from presseschau.facts.persons import english_surnames
from presseschau.facts.words import Word, words
from presseschau.lang import cuts, regex
from presseschau.models import Article

_rule = partial(regex, "de", "events")

_KINDS = {"name": 1.0, "compound": 0.7, "figure": 0.5, "known": 0.5, "first name": 0.3, "common": 0.3}
"""Weight of a kind of word. `known`: a country, a capital, a public figure: many events share it."""
_PLACES = {"headline": 2.0, "lead": 1.5}
"""Weight of a place in the article; 1 elsewhere. News say first what it is about."""
_ONCE = 0.5
"""What a word of one article alone counts in its length: the speakers that each paper finds for itself must not make
two reports of one event unlike."""
_BACKGROUND = 100
"""The least number of articles that frequencies are counted against: in a small set the words of its main event are
the frequent ones."""
_COMPOUND_LETTERS = 9
_SHORTEST_COMPOUND = 6
_SHORTEST_STEM = 4
_FIGURE = re.compile(r"\d[\d.,]*\d\d")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class EventWords:
    """For each article its words with weights, whose squares sum to 1; and which of all words are names."""

    weights: tuple[Mapping[str, float], ...]
    names: frozenset[str]


def event_words(articles: Sequence[Article]) -> EventWords:
    """The words of each article that tell events apart, as stems in lower case."""
    read = [list(_occurrences(article)) for article in articles]
    behind = frozenset(name for article in articles for name in _behind_nouns(article))
    small = {
        word.text for article in articles for s in article.sentences for word in words(s.text) if word.text.islower()
    }
    inside = {word for found in read for word, _, first in found if not first} - small
    counted = [_counted(found, inside, behind) for found in read]
    in_how_many = Counter(word for found in counted for word in found)
    many = max(len(articles), _BACKGROUND)
    names = {_stem(word) for word in inside if _kind(word, behind) in ("name", "known")}
    return EventWords(tuple(_scaled(found, in_how_many, many) for found in counted), frozenset(names))


def _counted(found: Sequence[tuple[str, float, bool]], inside: set[str], behind: frozenset[str]) -> dict[str, float]:
    """Word -> weight of its kind x dampened count. What only begins sentences or is also written small is no noun."""
    kinds: dict[str, float] = {}
    count: defaultdict[str, float] = defaultdict(float)
    for word, place, _ in found:
        if word in inside:
            count[word] += place
            kinds[word] = _KINDS[_kind(word, behind)]
    return {_stem(word): kinds[word] * (1 + math.log(max(1.0, n))) for word, n in count.items()}


def _behind_nouns(article: Article) -> Iterator[str]:
    """Words in lower case that stand right behind another noun; measures and titles may stand before any noun."""
    for sentence in article.sentences:
        found = words(sentence.text)
        for before, word in pairwise(found):
            beside = sentence.text[before.end : word.start] == " " and before.text[0].isupper() and before.start > 0
            if beside and word.text[0].isupper() and _is_noun(before):
                yield word.lower


def _is_noun(word: Word) -> bool:
    """Is it one behind which only a name can stand: no measure, no town as an adjective (Kieler)?"""
    adjective = word.lower.endswith("er") and _listed(word.lower) in ("name", "known")
    return len(word.text) > 3 and not adjective and not _rule("measure").match(word.text)


def _scaled(found: Mapping[str, float], in_how_many: Mapping[str, int], many: int) -> dict[str, float]:
    weighed = {word: weight * math.log(1 + many / in_how_many[word]) for word, weight in found.items()}
    once = {word: _ONCE if in_how_many[word] == 1 else 1.0 for word in weighed}
    length = math.sqrt(sum(once[word] * weight * weight for word, weight in weighed.items())) or 1.0
    return {word: weight / length for word, weight in weighed.items()}


def _occurrences(article: Article) -> Iterator[tuple[str, float, bool]]:
    """(word in lower case, weight of its place, does it begin a sentence?) for each noun, name and figure."""
    own = {word.lower for word in words(article.outlet or "")}
    for sentence in article.sentences:
        place = _PLACES.get(sentence.role, 1.0)
        for i, word in enumerate(words(sentence.text)):
            whole = _listed(word.lower) in ("known", "first name")
            parts = [word.text] if whole else word.text.split("-")
            for j, part in enumerate(parts):
                lower = part.lower()
                long = len(part) > 3 or (len(part) > 1 and part.isupper())
                if part[:1].isupper() and long and lower not in own and not _rule("weekday").fullmatch(lower):
                    yield lower, place, i == 0 and j == 0
        for match in _FIGURE.finditer(sentence.text):
            if not _YEAR.fullmatch(match[0]) and len(digits := re.sub(r"\D", "", match[0])) > 2:
                yield digits, place, False


def _kind(word: str, behind: frozenset[str]) -> str:
    kind = _listed(word)
    return "name" if word in behind and kind in ("compound", "common") and not is_listed_noun(word) else kind


@lru_cache(maxsize=32768)
def _listed(word: str) -> str:
    if word.isdecimal():
        return "figure"
    if word in _names():
        return "known"
    if word in _parts_too(first_names()):
        return "first name"
    if not is_german(word):
        return "compound" if len(word) >= _COMPOUND_LETTERS and _rule("short_head").search(word) else "name"
    if is_listed_noun(word) or len(word) < _SHORTEST_COMPOUND:
        return "common"
    return "name" if is_name_compound(word) else "compound"


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    """The places, peoples and public figures of the reviewed tables."""
    return _parts_too(frozenset(english_surnames()) | listed_places())


@lru_cache(maxsize=2)
def _parts_too(names: frozenset[str]) -> frozenset[str]:
    """Names in lower case, whole and word by word without nouns (Mexiko-Stadt: mexiko)."""
    forms = {name.casefold() for name in names}
    parts = {word for form in forms for word in re.findall(r"\w{3,}", form)}
    return frozenset(forms | {word for word in parts if not is_listed_noun(word)})


@lru_cache(maxsize=32768)
def _stem(word: str) -> str:
    """Two inflections or derivations taken off; four letters stay. One stem for Verletzte, Verletzten, Verletzung."""
    for _ in range(2):
        stem, _ = next(cuts("de", word, "event"), ("", ""))
        if len(stem) < _SHORTEST_STEM:
            break
        word = stem
    return word
