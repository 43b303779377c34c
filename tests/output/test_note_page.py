"""A note as a page, read by a strict parser: all of it is there, citations lead to their German, nothing can act."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from note_words import evidence, statements, told
from own_analysis import hostile
from pydantic import ValidationError
from strict_page import StrictPage

from note_sample import american, filled_with, nothing, sample, stress
from presseschau.output.inert import one_line, plain
from presseschau.output.note_outline import outline
from presseschau.output.note_page import note_in_page, note_page
from presseschau.output.templates import asset
from searching import examples


def flat(text):
    return " ".join(text.split())


def read(note):
    return StrictPage(note_page(note))


def visible(page):
    return flat("".join(part.text for part in (page.root.one("header"), page.root.one("main"))))


@pytest.fixture(scope="module")
def page():
    return read(sample())


@pytest.mark.parametrize("note", [sample(), american()], ids=["british", "american"])
def test_everything_in_the_note_is_there(note):
    shown = visible(read(note))
    assert [words for words in (*told(note), *evidence(note)) if flat(words) not in shown] == []


@pytest.mark.parametrize("note", [sample(), stress(), filled_with("x y")], ids=["sample", "stress", "filled"])
def test_every_citation_leads_to_its_claim(note):
    page = read(note)
    cards = {card.attributes["id"]: card for card in page.root.all("li", cls="reference")}
    citations = page.root.all("a", cls="ref")
    whole = outline(note)
    by_number = {number: id for id, number in whole.numbers.items()}
    claims = {claim.id: claim.claim for claim in note.claims}
    assert len(page.root.all("sup", cls="refs")) == statements(whole)
    for citation in citations:
        card = cards[citation.attributes["href"].removeprefix("#")]
        assert card.one("span", cls="n").text == citation.text
        assert flat(card.one("p", cls="claim").text) == flat(claims[by_number[int(citation.text)]].text)
    assert {citation.text for citation in citations} == {str(number) for number in by_number}


def test_a_card_shows_the_german_the_english_the_chain_the_paper_and_the_date(page):
    (card,) = [card for card in page.root.all("li", cls="reference") if card.attributes["id"] == "4.c1"]
    german = [p for p in card.all("p", cls="de") if p.attributes["lang"] == "de"]
    assert [flat(p.text) for p in german] == [e.text for e in sample().claims[10].claim.evidence]
    assert "presumably caused by a faulty charger" in card.all("p", cls="en")[0].text
    voices = [(v.one(cls="part").text, flat(v.one(cls="name").text)) for v in card.one("ul", cls="voices").all("li")]
    assert voices == [
        ("said by", "a spokesman for the Kiel public prosecutor’s office „ein Sprecher der Staatsanwaltschaft Kiel“"),
        ("relying on", "an expert"),
        ("carried by", "Der Hansebote (dpa)"),
    ]
    assert "13 March 2026, 16:12" in card.one("p", cls="printed").text


def test_inner_links_lead_somewhere_but_for_the_one_that_closes(page):
    targets = {a.attributes["href"][1:] for a in page.root.all("a") if a.attributes["href"].startswith("#")}
    assert len(page.ids) == len(set(page.ids))
    assert targets - set(page.ids) == {"-"}
    assert all(a.classes == ["close"] for a in page.root.all("a") if a.attributes["href"] == "#-")


def test_disputed_figures_stand_side_by_side_with_who_gives_them(page):
    (damage,) = [c for c in page.root.all("div", cls="comparison") if "damage in euros" in c.text]
    assert "disputed" in damage.classes
    cells = [(flat(c.one(cls="value").text), flat(c.one(cls="givers").text)) for c in damage.all("li")]
    assert [givers for _, givers in cells] == [
        "Der Hansebote (dpa), Fördezeitung (copy)",
        "Kieler Rundschau, Fördezeitung",
    ]
    assert [value.rstrip("0123456789,") for value, _ in cells] == ["at least two million", "3.5 million"]


@pytest.mark.parametrize("note", [sample(), american(), nothing(), stress()], ids=["s", "a", "nothing", "stress"])
def test_the_page_carries_its_note_and_comes_out_of_it_again(note):
    text = note_page(note)
    assert note_in_page(text) == note
    assert note_page(note_in_page(text)) == text


def test_a_tampered_page_is_not_what_its_note_gives():
    text = note_page(sample()).replace("290 jobs are to go", "29 jobs are to go", 1)
    assert note_page(note_in_page(text)) != text


@pytest.mark.parametrize(
    "page",
    ["", "<html></html>", '<script type="application/json" id="note">{}</script>' * 2],
    ids=["empty", "other", "two"],
)
def test_a_page_without_a_note_is_refused(page):
    with pytest.raises(ValueError, match="no briefing note"):
        note_in_page(page)


def test_an_embedded_note_is_checked_as_strictly_as_any():
    with pytest.raises(ValidationError):
        note_in_page('<script type="application/json" id="note">{"title": 1}</script>')


def test_no_script_can_run_and_nothing_can_load():
    text = note_page(sample())
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    rules = dict(rule.split(" ", 1) for rule in policy.replace("&#39;", "'").split("; "))
    (style,) = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    assert style == asset("base.css") + asset("note.css")
    assert rules.pop("style-src") == f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"
    assert rules == dict.fromkeys(("default-src", "script-src", "base-uri", "form-action"), "'none'")
    assert re.findall("<script[^>]*>", text) == ['<script type="application/json" id="note">']


@pytest.mark.parametrize("text", hostile())
def test_hostile_text_stays_text(text):
    note = filled_with(text)
    page = read(note)
    assert {a.attributes["href"][:1] for a in page.root.all("a") if a.attributes["href"] != text} == {"#"}
    assert len(page.ids) == len(set(page.ids))
    assert [script.attributes["type"] for script in page.root.all("script")] == ["application/json"]
    assert flat(page.root.one("h1").text) == flat(plain(text)) or not one_line(text)
    assert flat(plain(text)) in visible(page)
    assert note_in_page(note_page(note)) == note


@settings(max_examples=examples(40))
@given(st.text(alphabet=st.sampled_from(list("<>\"'&/=;:#{}%()[]-! \n\tasx\u202e\u2028\x1b\x00")), max_size=40))
def test_any_text_stays_text(text):
    note = filled_with(text)
    made = note_page(note)
    assert flat(plain(text)) in visible(StrictPage(made))
    assert note_in_page(made) == note
    assert not set(made) & {"\x1b", "\x00", "\u202e", "\u2028"}


@pytest.mark.parametrize(("link", "linked"), [("https://example.org/a?b=1&c=2", True), ("javascript:alert(1)", False)])
def test_only_a_plain_web_address_becomes_a_link(link, linked):
    source = sample().sources[0].model_copy(update={"link": link})
    page = read(sample().model_copy(update={"sources": (source, *sample().sources[1:])}))
    outer = [a.attributes for a in page.root.all("a") if a.attributes["href"] == link]
    assert len(outer) == linked
    assert link in visible(page)
