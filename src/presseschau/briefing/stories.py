"""Articles about the same event, found by what their German has in common; no model decides it.

What tells one event from another are names, compounds and figures, with weights. Common nouns (Polizei, Schaden,
Feuer) are shared by all reports of a kind and weigh little; a name weighs most: a word that is in no word list
(Brunsbek), or that stands right behind another noun (Stadt Osterfeld, Firma Nordlack), where German puts nothing but
names, or a compound with such a word (Emmertalbrücke, known by what is missing: no cut of it leaves German on both
sides). Verbs and adjectives are not read at all, nor are days of the week and the paper's own name. Groups merge while
the mean likeness of all their pairs is high enough, so that no chain forms.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from heapq import heapify, heappop, heappush
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from presseschau.briefing.corrections import recalled
from presseschau.facts import facts
from presseschau.facts.names.gazetteer import listed_places
from presseschau.facts.names.kept_words import is_german, is_listed_noun
from presseschau.facts.names.name_words import first_names
from presseschau.facts.names.persons import english_surnames
from presseschau.facts.numbers.value import Amount, Quantity
from presseschau.facts.time.moments import moments
from presseschau.facts.words import Word, words
from presseschau.lang import SOURCE, cuts, regex
from presseschau.models import Analysis, Article

if TYPE_CHECKING:
    from presseschau.facts.encoder import Encoder

_SHORTEST = 4
"""Letters of the name and of the noun behind it."""


@lru_cache(maxsize=32768)
def is_name_compound(lower: str) -> bool:
    """Is this word, in lower case, a common noun behind something that is not a German word or stem?"""
    if "-" in lower or is_listed_noun(lower) or regex(SOURCE, "names", "foreign_form").match(lower):
        return False
    prefix = regex(SOURCE, "names", "noun_prefix").match(lower)
    if prefix and any(is_german(lower[prefix.end() :] + end) for end in ("", "n", "en")):
        return False
    cuts = range(_SHORTEST, len(lower) - _SHORTEST + 1)
    if not any(is_listed_noun(lower[i:]) for i in cuts):
        return False
    return not any(is_german(lower[i:]) and _is_part(lower[:i]) for i in range(3, len(lower) - 3))


def _is_part(first: str) -> bool:
    """May it begin a compound: a word or stem, with a linking s, n, en, er or es, or itself a compound of such?"""
    forms = {first, *(first.removesuffix(link) for link in ("s", "n", "e", "en", "er", "es"))}
    return any(_is_word(form) for form in forms) or any(
        _is_word(first[:i]) and _is_word(first[i:]) for i in range(2, len(first) - 2)
    )


def _is_word(form: str) -> bool:
    return len(form) > 1 and (is_listed_noun(form) or is_listed_noun(form + "e") or _is_listed(form))


def _is_listed(form: str) -> bool:
    """Is it in the list as it is, or with en a verb?"""
    return is_german(form) or is_german(form + "en")


_rule = partial(regex, SOURCE, "events")

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
    names = {stem(word) for word in inside if _kind(word, behind) in ("name", "known")}
    return EventWords(tuple(_scaled(found, in_how_many, many) for found in counted), frozenset(names))


def _counted(found: Sequence[tuple[str, float, bool]], inside: set[str], behind: frozenset[str]) -> dict[str, float]:
    """Word -> weight of its kind x dampened count. What only begins sentences or is also written small is no noun."""
    kinds: dict[str, float] = {}
    count: defaultdict[str, float] = defaultdict(float)
    for word, place, _ in found:
        if word in inside:
            count[word] += place
            kinds[word] = _KINDS[_kind(word, behind)]
    return {stem(word): kinds[word] * (1 + math.log(max(1.0, n))) for word, n in count.items()}


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
    adjective = word.lower.endswith("er") and listed_kind(word.lower) in ("name", "known")
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
            whole = listed_kind(word.lower) in ("known", "first name")
            parts = [word.text] if whole else word.text.split("-")
            for j, part in enumerate(parts):
                lower = part.lower()
                long = len(part) > 3 or (len(part) > 1 and part.isupper())
                if part[:1].isupper() and long and lower not in own and not _rule("weekday").fullmatch(lower):
                    yield lower, place, i == 0 and j == 0
        for match in _rule("sum").finditer(sentence.text):
            rest = match["rest"] or ""
            yield match["whole"] + rest.ljust(9 if match["billion"] else 6, "0"), place, False
        for match in _FIGURE.finditer(sentence.text):
            if not _YEAR.fullmatch(match[0]) and len(digits := re.sub(r"\D", "", match[0])) > 2:
                yield digits, place, False


def _kind(word: str, behind: frozenset[str]) -> str:
    kind = listed_kind(word)
    return "name" if word in behind and kind in ("compound", "common") and not is_listed_noun(word) else kind


@lru_cache(maxsize=32768)
def listed_kind(word: str) -> str:
    """What a word in lower case is by the tables alone: one of the kinds that `_KINDS` weighs."""
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
def stem(word: str) -> str:
    """Two inflections or derivations taken off; four letters stay. One stem for Verletzte, Verletzten, Verletzung."""
    for _ in range(2):
        stem, _ = next(cuts(SOURCE, word, "event"), ("", ""))
        if len(stem) < _SHORTEST_STEM:
            break
        word = stem
    return word


def average_linkage(
    items: Iterable[int], likeness: Mapping[tuple[int, int], float], least: float, bound: Collection[tuple[int, int]]
) -> list[list[int]]:
    """The groups, each sorted, in the order of their first items. Pairs that are not in `likeness` count as 0.

    Two groups merge only if some pair of them is `bound`.

    Ties go to the pair with the smaller numbers, so the result does not depend on the order of `likeness`.
    """
    groups = {item: [item] for item in items}
    beside: dict[int, dict[int, float]] = {item: {} for item in groups}
    for (one, other), value in likeness.items():
        if value > 0:
            beside[one][other] = beside[other][one] = value
    may: dict[int, set[int]] = {item: set() for item in groups}
    for one, other in bound:
        may[one].add(other)
        may[other].add(one)
    queue = [(-value, min(pair), max(pair)) for pair, value in likeness.items() if value >= least and pair in bound]
    heapify(queue)
    while queue:
        negative, one, other = heappop(queue)
        if one not in groups or other not in groups or beside[one].get(other) != -negative:
            continue  # merged since
        size, other_size = len(groups[one]), len(groups[other])
        first, second = beside[one], beside.pop(other)
        groups[one] = sorted(groups[one] + groups.pop(other))
        mean = {
            third: (size * first.get(third, 0.0) + other_size * second.get(third, 0.0)) / (size + other_size)
            for third in sorted((first.keys() | second.keys()) - {one, other})
        }
        beside[one] = mean
        may[one] |= may.pop(other)
        for third in may[one]:
            if third in may:
                may[third].add(one)
        for third, value in mean.items():
            beside[third].pop(other, None)
            beside[third][one] = value
            if value >= least and third in may[one]:
                heappush(queue, (-value, min(one, third), max(one, third)))
    return sorted(groups.values())


LEAST = 0.14
"""Mean likeness of a group's pairs (0 to 1). Of 250 real articles of ten years (`tests/measure/stories.py`) no more
than a few pairs about one lasting subject reach it; the reports of one event in fixtures/briefing all do."""
MOST_PER_WORD = 0.1
"""What one shared word may add to a likeness: a town or a name alone never joins two articles."""
MOST_DAYS, MOST_DAYS_BOUND = 14, 60
"""Days between two reports of one event; between two that share two names and a figure."""
TIED = 5
"""Nouns that two articles share beside one name, from which they may tell of one event: another event of the same town
has the town's name and a few words of its offices."""
RECALLED = 0.4
"""Likeness of a correction and the article of its paper that it recalls."""
_FIRST, CLOSE = 8, 0.5
"""Sentences of an article that an encoder compares, and likeness from which it proposes that two tell of one event:
strangers of one kind reach 0.6, reports of one event come down to 0.3, so it never decides."""
PROPOSED = 0.3
"""Likeness of a pair that is proposed and shares two names and a figure."""
_CORE = 3
_OF_CORE = 2
"""Where most reports share three names or more, each must have two: a town's other court case has one."""


Pair = tuple[int, int]


def group(analyses: Sequence[Analysis], encoder: Encoder | None = None) -> tuple[tuple[int, ...], ...]:
    """Indices of the analyses, event by event: the largest first, then the most recent; single articles last.

    Within an event the indices are in the order of publication. An `encoder` proposes articles that speak of like
    things; names and figures that they share decide.
    """
    articles = [analysis.article for analysis in analyses]
    read = event_words(articles)
    alike = likeness(articles, read)
    if encoder:
        for pair in _proposed(articles, alike, encoder):
            if _bound(read, *pair):
                alike[pair] = max(alike[pair], PROPOSED)
    corrected = set(_corrected(articles, read))
    alike |= {pair: max(alike.get(pair, 0.0), RECALLED) for pair in corrected}
    tied = {pair for pair, value in alike.items() if value >= LEAST and _tied(articles, read, *pair)}
    linked = average_linkage(range(len(articles)), alike, LEAST, tied | corrected)
    return in_order(articles, [part for one in linked for part in _by_core(one, read, tied)])


def in_order(articles: Sequence[Article], groups: Iterable[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """The groups as `group` gives them: the largest first, then the most recent, each in the order of publication."""

    def published(i: int) -> str:
        return articles[i].published or ""

    ordered = [tuple(sorted(one, key=lambda i: (published(i), i))) for one in groups]
    ordered.sort(key=lambda one: (published(one[-1]), -one[0]), reverse=True)
    return tuple(sorted(ordered, key=len, reverse=True))


def likeness(articles: Sequence[Article], read: EventWords) -> dict[Pair, float]:
    """How alike two articles are, 0 to 1, by the names and nouns they share; only of those that are near in time, or
    share two names and a figure."""
    holding: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for i, found in enumerate(read.weights):
        for word, weight in found.items():
            holding[word].append((i, weight))
    alike: defaultdict[Pair, float] = defaultdict(float)
    for held in holding.values():
        for (one, weight), (other, other_weight) in combinations(held, 2):
            alike[one, other] += min(weight * other_weight, MOST_PER_WORD)
    days = [day_of(article) for article in articles]
    return {
        pair: value
        for pair, value in alike.items()
        if _near(days[pair[0]], days[pair[1]], MOST_DAYS_BOUND if value >= LEAST and _bound(read, *pair) else MOST_DAYS)
    }


def _tied(articles: Sequence[Article], read: EventWords, one: int, other: int) -> bool:
    """May two articles tell of one event: do they share two names, or one beside a figure, a day or many nouns?"""
    shared = read.weights[one].keys() & read.weights[other].keys()
    named = len(shared & read.names)
    if named != 1 or len(shared) > TIED:
        return named > 0
    first, second = articles[one], articles[other]
    return bool(figures_of(first) & figures_of(second) or days_named(first) & days_named(second))


@lru_cache(maxsize=512)
def figures_of(article: Article) -> frozenset[Amount]:
    """The amounts of ten and more, but for years."""
    read = (fact for s in article.sentences for fact in facts(s.text, SOURCE).numbers if fact.kind == "number")
    values = (fact.value for fact in read if isinstance(fact.value, Quantity))
    return frozenset(v.amount for v in values if v.amount >= 10 and (v.unit or not 1900 <= v.amount <= 2100))


@lru_cache(maxsize=512)
def days_named(article: Article) -> frozenset[str]:
    """The days that it speaks of, as ISO dates."""
    found = (date for s in article.sentences for *_, date in moments(s.text, article.published))
    return frozenset(date for date in found if date and len(date) == len("2026-05-13"))


def _corrected(articles: Sequence[Article], read: EventWords) -> Iterator[Pair]:
    """Each article that corrects a report of its paper, with the last one before it that shares a name and a figure, or
    a name and its own day or title, with what it recalls."""
    for i, article in enumerate(articles):
        passage = recalled(article)
        if not passage:
            continue
        days = {date for *_, date in moments(passage, article.published)}
        figures = {fact.value for fact in facts(passage, SOURCE).numbers}
        before = [
            j
            for j, other in enumerate(articles)
            if other.outlet == article.outlet
            and (other.published or "")[:10] < (article.published or "")[:10]
            and read.weights[i].keys() & read.weights[j].keys() & read.names
            and (
                (other.published or "")[:10] in days
                or (other.headline and other.headline in passage)
                or any(figures & {f.value for f in facts(s.text, SOURCE).numbers} for s in other.sentences)
            )
        ]
        if before:
            last = max(before, key=lambda j: articles[j].published or "")
            yield min(i, last), max(i, last)


def _proposed(articles: Sequence[Article], alike: Mapping[Pair, float], encoder: Encoder) -> list[Pair]:
    """The pairs whose beginnings are near each other, by the mean of their sentences."""
    starts = [[s.text for s in article.sentences][:_FIRST] for article in articles]
    every = encoder.vectors([text for start in starts for text in start])
    means, at = [], 0
    for start in starts:
        mean = every[at : at + len(start)].sum(axis=0)
        means.append(mean / (math.sqrt(float(mean @ mean)) or 1.0))
        at += len(start)
    return [(one, other) for one, other in alike if float(means[one] @ means[other]) >= CLOSE]


def _by_core(one: Sequence[int], read: EventWords, tied: Collection[Pair]) -> list[list[int]]:
    """The group, and each article alone that has too few of the names that most of the group share, and shares with no
    other one of it as many and a figure (who collects signatures against what a town must pay names nobody else)."""
    held = Counter(word for i in one for word in read.weights[i] if word in read.names)
    core = {word for word, n in held.items() if 2 * n > len(one)}
    if len(one) < _CORE or len(core) < _CORE:
        return [list(one)]
    kept = [i for i in one if len(core & read.weights[i].keys()) >= _OF_CORE]
    near = {i: [pair for pair in tied if i in pair and set(pair) <= set(one)] for i in one}
    kept = [
        i for i in one if i in kept or any(_bound(read, i, other) for other in kept) or len(near[i]) == len(one) - 1
    ]
    return [kept, *([i] for i in one if i not in kept)]


def _bound(read: EventWords, one: int, other: int) -> bool:
    shared = read.weights[one].keys() & read.weights[other].keys()
    return len(shared & read.names) >= _OF_CORE and any(word.isdecimal() for word in shared)


def _near(one: date | None, other: date | None, most: int) -> bool:
    return one is None or other is None or abs((one - other).days) <= most


def day_of(article: Article) -> date | None:
    try:
        return date.fromisoformat((article.published or "")[:10])
    except ValueError:
        return None
