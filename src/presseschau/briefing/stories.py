"""Articles about the same event, found by what their German has in common; no model decides it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import combinations

from presseschau.briefing.event_words import EventWords, event_words
from presseschau.briefing.linkage import average_linkage
from presseschau.models import Analysis, Article

LEAST = 0.14
"""Mean likeness of a group's pairs (0 to 1). Of 250 real articles of ten years (`tests/measure/stories.py`) no more
than a few pairs about one lasting subject reach it; the reports of one event in fixtures/briefing all do."""
MOST_PER_WORD = 0.1
"""What one shared word may add to a likeness: a town or a name alone never joins two articles."""
MOST_DAYS = 14
"""Days between two reports of one event; two articles farther apart have nothing in common."""
_CORE = 3
_OF_CORE = 2
"""Where most reports share three names or more, each must have two: a town's other court case has one."""


Pair = tuple[int, int]


def group(analyses: Sequence[Analysis]) -> tuple[tuple[int, ...], ...]:
    """Indices of the analyses, event by event: the largest first, then the most recent; single articles last.

    Within an event the indices are in the order of publication.
    """
    articles = [analysis.article for analysis in analyses]
    read = event_words(articles)
    alike, named = likeness(articles, read)
    linked = average_linkage(range(len(articles)), alike, LEAST, named)
    groups = [part for one in linked for part in _by_core(one, read)]

    def published(i: int) -> str:
        return articles[i].published or ""

    in_order = [tuple(sorted(one, key=lambda i: (published(i), i))) for one in groups]
    in_order.sort(key=lambda one: (published(one[-1]), -one[0]), reverse=True)
    return tuple(sorted(in_order, key=len, reverse=True))


def likeness(articles: Sequence[Article], read: EventWords) -> tuple[dict[Pair, float], set[Pair]]:
    """How alike two articles are, 0 to 1, by the names and nouns they share; and the pairs that share a name."""
    holding: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for i, found in enumerate(read.weights):
        for word, weight in found.items():
            holding[word].append((i, weight))
    alike: defaultdict[Pair, float] = defaultdict(float)
    named: set[Pair] = set()
    for word, held in holding.items():
        for (one, weight), (other, other_weight) in combinations(held, 2):
            alike[one, other] += min(weight * other_weight, MOST_PER_WORD)
            if word in read.names:
                named.add((one, other))
    days = [_day(article) for article in articles]
    near = {pair: value for pair, value in alike.items() if _near(days[pair[0]], days[pair[1]])}
    return near, named & near.keys()


def _by_core(one: Sequence[int], read: EventWords) -> list[list[int]]:
    """The group, and each article alone that has too few of the names that most of the group share."""
    held = Counter(word for i in one for word in read.weights[i] if word in read.names)
    core = {word for word, n in held.items() if 2 * n > len(one)}
    if len(one) < _CORE or len(core) < _CORE:
        return [list(one)]
    kept = [i for i in one if len(core & read.weights[i].keys()) >= _OF_CORE]
    return [kept, *([i] for i in one if i not in kept)]


def _near(one: date | None, other: date | None) -> bool:
    return one is None or other is None or abs((one - other).days) <= MOST_DAYS


def _day(article: Article) -> date | None:
    try:
        return date.fromisoformat((article.published or "")[:10])
    except ValueError:
        return None
