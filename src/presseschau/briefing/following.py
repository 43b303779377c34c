"""Stories that run over days: which of a day's articles go on with what was reported before.

A day's articles are grouped as in a note (`stories.group`); then each group goes to the one known story that it goes on
with, or begins one. In doubt it begins one: two events in one story mislead, a story that begins twice only repeats.
What many events of a place share ties nothing here: the town itself, its court, who speaks for its police. A company, a
person, a bridge does, with words on the matter; else the town together with a day or a figure that both name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby
from typing import TYPE_CHECKING

from presseschau.briefing.stories import (
    MOST_DAYS,
    MOST_DAYS_BOUND,
    MOST_PER_WORD,
    EventWords,
    day_of,
    days_named,
    event_words,
    figures_of,
    group,
    in_order,
    stem,
)
from presseschau.facts.numbers.value import Amount
from presseschau.facts.words import words
from presseschau.lang import SOURCE, regex
from presseschau.models import Analysis, Article

if TYPE_CHECKING:
    from presseschau.facts.encoder import Encoder

_rule = partial(regex, SOURCE, "events")

SURE, ONE_NAME, NO_NAME, KNOWN = 0.15, 0.13, 0.1, 0.1
"""Likeness on the matter (0 to 1) of two articles that share two names of their own, one, or the town alone; of two of
which one speaks of the matter as known."""
_HEAVY, _COMPOUND = 0.04, 9
_MOST_WORDS = 40
_BEGINS = 4
"""Sentences, the headline included, in which a report says what it goes on with."""
_LARGE = 100
_OFTEN = 4
"""A name that stands once in so many times behind "in" is a place."""


@dataclass(frozen=True)
class KnownStory:
    """A story of the archive, with some of its articles."""

    id: int
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class StoryIdentity:
    """Of which story an article is: its number (below 0: one that no archive keeps), how it was first called and when
    it was last reported before (an ISO day); None where it begins now."""

    story: int
    title: str | None = None
    last: str | None = None


def by_identity(articles: Sequence[Article], known: Mapping[str, StoryIdentity]) -> tuple[tuple[int, ...], ...]:
    """Indices of the articles (by their id), story by story, in the order of `stories.group`."""
    groups: defaultdict[object, list[int]] = defaultdict(list)
    for i, article in enumerate(articles):
        groups[known[article.id].story if article.id in known else article.id].append(i)
    return in_order(articles, groups.values())


@dataclass(frozen=True)
class Continued:
    """Articles (indices) that tell one story: the known one with this id, or one that begins."""

    indices: tuple[int, ...]
    story: int | None


def follow(
    analyses: Sequence[Analysis], known: Sequence[KnownStory], encoder: Encoder | None = None
) -> tuple[Continued, ...]:
    """Each article once, story by story; those that begin are in the order of their first article. A report that comes
    every day (`is_series`) is alone and goes on with nothing."""
    told: list[_Told] = [_Told(one.id, list(one.articles)) for one in known]
    alone = [i for i, analysis in enumerate(analyses) if is_series(analysis.article)]
    order = sorted(set(range(len(analyses))) - set(alone), key=lambda i: (_day(analyses[i]) or "9999", i))
    for _, day in groupby(order, key=lambda i: _day(analyses[i])):
        _add([*day], analyses, told, encoder)
    found = [Continued(tuple(one.indices), one.id) for one in told if one.indices]
    return (*found, *(Continued((i,), None) for i in alone))


def is_series(article: Article) -> bool:
    """Does a report like this one come every day (the weather, prices, tables), about no event?"""
    return bool(article.headline and _rule("series").match(article.headline))


def features(articles: Sequence[Article]) -> dict[str, list[str]]:
    """What the articles are told by, as stems, the weightiest first: `words` of all kinds, by which a story is found
    again, `names`, `places` and `figures`."""
    read, places = event_words(articles), _of_places(articles)
    weight: Counter[str] = Counter()
    for found in read.weights:
        weight.update(found)
    words = [word for word, _ in weight.most_common(_MOST_WORDS)]
    names = [word for word in words if word in read.names]
    return {
        "words": words,
        "names": [word for word in names if word not in places],
        "places": [word for word in names if word in places],
        "figures": [word for word in words if word.isdecimal()],
    }


@dataclass
class _Told:
    id: int | None
    articles: list[Article]
    indices: list[int]

    def __init__(self, id: int | None, articles: list[Article]) -> None:
        self.id, self.articles, self.indices = id, articles, []


def _add(day: Sequence[int], analyses: Sequence[Analysis], told: list[_Told], encoder: Encoder | None) -> None:
    """Puts a day's articles into the stories they go on with, or new ones."""
    here = [analyses[i] for i in day]
    every = [*(analysis.article for analysis in here), *(article for one in told for article in one.articles)]
    ties = _Ties(every)
    groups = [part for one in group(here, encoder) for part in _tied(one, ties)]
    places: list[tuple[_Told, range]] = []
    at = len(here)
    for one in told:
        places.append((one, range(at, at + len(one.articles))))
        at += len(one.articles)
    for members in sorted(groups, key=lambda one: min(day[i] for i in one)):
        best = max(((_strength(ties, members, span), -n) for n, (_, span) in enumerate(places)), default=(0.0, 0))
        story = places[-best[1]][0] if best[0] > 0 else _Told(None, [])
        if best[0] <= 0:
            told.append(story)
        story.articles += [here[i].article for i in members]
        story.indices += [day[i] for i in members]


def _tied(members: Sequence[int], ties: _Ties) -> list[list[int]]:
    """The group of a day without the articles that are tied to none of it, where others are tied to each other."""
    lone = [one for one in members if not any(ties.tie(one, other) for other in members if other != one)]
    kept = [one for one in members if one not in lone]
    return [kept, *([one] for one in lone)] if kept else [[*members]]


def _strength(ties: _Ties, members: Sequence[int], span: range) -> float:
    """How surely a group goes on with a story: the mean of what ties each article to the nearest of the story; 0 if
    most of them are tied to none."""
    best = [max((ties.tie(one, other) for other in span), default=0.0) for one in members]
    return sum(best) / len(best) if 2 * sum(value > 0 for value in best) >= len(best) else 0.0


class _Ties:
    """What articles have in common that tells one event from another."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles
        self._read: EventWords = event_words(articles)
        self._shared_by_many = _of_places(articles)

    def tie(self, one: int, other: int) -> float:
        """Likeness on the matter of two articles that may tell of one event; 0 if they do not."""
        first, second = self._read.weights[one], self._read.weights[other]
        shared = first.keys() & second.keys()
        own = shared - self._shared_by_many
        matter = sum(min(first[word] * second[word], MOST_PER_WORD) for word in own)
        names = len(own & self._read.names)
        a, b = self._articles[one], self._articles[other]
        if not _within(a, b, MOST_DAYS_BOUND if names > 1 else MOST_DAYS):
            return 0.0
        if names > 1:
            return matter if matter >= SURE else 0.0
        here = bool(shared & self._shared_by_many & self._read.names)
        also = bool(_common_days(a, b) or any(map(_particular, figures_of(a) & figures_of(b))))
        if matter >= KNOWN and own & (taken_up(a) | taken_up(b)):
            return matter if here or len(_telling(own, first, second)) > 1 else 0.0
        if names:
            return matter if (here or also) and matter >= ONE_NAME else 0.0
        return matter if here and also and matter >= NO_NAME else 0.0


def _telling(shared: Iterable[str], first: Mapping[str, float], second: Mapping[str, float]) -> list[str]:
    """The compounds and figures that weigh much in both articles: Tauernautobahn."""
    return [w for w in shared if first[w] * second[w] >= _HEAVY and (len(w) >= _COMPOUND or w.isdecimal())]


@lru_cache(maxsize=4096)
def taken_up(article: Article) -> frozenset[str]:
    """Stems of the events that its first sentences speak of as known: nach dem Busunglück."""
    begins = [s.text for s in article.sentences[:_BEGINS]]
    return frozenset(stem(found["what"].lower()) for text in begins for found in _rule("takes_up").finditer(text))


def _common_days(one: Article, other: Article) -> frozenset[str]:
    """Days that both name, but for that on which both were printed."""
    printed = {(article.published or "")[: len("2026-11-29")] for article in (one, other)}
    return (days_named(one) & days_named(other)) - (printed if len(printed) == 1 else set())


def _particular(amount: Amount) -> bool:
    """Is it too particular to be met by chance in reports of two events of one town?"""
    return amount >= _LARGE or amount.denominator != 1


def _of_places(articles: Sequence[Article]) -> frozenset[str]:
    """Stems of what many events of one place share: the names of towns and of who speaks for an office."""
    seen: Counter[str] = Counter()
    behind_in: Counter[str] = Counter()
    voices: set[str] = set()
    for article in articles:
        for word, is_place, is_voice in _told_names(article):
            seen[word] += 1
            behind_in[word] += is_place
            voices |= {word} if is_voice else set()
    return frozenset(voices | {word for word, n in behind_in.items() if n * _OFTEN >= seen[word]})


@lru_cache(maxsize=4096)
def _told_names(article: Article) -> tuple[tuple[str, bool, bool], ...]:
    """Each word with a capital: its stem, whether it stands as a place, whether as who speaks for somebody."""
    found = []
    for sentence in article.sentences:
        places = [span.span("place") for span in _rule("in_place").finditer(sentence.text)]
        voices = [span.span("who") for span in _rule("speaks_for").finditer(sentence.text)]
        for word in words(sentence.text):
            if word.text[:1].isupper():
                is_place = any(start <= word.start < end for start, end in places)
                is_voice = any(start <= word.start < end for start, end in voices)
                found.append((stem(word.lower), is_place, is_voice))
    return tuple(found)


def _within(one: Article, other: Article, most: int) -> bool:
    first, second = day_of(one), day_of(other)
    return first is None or second is None or abs((first - second).days) <= most


def _day(analysis: Analysis) -> str:
    return (analysis.article.published or "")[: len("2026-11-29")]
