"""Stories over days: the same one is found again, and another event of its town is not put into it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presseschau.briefing.following import KnownStory, StoryIdentity, by_identity, features, follow, is_series
from presseschau.ingest import read_article
from presseschau.models import Analysis, Article, Provenance, Usage
from searching import examples

FIXTURES = Path(__file__).parent.parent.parent / "fixtures/briefing"
DAYS = FIXTURES / "days"
EXPECTED = json.loads((DAYS / "expected.json").read_text("utf-8"))
NOTHING = Provenance(model="", engine="", prompts="", usage=Usage(), repairs=0, versions={}, notice="")
NAMES = sorted(path.stem for path in DAYS.glob("*.txt"))


@cache
def article(name: str) -> Article:
    return read_article((DAYS / f"{name}.txt").read_bytes(), source=name)


def analysed(article: Article) -> Analysis:
    return Analysis(article=article, provenance=NOTHING)


def followed(names: list[str], known: dict[int, list[str]]) -> dict[str, int]:
    """Name -> number of its story; `known` goes on with them."""
    here = [analysed(article(name)) for name in names]
    stories = [KnownStory(number, tuple(article(name) for name in members)) for number, members in known.items()]
    story_of = {}
    for one in follow(here, stories):
        number = one.story or len(known) + 1
        for i in one.indices:
            story_of[names[i]] = number
            known.setdefault(number, []).append(names[i])
    return story_of


@cache
def from_day_to_day() -> dict[str, int]:
    known: dict[int, list[str]] = {}
    story_of: dict[str, int] = {}
    for day in ("21", "22", "23", "24"):
        story_of |= followed([name for name in NAMES if name.startswith(day)], known)
    return story_of


@pytest.mark.parametrize("title", EXPECTED["groups"])
def test_a_story_keeps_its_number_also_after_a_pause(title: str) -> None:
    stories = from_day_to_day()
    assert len({stories[name] for name in EXPECTED["groups"][title]}) == 1


@pytest.mark.parametrize("name", EXPECTED["unrelated"])
def test_what_stands_alone_stays_alone(name: str) -> None:
    stories = from_day_to_day()
    assert [other for other, number in stories.items() if number == stories[name]] == [name]


def test_all_days_at_once_give_the_same_stories() -> None:
    at_once, stories = followed(NAMES, {}), from_day_to_day()
    assert {frozenset(n for n in at_once if at_once[n] == one) for one in at_once.values()} == {
        frozenset(n for n in stories if stories[n] == one) for one in stories.values()
    }


@given(st.permutations(NAMES[:12]))
@settings(max_examples=examples(5), deadline=None)
def test_the_order_in_which_articles_are_named_does_not_matter(names: list[str]) -> None:
    found, plain = followed(names, {}), followed(NAMES[:12], {})
    assert {frozenset(n for n in found if found[n] == one) for one in found.values()} == {
        frozenset(n for n in plain if plain[n] == one) for one in plain.values()
    }


def test_two_known_stories_are_never_made_one() -> None:
    """An article that would fit both goes to one of them."""
    here = [analysed(article("24-w4-harburger-kurier"))]
    known = [KnownStory(7, (article("21-w1-weserblick"),)), KnownStory(8, (article("22-w3-weserblick"),))]
    (one,) = follow(here, known)
    assert one.story in (7, 8)


def test_a_story_that_rested_too_long_begins_anew() -> None:
    old = article("21-w1-weserblick").model_copy(update={"published": "2026-01-02"})
    (one,) = follow([analysed(article("22-w3-weserblick"))], [KnownStory(1, (old,))])
    assert one.story is None


def test_names_of_many_events_tie_nothing() -> None:
    """Parties, a head of state, a chancellor: of them there is news every day."""
    texts = (
        ("SPD und CDU streiten über Rente", "Trump lobte Merkel. Die SPD und die CDU streiten über die Rente."),
        ("Trump lobt Merkel", "In Berlin lobte Trump die Kanzlerin Merkel. SPD und CDU begrüßten die Zölle auf Stahl."),
    )
    first, second = (
        analysed(read_article(f"{head}\n\n{body}", source=head, metadata={"published": f"2026-09-2{n}"}))
        for n, (head, body) in enumerate(texts)
    )
    (one,) = follow([second], [KnownStory(1, (first.article,))])
    assert one.story is None


def test_what_comes_every_day_is_no_story() -> None:
    assert {name for name in NAMES if is_series(article(name))} == set(EXPECTED["series"])


def test_a_story_is_told_by_what_is_its_own() -> None:
    told = features([article("21-s1-weserblick"), article("22-s2-landesfunk-mitte")])
    assert "immig" in told["names"]
    assert {"grabenstedt", "rohloff", "swantj"} <= set(told["places"])
    assert {"immig", "straßenbah"} <= set(told["words"])


def test_articles_are_grouped_as_the_archive_knows_them() -> None:
    articles = [article(name) for name in ("21-w1-weserblick", "21-k1-landesfunk-mitte", "22-w3-weserblick")]
    known = {one.id: StoryIdentity(story) for one, story in zip(articles, (5, 6, 5), strict=True)}
    assert by_identity(articles, known) == ((0, 2), (1,))
    assert by_identity(articles, {}) == ((2,), (1,), (0,))
