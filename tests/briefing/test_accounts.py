"""Two papers tell of one thing in words of their own: known as the same, or put side by side where they contradict."""

from __future__ import annotations

from functools import cache

import pytest

from accounts_world import labelled, stories
from presseschau.briefing.accounts import AccountPair, accounts, contradictions
from presseschau.briefing.comparisons import comparisons
from presseschau.briefing.tables import single_source

STORIES = {row["story"]: row for row in stories()}


@cache
def told(story: str) -> tuple[list, list, dict, tuple[AccountPair, ...]]:
    claims, sources, labels = labelled(STORIES[story])
    return claims, sources, labels, accounts(claims, sources)


@pytest.mark.parametrize("story", ["deich", "museum", "tarif", "wahl"])
def test_what_two_papers_tell_is_no_single_source_and_what_one_tells_is(story):
    claims, sources, labels, measured = told(story)
    shown = comparisons(claims, sources, measured)
    lone = {labels[i][0] for row in single_source(claims, sources, measured, shown) for i in row.claims}
    papers = {about: {c.source for c in claims if labels[c.id][0] == about} for about, _ in labels.values()}
    same = {about for about, way in labels.values() if len({w for a, w in labels.values() if a == about}) == 1}
    of_one = {about for about, which in papers.items() if len(which) == 1}
    assert len(of_one & lone) >= len(of_one) - 1
    assert len((same - of_one) & lone) <= 1


def test_contradictions_in_other_words_are_added_to_those_that_rules_see():
    right = wrong = 0
    for story in ("kasse", "wahl", "gift", "verein2"):
        claims, sources, labels, measured = told(story)
        for one in contradictions(measured, comparisons(claims, sources)):
            (a,), (b,) = (figure.claims for figure in one.figures)
            is_one = labels[a][0] == labels[b][0] and labels[a][1] != labels[b][1]
            right, wrong = right + is_one, wrong + (not is_one)
    assert right >= 7
    assert not wrong


def test_a_paper_of_two_claims_is_held_against_nothing():
    claims, sources, *_ = told("deich")
    few = [c for c in claims if c.source == 1 or c.id in ("2.c0", "2.c1")]
    assert accounts(few, sources[:2]) == ()
