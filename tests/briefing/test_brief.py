"""brief(): the note of the eighteen articles, with a good model, a lying one, a broken one and a small one."""

import asyncio
from functools import cache

import numpy as np
import pytest

import briefing_world
from note_engine import NoteEngine, good, planted
from presseschau.analysis import Options
from presseschau.briefing.brief import brief
from presseschau.briefing.points import NOTHING
from presseschau.briefing.sentences import citable_claims
from presseschau.briefing.stories import group
from presseschau.briefing.verify import verify
from presseschau.checks.naming.glossary import Glossary, GlossaryEntry
from presseschau.checks.note.check import check
from presseschau.errors import BudgetReachedError, InputError, MalformedAnswer, ProviderDownError, RefusedAnswer
from presseschau.notes import Note
from scripted import ScriptedEngine


def note_of(engine, analyses=None, **wish):
    return asyncio.run(brief(briefing_world.analyses() if analyses is None else analyses, engine, **wish))


@cache
def whole():
    return note_of(NoteEngine())


def sentences(note):
    points = [point for story in (*note.stories, *note.others) for point in story.points]
    return [*note.bottom_line, *note.key_points, *points]


def errors(findings):
    return [finding for finding in findings if finding.severity == "error"]


@pytest.mark.slow
def test_what_a_good_model_writes_is_in_the_note_and_nothing_is_left_out():
    note = whole()
    said = {one.text for one in sentences(note)}

    assert {point["text"] for story in good()["stories"] for point in story["points"]} <= said
    assert [one.text for one in note.bottom_line] == [one["text"] for one in good()["bottom_line"]]
    assert [story.title for story in note.stories] == [story["title"]["text"] for story in good()["stories"]]
    assert note.left_out == ()


@pytest.mark.slow
def test_every_citation_resolves_down_to_the_german():
    note = whole()
    claims = {one.id: one for one in note.claims}
    german = {source.n: {(s.n, s.de) for s in source.sentences} for source in note.sources}

    for one in sentences(note):
        assert one.claims
        for name in one.claims:
            found = claims[name]
            assert found.claim.supported
            assert {(e.n, e.text) for e in found.claim.evidence} <= german[found.source]


def test_stories_are_told_apart_and_single_articles_only_named():
    note = whole()
    outlets = {source.n: source.headline_de or "" for source in note.sources}

    assert sorted(len(story.sources) for story in note.stories) == [5, 5, 6]
    assert len(note.others) == 2
    assert all(len(one.points) == 1 for one in note.others)
    assert set(outlets) == {n for story in (*note.stories, *note.others) for n in story.sources}


@pytest.mark.parametrize("plant", planted(), ids=lambda plant: f"{plant['kind']}: {plant['text'][:30]}")
def test_a_planted_falsehood_is_left_out_with_its_reason(plant):
    told = [one for one in briefing_world.analyses() if plant["story"] in one.model_dump_json(include={"article"})]
    note = note_of(NoteEngine(plant), told)
    (left,) = note.left_out

    assert left.text == plant["text"]
    assert len(left.reason) > 15
    assert plant["text"] not in {one.text for one in sentences(note)}
    on = citable_claims(note.claims, note.sources)
    cited = (*left.claims, *("number 999" for _ in plant.get("numbers", ())))
    assert set(plant["codes"]) & {f.code for f in errors(check(plant["text"], on.basis(left.claims), cited))}


def test_a_falsehood_is_asked_for_once_more_and_the_mended_sentence_stands():
    (plant,) = [one for one in planted() if one["kind"] == "invented paper"]
    mended = plant | {"text": "Around 180 emergency workers were deployed in Brunsbek."}
    engine = NoteEngine(plant, mended=mended)
    note = note_of(engine)
    asked = [r.messages[-1].content for r in engine.requests]
    (again,) = [one for one in asked if plant["text"] in one]

    assert mended["text"] in {one.text for one in sentences(note)}
    assert note.left_out == ()
    assert "its lines do not name" in again


@pytest.mark.parametrize(
    ("again", "stands"), [("responders", "responders"), ("emergency workers", "emergency workers")]
)
def test_a_sentence_in_other_words_than_the_glossary_is_asked_for_once_more_and_stays_with_its_finding(again, stands):
    plant = {
        "story": "Nordlack",
        "text": "Around 180 emergency workers were deployed.",
        "lines": ["180 emergency workers"],
    }
    glossary = Glossary((GlossaryEntry("Kräfte", ("responders",), ("emergency workers",)),))
    engine = NoteEngine(plant, mended=plant | {"text": f"Around 180 {again} were deployed."})
    note = note_of(engine, options=Options(glossary=glossary))
    asked = [r.messages[-1].content for r in engine.requests]
    (kept,) = [one for one in sentences(note) if one.text.startswith("Around 180")]

    assert any(plant["text"] in one and "the glossary has “responders”" in one for one in asked)
    assert kept.text == f"Around 180 {stands} were deployed."
    found = [(f.code, f.severity) for f in kept.findings if f.code.startswith("glossary.")]
    assert found == ([] if again == "responders" else [("glossary.forbidden", "warning")])
    assert [f.code for f in verify(note, glossary) if f.code.startswith("glossary.")].count(
        "glossary.forbidden"
    ) == len(found)


def test_nothing_is_asked_again_without_rounds():
    engine = NoteEngine(planted()[0])
    note = note_of(engine, options=Options(rounds=0))

    assert len(engine.requests) == 4  # three stories and the bottom line
    assert [one.text for one in note.left_out] == [planted()[0]["text"]]


@pytest.mark.parametrize("fault", [RefusedAnswer("no"), MalformedAnswer("broken")])
def test_when_the_model_fails_the_best_supported_claims_stand_in_their_own_words(fault):
    note = note_of(ScriptedEngine(lambda request: fault))

    assert len(note.stories) == 3
    assert all(story.points for story in note.stories)
    assert len(note.left_out) == 4
    assert all("could not be used" in one.reason for one in note.left_out)
    assert errors(verify(note)) == []


def test_a_small_model_is_asked_nothing():
    engine = ScriptedEngine(lambda request: pytest.fail("asked"), small=True)
    note = note_of(engine)

    assert engine.requests == []
    assert all(story.title for story in note.stories)
    assert errors(verify(note)) == []


@pytest.mark.parametrize("fault", [ProviderDownError("down"), BudgetReachedError("reached")])
def test_what_ends_a_run_ends_the_note(fault):
    with pytest.raises(type(fault)):
        note_of(ScriptedEngine(lambda request: fault))


def test_a_small_context_is_read_window_by_window():
    engine = NoteEngine(context_tokens=2_200)
    note = note_of(engine, pages=1)

    assert len(engine.requests) > 6
    assert max(engine.count_tokens(r.messages[-1].content) for r in engine.requests) < 2_200
    assert len(note.stories) == 3
    assert errors(verify(note)) == []


@pytest.mark.parametrize(("pages", "most"), [(1, 4), (2, 6), (4, 10)])
def test_pages_bound_the_note(pages, most):
    note = note_of(NoteEngine(), pages=pages)

    assert 0 < len(note.key_points) <= most
    assert note.pages == pages
    assert errors(verify(note)) == []


def test_a_topic_keeps_the_story_and_says_what_was_passed_over():
    note = note_of(NoteEngine(), topic="cyberattack")

    assert note.title == "Cyberattack"
    assert {source.outlet for source in note.sources} == {"Netzwarte", "Neue Saale-Zeitung", "Landesfunk Mitte"}
    assert len(note.sources) == 5
    assert [one.text for one in note.left_out if "topic" in one.reason] == ["13 articles"]


@pytest.mark.parametrize("wish", [{"topic": "nuclear power"}, {"since": "2027-01-01"}])
def test_nothing_significant_rather_than_padding(wish):
    note = note_of(NoteEngine(), **wish)

    assert [one.text for one in note.bottom_line] == [NOTHING]
    assert note.stories == note.others == note.sources == ()
    assert errors(verify(note)) == []


def test_since_a_day_by_the_date_of_publication():
    note = note_of(ScriptedEngine(None, small=True), since="2026-03-12")

    assert min(source.published for source in note.sources) >= "2026-03-12"
    assert note.until == "2026-03-18"


def test_until_a_day_of_some_papers_and_without_a_word():
    every = note_of(NoteEngine(), pages=4)
    early = note_of(NoteEngine(), until="2026-03-12")
    assert max(source.published for source in early.sources)[:10] <= "2026-03-12"
    assert any("Published after 2026-03-12." in one.reason for one in early.left_out)

    paper = every.sources[0].outlet
    one = note_of(NoteEngine(), outlets=(paper.upper(),))
    assert {source.outlet for source in one.sources} == {paper}
    assert any(f"Of none of these outlets: {paper.upper()}." in left.reason for left in one.left_out)

    fire = {s.n for s in every.sources if any("Nordlack" in row.de for row in s.sentences)}
    rest = note_of(NoteEngine(), exclude="Nordlack", pages=4)
    assert len(rest.sources) == len(every.sources) - len(fire)
    assert any("Excluded by “Nordlack”." in left.reason for left in rest.left_out)


def test_a_title_of_ones_own_stands_and_verifies():
    note = note_of(NoteEngine(), title="Monday: fire and layoffs")
    assert note.title == "Monday: fire and layoffs"
    assert errors(verify(note)) == []
    forged = note.model_copy(update={"title": "Another"})
    assert any(finding.code == "note.tampered" for finding in verify(forged))


class Near:
    """Finds everything near everything."""

    name = "near"

    def vectors(self, texts):
        return np.ones((len(texts), 2), np.float32)


def test_an_encoder_proposes_and_names_decide():
    analyses = briefing_world.analyses()
    assert group(analyses, Near()) == group(analyses)


def test_no_articles_no_note():
    without = [a.model_copy(update={"claims": None}) for a in briefing_world.analyses()[:2]]

    with pytest.raises(InputError, match="No article was given"):
        note_of(NoteEngine(), [])
    with pytest.raises(InputError, match="without claims"):
        note_of(NoteEngine(), without)


def test_an_article_that_cannot_be_used_is_named():
    first, second, *others = briefing_world.analyses()
    broken = first.model_copy(update={"claims": None})
    unsupported = second.model_copy(
        update={"claims": tuple(claim.model_copy(update={"supported": False}) for claim in second.claims)}
    )
    note = note_of(ScriptedEngine(None, small=True), [broken, unsupported, *others])

    assert [one.reason for one in note.left_out] == [
        "It was analysed without claims.",
        "None of its claims is supported by its German.",
    ]
    assert len(note.sources) == 16


def test_a_claim_that_does_not_hold_today_is_not_cited():
    first, *others = briefing_world.analyses()
    wrong = first.claims[0].model_copy(update={"text": first.claims[0].text.replace("14", "41")})
    stored = first.model_copy(update={"claims": (wrong, *first.claims[1:])})
    note = note_of(ScriptedEngine(None, small=True), [stored, *others])

    assert wrong.supported
    assert wrong.text not in {one.claim.text for one in note.claims}
    assert errors(verify(note)) == []


def test_the_same_articles_in_any_number_of_files_count_once():
    analyses = briefing_world.analyses()

    assert note_of(ScriptedEngine(None, small=True), [*analyses, *analyses]).sources == whole().sources


def test_what_is_new_since_the_previous_note():
    analyses = briefing_world.analyses()
    before = note_of(ScriptedEngine(None, small=True), [a for a in analyses if a.article.published < "2026-03-12"])
    note = note_of(NoteEngine(), previous=before)

    assert note.changes
    assert errors(verify(note)) == []


def test_the_method_says_what_it_took():
    method = whole().method
    articles = sum(a.provenance.usage.requests for a in briefing_world.analyses())

    assert method.usage.requests == articles + 4
    assert method.models == ("scripted",)
    assert method.cost is None
    paid = note_of(NoteEngine(), price=(1.0, 100.0)).method
    assert paid.usage.prompt_tokens != paid.usage.completion_tokens
    assert paid.cost == pytest.approx((paid.usage.prompt_tokens + 100 * paid.usage.completion_tokens) / 1e6)
    assert "not reviewed by a person" in method.notice


def test_a_note_is_the_same_after_writing_and_reading():
    assert Note.model_validate_json(whole().model_dump_json()) == whole()
