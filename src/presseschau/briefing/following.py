"""Stories that run over days: which of a day's articles go on with what was reported before.

A day's articles are grouped as in a note (`stories.group`); then each group goes to the one known story that it goes on
with, or begins one. In doubt it begins one: two events in one story mislead, a story that begins twice only repeats.
What many events of a place share ties nothing here: the town itself, its court, who speaks for its police. A company, a
person, a bridge does, with words on the matter; else the town together with a day or a figure that both name. Nor do
countries and public figures, of which there is news every day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby
from typing import TYPE_CHECKING

from presseschau.briefing.corrections import recalled
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
    listed_kind,
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
_ACRONYM = 5
_FEW = 3
_OF_MANY = 3
"""Stories that have a name, from which on it tells none from another."""
_OFTEN = 4
"""A name that stands once in so many times behind "in" is a place."""


@dataclass(frozen=True)
class KnownStory:
    """A story of the archive, with some of its articles."""

    id: int
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class StoryIdentity:
    """Of which story an article is: its number (below 0: one that no archive keeps), and how notes call it, None if
    none told it yet."""

    story: int
    title: str | None = None


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
    every = [analysis.article for analysis in analyses]
    stories = [_Running(one.id, []) for one in known]
    for story, one in zip(stories, known, strict=True):
        story.members += range(len(every), len(every) + len(one.articles))
        every += one.articles
    ties = _Ties(every)
    alone = [i for i, analysis in enumerate(analyses) if is_series(analysis.article)]
    order = sorted(set(range(len(analyses))) - set(alone), key=lambda i: (_day(analyses[i]) or "9999", i))
    for _, day in groupby(order, key=lambda i: _day(analyses[i])):
        _add([*day], analyses, stories, ties, encoder)
    fresh = range(len(analyses))
    found = ((tuple(i for i in story.members if i in fresh), story.id) for story in stories)
    return (*(Continued(some, id) for some, id in found if some), *(Continued((i,), None) for i in alone))


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
class _Running:
    """A story and its articles, as indices of all that are held against each other."""

    id: int | None
    members: list[int]


def _add(
    day: Sequence[int], analyses: Sequence[Analysis], stories: list[_Running], ties: _Ties, encoder: Encoder | None
) -> None:
    """Puts a day's articles into the stories they go on with, or new ones."""
    before = [(story, tuple(story.members), ties.telling(story.members)) for story in stories]
    ties.learn([members for _, members, _ in before])
    grouped = ([day[i] for i in one] for one in group([analyses[i] for i in day], encoder))
    for members in sorted((part for one in grouped for part in _tied(one, ties)), key=min):
        told = ties.telling(members)
        near = [(story, others) for story, others, words in before if not told.isdisjoint(words)]
        strengths = [_strength(ties, members, others) for _, others in near]
        best = max(range(len(near)), key=lambda n: (strengths[n], -n), default=None)
        if best is not None and strengths[best] > 0:
            near[best][0].members.extend(members)
        else:
            stories.append(_Running(None, [*members]))


def _tied(members: Sequence[int], ties: _Ties) -> list[list[int]]:
    """The group of a day without the articles that are tied to none of it."""
    lone = [one for one in members if not any(ties.tie(one, other) for other in members if other != one)]
    kept = [one for one in members if one not in lone]
    return [kept, *([one] for one in lone)] if kept else [[one] for one in members]


def _strength(ties: _Ties, members: Sequence[int], others: Sequence[int]) -> float:
    """How surely a group goes on with a story: the mean of what ties each article to the nearest of the story; 0 if
    most of the group are tied to none. Of a story of four or more, two must be near, so that no chain forms; a
    correction needs only the one that it recalls."""
    found = []
    for one in members:
        wanted = 2 if len(others) > _FEW and not ties.corrects(one) else 1
        nearest = sorted((ties.tie(one, other) for other in others), reverse=True)[:wanted]
        found.append(sum(nearest) / wanted if nearest and nearest[-1] > 0 else 0.0)
    return sum(found) / len(found) if 2 * sum(value > 0 for value in found) >= len(found) else 0.0


class _Ties:
    """What articles have in common that tells one event from another."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles
        self._read: EventWords = event_words(articles)
        self._shared_by_many = _of_places(articles)
        self._telling = [
            frozenset(w for w in found if w in self._read.names or len(w) >= _COMPOUND or w.isdecimal())
            for found in self._read.weights
        ]

    def telling(self, members: Iterable[int]) -> frozenset[str]:
        """The words of these articles of which two must share one to be tied at all."""
        return frozenset[str]().union(*(self._telling[i] for i in members))

    def learn(self, stories: Iterable[Sequence[int]]) -> None:
        """Names that several stories have are those of many events."""
        held = Counter(
            word
            for members in stories
            for word in {word for i in members for word in self._read.weights[i]} & self._read.names
        )
        self._shared_by_many |= {word for word, n in held.items() if n >= _OF_MANY}

    def corrects(self, one: int) -> bool:
        """Does the article take back what its paper reported?"""
        return bool(recalled(self._articles[one]))

    def tie(self, one: int, other: int) -> float:
        """Likeness on the matter of two articles that may tell of one event; 0 if they do not."""
        if self._telling[one].isdisjoint(self._telling[other]):
            return 0.0  # most pairs: no name, no compound, no figure in common
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
    """Stems of what many events share: the names of towns, of who speaks for an office, of countries, public figures
    and bodies with an acronym (Kiel, the police's spokeswoman, Trump, SPD)."""
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
    """Each word with a capital: its stem, whether it stands as a place, whether as a name of many events."""
    found = []
    for sentence in article.sentences:
        places = [span.span("place") for span in _rule("in_place").finditer(sentence.text)]
        voices = [span.span("who") for span in _rule("speaks_for").finditer(sentence.text)]
        for word in words(sentence.text):
            if word.text[:1].isupper():
                is_place = any(start <= word.start < end for start, end in places)
                is_voice = any(start <= word.start < end for start, end in voices)
                is_voice |= listed_kind(word.lower) == "known" or (word.text.isupper() and len(word.text) <= _ACRONYM)
                found.append((stem(word.lower), is_place, is_voice))
    return tuple(found)


def _within(one: Article, other: Article, most: int) -> bool:
    first, second = day_of(one), day_of(other)
    return first is None or second is None or abs((first - second).days) <= most


def _day(analysis: Analysis) -> str:
    return (analysis.article.published or "")[: len("2026-11-29")]
