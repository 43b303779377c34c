"""Groups, wire copies and numbers of the sources, on own-written articles."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import presseschau
from presseschau.briefing.sources import claims, origins, sources
from presseschau.briefing.stories import average_linkage, group
from presseschau.models import Analysis, Provenance, Usage

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "briefing"
EXPECTED = json.loads((FIXTURES / "expected.json").read_text("utf-8"))
NOTHING = Provenance(model="", engine="", prompts="", usage=Usage(), repairs=0, versions={}, notice="")


def read(folder):
    return [Analysis(article=presseschau.read(str(p)), provenance=NOTHING) for p in sorted(folder.glob("*.txt"))]


@pytest.fixture(scope="module")
def analyses():
    return read(FIXTURES)


def names(analyses, indices):
    return [Path(analyses[i].article.source).stem for i in indices]


def test_reports_of_one_event_are_together_and_nothing_else_is(analyses):
    groups = [frozenset(names(analyses, one)) for one in group(analyses)]
    assert {one for one in groups if len(one) > 1} == {frozenset(one) for one in EXPECTED["groups"].values()}
    assert {name for one in groups if len(one) == 1 for name in one} == set(EXPECTED["unrelated"])


def test_the_largest_is_first_and_its_articles_in_the_order_of_publication(analyses):
    first = group(analyses)[0]
    dates = [analyses[i].article.published for i in first]
    assert len(first) == max(len(one) for one in EXPECTED["groups"].values())
    assert dates == sorted(dates)


def test_the_order_of_the_articles_does_not_matter(analyses):
    turned = analyses[::-1]
    assert [names(turned, one) for one in group(turned)] == [names(analyses, one) for one in group(analyses)]


def test_unrelated_articles_form_no_group():
    found = presseschau.iter_articles([str(FIXTURES / "unrelated" / "articles.jsonl")])
    unrelated = [Analysis(article=article, provenance=NOTHING) for article in found]
    assert len(unrelated) >= 40
    assert [names(unrelated, one) for one in group(unrelated) if len(one) > 1] == []


def test_reports_far_apart_in_time_are_two_events(analyses):
    one = analyses[0]
    later = one.model_copy(update={"article": one.article.model_copy(update={"published": "2026-05-12T09:00"})})
    assert group([one, later]) == ((1,), (0,))


def test_wire_copies_are_one_source(analyses):
    found = sources(analyses)
    stems = {s.n: Path(a.article.source).stem for s, a in zip(found, analyses, strict=True)}
    copied = {frozenset((stems[s.n], stems[s.copy_of])) for s in found if s.copy_of}
    assert copied == {frozenset(wire["articles"]) for wire in EXPECTED["wire_copies"]}
    whose = origins(found)
    assert len({whose[s.n] for s in found if s.copy_of} | {whose[s.copy_of] for s in found if s.copy_of}) == len(copied)


def test_a_source_says_where_it_is_from(analyses):
    found = sources(analyses)
    assert [s.n for s in found] == list(range(1, len(analyses) + 1))
    for source, one in zip(found, analyses, strict=True):
        stem = Path(one.article.source).stem
        assert (source.outlet, source.published) == (EXPECTED["outlets"][stem], EXPECTED["published"][stem])


def test_no_claims_no_ids(analyses):
    assert claims(analyses) == ()


@given(st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 9)), st.floats(0, 1)), st.floats(0.05, 1))
def test_every_item_is_in_one_group_and_no_group_has_a_mean_below_the_least(drawn, least):
    likeness = {(min(pair), max(pair)): value for pair, value in drawn.items() if pair[0] != pair[1]}
    groups = average_linkage(range(10), likeness, least, likeness)
    assert sorted(item for one in groups for item in one) == list(range(10))
    for one, other in combinations(groups, 2):
        mean = sum(likeness.get((min(i, j), max(i, j)), 0) for i in one for j in other) / (len(one) * len(other))
        assert mean < least + 1e-9


def test_a_chain_of_pairs_is_no_group():
    likeness = {(i, i + 1): 0.2 for i in range(9)}
    assert max(len(one) for one in average_linkage(range(10), likeness, 0.14, likeness)) == 2
