"""Figures side by side, timeline, who says what, corrections, changes: on own-written articles, by code alone."""

from __future__ import annotations

from fractions import Fraction

import pytest
from analysed import EXPECTED, analysed, stem

from presseschau.briefing.changes import changes
from presseschau.briefing.comparisons import comparisons
from presseschau.briefing.corrections import corrections
from presseschau.briefing.positions import positions
from presseschau.briefing.sources import claims, origins, sources
from presseschau.briefing.tables import questions, single_source
from presseschau.briefing.timeline import timeline
from presseschau.facts.numbers import read as numbers
from presseschau.models import Usage
from presseschau.notes import Method, Note
from presseschau.pipeline.decisions import Decision, Decisions, decided

GROUPS = sorted(EXPECTED["groups"])
METHOD = Method(models=(), prompts="", usage=Usage(), notice="", versions={})


def accepted():
    """The analyses with every claim accepted: a claim that a check doubts is no matter of these tables."""
    return [
        one.model_copy(update={"claims": tuple(c.model_copy(update={"supported": True}) for c in one.claims)})
        for one in analysed()
    ]


@pytest.fixture(scope="module")
def everything():
    analyses = accepted()
    found = sources(analyses)
    return analyses, claims(analyses), found, {s.n: stem(a) for s, a in zip(found, analyses, strict=True)}


def of(everything, group):
    _, told, found, names = everything
    mine = {n for n, name in names.items() if name in EXPECTED["groups"][group]}
    return [c for c in told if c.source in mine], [s for s in found if s.n in mine]


def amounts(comparison, names):
    """Value -> names of the articles that give it."""
    found = {}
    for figure in comparison.figures:
        value = next(fact.value.amount for fact in numbers.read(figure.value, "en"))
        found[str(Fraction(value))] = {names[n] for n in figure.sources}
    return found


def expected(kind, group):
    return [one for one in EXPECTED[kind] if one["group"] == group]


@pytest.mark.parametrize("group", GROUPS)
def test_just_the_planted_contradictions_are_shown_with_all_figures_and_their_articles(everything, group):
    shown = [amounts(c, everything[3]) for c in comparisons(*of(everything, group)) if c.kind == "disputed"]
    planted = [{value: set(by) for value, by in one["figures"].items()} for one in expected("contradictions", group)]
    for one in planted:
        assert one in shown
    assert len(shown) == len(planted)


@pytest.mark.parametrize("group", GROUPS)
def test_a_later_state_is_a_change(everything, group):
    shown = [[*amounts(c, everything[3])] for c in comparisons(*of(everything, group)) if c.kind == "changed"]
    assert shown == [[one["from"], one["to"]] for one in expected("changed", group)]


def test_a_figure_cites_claims_that_give_it(everything):
    ids = {c.id: c for c in everything[1]}
    for group in GROUPS:
        for comparison in comparisons(*of(everything, group)):
            for figure in (f for f in comparison.figures if numbers.read(f.value, "en")):
                (value, *_) = [fact.value for fact in numbers.read(figure.value, "en")]
                for claim in figure.claims:
                    assert value in [fact.value for fact in numbers.read(ids[claim].claim.text, "en")]


def test_what_is_agreed_rests_on_two_origins(everything):
    whose = origins(everything[2])
    agreed = [c for group in GROUPS for c in comparisons(*of(everything, group)) if c.kind == "agreed"]
    assert agreed
    assert all(len({whose[n] for n in figure.sources}) > 1 for c in agreed for figure in c.figures)


def test_a_company_that_independent_papers_name_is_agreed(everything):
    agreed = [c for c in comparisons(*of(everything, "brand-brunsbek")) if c.about == "company"]
    assert [[figure.value for figure in c.figures] for c in agreed] == [["Nordlack"]]


def test_unrelated_stories_put_together_contradict_nothing(everything):
    _, told, found, names = everything
    mine = {n for n, name in names.items() if name in (*EXPECTED["unrelated"], "a4-hansebote", "c1-netzwarte")}
    assert comparisons([c for c in told if c.source in mine], [s for s in found if s.n in mine]) == ()


def test_unsupported_claims_are_in_no_table(everything):
    analyses, told, found, _ = everything
    wrong = [c.model_copy(update={"claim": c.claim.model_copy(update={"supported": False})}) for c in told]
    assert comparisons(wrong, found) == ()
    assert timeline(wrong, found) == ()
    assert positions(wrong, found) == ()
    assert single_source(wrong, found) == ()
    assert questions(analyses, wrong) == ()


@pytest.mark.parametrize("event", EXPECTED["timeline"], ids=lambda one: f"{one['date']} {one['event']}")
def test_the_timeline_has_the_day_and_who_gives_it(everything, event):
    lines = [one for one in timeline(*of(everything, event["group"])) if one.date == event["date"]]
    giving = {everything[3][int(claim.split(".")[0])] for one in lines for claim in one.claims}
    assert set(event["articles"]) <= giving
    assert event["planned"] in [one.planned for one in lines]


@pytest.mark.parametrize("group", GROUPS)
def test_the_timeline_is_in_order(everything, group):
    days = [one.date for one in timeline(*of(everything, group))]
    assert days == sorted(days)


def test_a_short_timeline_keeps_the_days(everything):
    told, found = of(everything, "wendelin-werft")
    whole = timeline(told, found)
    days = {one.date for one in whole if len(one.date) > 4}
    short = timeline(told, found, len(days))
    assert {one.date for one in short} == days
    assert [one for one in whole if one in short] == list(short)


def test_a_speaker_is_one_under_every_form_of_the_name(everything):
    said = positions(*of(everything, "wendelin-werft"))
    assert {p.speaker for p in said if "Pagel" in p.speaker} == {"Doreen Pagel"}
    assert {p.speaker for p in said if "Matthiesen" in p.speaker} == {"Holger Matthiesen"}
    at_a_rally = next(p for p in said if "scrapped" in p.text)
    assert at_a_rally.outlets == ("Sundkurier", "Morgenblatt")


def test_police_and_criminal_police_are_two(everything):
    speakers = {p.speaker for p in positions(*of(everything, "brand-brunsbek"))}
    assert {"the police", "the criminal police"} <= speakers


@pytest.mark.parametrize("one", EXPECTED["corrections"], ids=lambda one: one["article"])
def test_a_paper_that_corrects_itself_is_reported_once(everything, one):
    found = corrections(*of(everything, one["group"]))
    assert [change.kind for change in found] == ["corrected"]
    text = f"{found[0].text} {found[0].before}"
    assert any(word in text for word in one["words"])
    cited = {everything[3][int(claim.split(".")[0])] for claim in found[0].claims}
    assert cited == {one["article"]}
    assert found[0].english or "note of the editors" in found[0].text


def test_a_copy_is_no_second_source(everything):
    lone = single_source(*of(everything, "brand-brunsbek"))
    stored = next(one for one in lone if "solvents" in one.text)
    assert {everything[3][int(c.split(".")[0])] for c in stored.claims} == {"a1-hansebote", "a2-foerdezeitung"}
    assert not any("14 people" in one.text for one in lone)


def test_open_questions_are_what_the_german_says_is_not_known(everything):
    told, _ = of(everything, "cyberangriff-osterfeld")
    assert any("unclear" in one.text for one in questions(everything[0], told))


def note(told, found):
    return Note(title="", bottom_line=(), key_points=(), stories=(), sources=found, claims=told, method=METHOD)


def test_the_same_articles_bring_no_change_however_they_are_worded(everything):
    _, told, found, _ = everything
    reworded = [c.model_copy(update={"claim": c.claim.model_copy(update={"text": "Otherwise."})}) for c in told]
    assert changes(told, found, note(told, found)) == ()
    assert changes(reworded, found, note(told, found)) == ()
    assert changes(told, found, None) == ()


def test_a_later_article_brings_what_is_changed_and_new(everything):
    told, found = of(everything, "wendelin-werft")
    last = max(found, key=lambda s: s.published)
    before = note(tuple(c for c in told if c.source != last.n), tuple(s for s in found if s is not last))
    said = changes(told, found, before)
    changed = [one for one in said if one.kind == "changed"]
    assert [("290" in one.text, "420" in one.before) for one in changed] == [(True, True)]
    new = [one for one in said if one.kind == "new"]
    assert new
    assert all(claim.startswith(f"{last.n}.") for one in said for claim in one.claims)


def test_what_a_new_version_no_longer_says_is_withdrawn(everything):
    told, found = of(everything, "brand-brunsbek")
    old = found[0]
    shorter = old.model_copy(update={"id": "0" * 64, "sentences": old.sentences[:-2]})
    kept = [c for c in told if c.source == old.n and all(e.n <= shorter.sentences[-1].n for e in c.claim.evidence)]
    said = changes(kept, [shorter], note(tuple(c for c in told if c.source == old.n), (old,)))
    assert {one.kind for one in said} == {"withdrawn"}
    assert any("damage" in one.before for one in said)


def test_what_a_person_corrected_is_what_the_tables_say():
    """Speaker, stance and day of a claim, as the review has them."""
    analyses = accepted()
    at, claim = next((i, c) for i, a in enumerate(analyses) for c in a.claims if c.speaker and c.when and c.when.date)
    mine = {"speaker": "Ada Kolb", "stance": "opinion", "when": "2025-07-02"}
    made = Decision.on(claim, "accepted", claim.text, corrections=mine, by="Anna Berg")
    analyses[at] = decided(analyses[at], Decisions(decisions=(made,)))
    found, told = sources(analyses), claims(analyses)
    (said,) = (one for one in positions(told, found) if one.speaker == "Ada Kolb")
    (event,) = (one for one in timeline(told, found) if one.date == "2025-07-02")
    assert (said.text, said.stance) == (claim.text, "opinion")
    assert event.claims == said.claims
    assert claim.when.date not in {one.date for one in timeline(told, found) if set(said.claims) & set(one.claims)}
