"""What tells one event from another in an article: names, compounds and figures of its German, with weights.

Common nouns (Polizei, Schaden, Feuer) are shared by all reports of a kind and weigh little; a name that is in no word
list (Brunsbek, Wendelin) weighs most. Verbs and adjectives are not read at all.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from presseschau.facts.kept_words import is_german, is_listed_noun
from presseschau.facts.table import table
from presseschau.facts.words import words
from presseschau.models import Article

_KINDS = {"name": 1.0, "compound": 0.7, "figure": 0.5, "known": 0.5, "common": 0.3}
"""Weight of a kind of word. `known`: a country, a capital, a public figure, a first name: many events share it."""
_PLACES = {"headline": 2.0, "lead": 1.5}
"""Weight of a place in the article; 1 elsewhere. News say first what it is about."""
_BACKGROUND = 100
"""The least number of articles that frequencies are counted against: in a small set the words of its main event are
the frequent ones."""
_COMPOUND_LETTERS = 9
_ENDING = re.compile(r"(?:ungen|ung|en|er|es|em|e|n|s)$")
_SHORTEST_STEM = 4
_FIGURE = re.compile(r"\d[\d.,]*\d\d")
_YEAR = re.compile(r"(?:19|20)\d\d")


def weights(articles: Sequence[Article]) -> list[dict[str, float]]:
    """For each article its words and their weights; the squares of an article's weights sum to 1."""
    read = [list(_occurrences(article)) for article in articles]
    inside = {word for found in read for word, _, first in found if not first}
    counted = [_counted(found, inside) for found in read]
    in_how_many = Counter(word for found in counted for word in found)
    many = max(len(articles), _BACKGROUND)
    return [_scaled(found, in_how_many, many) for found in counted]


def _counted(found: Sequence[tuple[str, float, bool]], inside: set[str]) -> dict[str, float]:
    """Word -> weight of its kind x dampened count. A word that only ever begins sentences may be no noun: left out."""
    kinds: dict[str, float] = {}
    count: defaultdict[str, float] = defaultdict(float)
    for word, place, _ in found:
        if word in inside:
            count[word] += place
            kinds[word] = _KINDS[_kind(word)]
    return {_stem(word): kinds[word] * (1 + math.log(max(1.0, n))) for word, n in count.items()}


def _scaled(found: Mapping[str, float], in_how_many: Mapping[str, int], many: int) -> dict[str, float]:
    weighed = {word: weight * math.log(1 + many / in_how_many[word]) for word, weight in found.items()}
    length = math.sqrt(sum(weight * weight for weight in weighed.values())) or 1.0
    return {word: weight / length for word, weight in weighed.items()}


def _occurrences(article: Article) -> Iterator[tuple[str, float, bool]]:
    """(word in lower case, weight of its place, does it begin a sentence?) for each noun, name and figure."""
    for sentence in article.sentences:
        place = _PLACES.get(sentence.role, 1.0)
        for i, word in enumerate(words(sentence.text)):
            parts = [word.text] if word.lower in _known() else word.text.split("-")
            for j, part in enumerate(parts):
                if part[:1].isupper() and (len(part) > 3 or (len(part) > 1 and part.isupper())):
                    yield part.lower(), place, i == 0 and j == 0
        for match in _FIGURE.finditer(sentence.text):
            if not _YEAR.fullmatch(match[0]) and len(digits := re.sub(r"\D", "", match[0])) > 2:
                yield digits, place, False


@lru_cache(maxsize=32768)
def _kind(word: str) -> str:
    if word.isdecimal():
        return "figure"
    if word in _known():
        return "known"
    if not is_german(word):
        return "name"
    return "compound" if len(word) >= _COMPOUND_LETTERS and not is_listed_noun(word) else "common"


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """The names of the reviewed tables, whole and word by word, in lower case."""
    forms = {
        form.casefold()
        for name in ("figures", "places_cldr", "exonyms", "peoples", "first_names")
        for row in table(f"{name}.csv")
        for column in row
        if column.startswith("de")
        for form in (row[column] or "").split("|")
    }
    return frozenset(forms | {word for form in forms for word in re.findall(r"\w{3,}", form)})


@lru_cache(maxsize=32768)
def _stem(word: str) -> str:
    """Two inflections or derivations taken off; four letters stay. One stem for Verletzte, Verletzten, Verletzung."""
    for _ in range(2):
        match = _ENDING.search(word)
        if not match or match.start() < _SHORTEST_STEM:
            break
        word = word[: match.start()]
    return word
