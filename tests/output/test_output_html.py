"""The HTML page, read by a strict parser: what it shows, and that nothing in it can act."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from own_analysis import RICH, SLUGS, filled_with, hostile, own
from strict_page import StrictPage

from presseschau.models import Finding
from presseschau.output.inert import plain, web_address
from presseschau.output.page import html
from presseschau.output.templates import asset
from searching import examples


def flat(text):
    return " ".join(text.split())


def read(analysis):
    return StrictPage(html(analysis))


@pytest.fixture(scope="module")
def rich():
    return read(own(RICH))


@pytest.mark.parametrize("slug", SLUGS)
def test_each_sentence_stands_beside_its_english(slug):
    analysis = own(slug)
    rows = read(analysis).root.all("div", cls="row")
    assert [row.attributes["id"] for row in rows] == [f"s{s.n}" for s in analysis.article.sentences]
    for row, sentence, english in zip(rows, analysis.article.sentences, analysis.translation, strict=True):
        german = row.one("p", cls="de")
        assert (german.attributes["lang"], german.text) == ("de", sentence.text)
        assert sentence.role in row.classes
        cell = row.one("div", cls="en")
        if english.en is None:
            assert "Not translated" in cell.text
        else:
            (paragraph,) = [p for p in cell.all("p") if p.attributes.get("lang") == "en"]
            assert flat(paragraph.text).startswith(flat(english.en))


def test_rows_are_grouped_by_paragraph(rich):
    groups = [
        [int(row.attributes["id"][1:]) for row in paragraph.all("div", cls="row")]
        for paragraph in rich.root.all("div", cls="paragraph")
    ]
    wanted = {}
    for sentence in own(RICH).article.sentences:
        wanted.setdefault(sentence.paragraph, []).append(sentence.n)
    assert groups == list(wanted.values())


def test_a_claim_shows_its_german_its_voices_its_findings_and_what_it_rests_on(rich):
    for claim in own(RICH).claims:
        (card,) = [e for e in rich.root.all("li", cls="claim") if e.attributes["id"] == claim.id]
        assert card.attributes["data-evidence"].split() == [str(n) for n in claim.sentences]
        assert flat(card.one(cls="claim-text").text) == flat(claim.text)
        quotes = [flat(quote.text) for quote in card.all("blockquote")]
        assert quotes == [flat(f"{e.n} {e.text}") for e in claim.evidence]
        names = [name.text for name in card.all("bdi", cls="name")]
        assert names == [claim.speaker, *claim.via, "AFP"]
        assert card.one("bdi", cls="german").text == claim.speaker_de.text
        assert card.one(cls="stance").text == claim.stance
        assert len(card.all("li", cls="error")) == len(claim.findings)


def test_the_mention_of_the_speaker_is_marked_in_the_german(rich):
    marked = [mark.text for mark in rich.root.all("mark", cls="voice")]
    assert "der usbekische Unterhändler Rustam Jussupow" in marked


def test_an_unsupported_claim_says_so_and_no_other(rich):
    flagged = [c.attributes["id"] for c in rich.root.all("li", cls="claim") if "Not supported by the German" in c.text]
    assert flagged == ["c6"]


def test_findings_stand_at_their_sentence_with_the_words_marked(rich):
    (row,) = [row for row in rich.root.all("div", cls="row") if row.attributes["id"] == "s14"]
    assert [mark.text for mark in row.all("mark", cls="error")] == ["112", "121"]
    assert len(row.one("ul", cls="findings").all("li", cls="error")) == 2


def test_every_finding_is_in_the_list_of_checks(rich):
    (checks,) = [s for s in rich.root.all("section") if s.attributes.get("id") == "checks"]
    for finding in own(RICH).findings:
        assert any(finding.message in li.text and finding.code in li.text for li in checks.all("li"))


def test_every_inner_link_leads_somewhere_and_no_id_is_used_twice(rich):
    targets = [a.attributes["href"] for a in rich.root.all("a")]
    assert len(rich.ids) == len(set(rich.ids))
    assert {t[1:] for t in targets} <= set(rich.ids)


def test_head_names_agency_and_date_and_the_notice_is_before_the_text(rich):
    head = rich.root.one("header")
    assert "AFP" in head.text
    assert "6 May 2026, 14:57" in head.text
    assert own(RICH).provenance.notice in flat(head.one(cls="notice").text)


def test_what_was_set_aside_is_there_but_closed(rich):
    asides = rich.root.all("details", cls="aside")
    text = " ".join(flat(aside.text) for aside in asides)
    assert asides
    assert all("open" not in aside.attributes for aside in asides)
    assert all(flat(dropped.text) in text for dropped in own(RICH).article.dropped)


def test_a_part_that_failed_says_why():
    failed = Finding(
        code="task.failed", severity="error", message="The model refused.", part="claims", failure="refused"
    )
    page = read(own(RICH).model_copy(update={"claims": None, "findings": (failed,)}))
    (claims,) = [s for s in page.root.all("section") if s.attributes.get("id") == "claims"]
    assert "The model refused." in claims.text


def test_the_policy_allows_exactly_the_style_and_the_script_of_the_page():
    text = html(own(RICH))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    rules = dict(rule.split(" ", 1) for rule in policy.replace("&#39;", "'").split("; "))
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        (inner,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert rules.pop(rule) == f"'sha256-{b64encode(sha256(inner.encode()).digest()).decode()}'"
    assert rules == {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}


def test_our_own_style_and_script_load_nothing():
    for name in ("base.css", "page.css", "page.js", "note.css"):
        assert not re.search(r"//[a-z]|url\(|@import|fetch|XMLHttp|innerHTML|eval|</", asset(name))


@pytest.mark.parametrize("text", hostile())
def test_hostile_text_stays_text(text):
    page = read(filled_with(text))
    (script,), (style,) = page.root.all("script"), page.root.all("style")
    assert (script.text, style.text) == (asset("page.js"), asset("base.css") + asset("page.css"))
    assert {a.attributes["href"][:1] for a in page.root.all("a") if a.attributes["href"] != text} == {"#"}
    assert len(page.ids) == len(set(page.ids))
    shown = flat(plain(text))
    assert flat(page.root.one("h1").text) == shown or not shown
    assert shown in flat(page.root.one("main").text)


@settings(max_examples=examples(40))
@given(st.text(alphabet=st.sampled_from(list("<>\"'&/=;:#{}%()[]-! \n\tasx\u202e\x1b\x00")), max_size=40))
def test_any_text_stays_text(text):
    page = read(filled_with(text))
    assert flat(plain(text)) in flat(page.root.one("main").text)


@pytest.mark.parametrize(
    ("source", "linked"),
    [
        ("https://www.example.de/artikel-1.html?x=1&y=2", True),
        ("http://example.de", True),
        ("HTTPS://example.de/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//example.de", False),
        ("https://", False),
        ("https://user@example.de/", False),
        ("https://example.de/\u202ex", False),
        ("https://example.de/a b", False),
        ('https://example.de/"onclick="x', False),
        ("http://[::1", False),
        ("artikel.txt", False),
    ],
)
def test_only_a_plain_web_address_becomes_a_link(source, linked):
    assert web_address(source) == (source if linked else None)
    page = read(own(RICH).model_copy(update={"article": own(RICH).article.model_copy(update={"source": source})}))
    outer = [a.attributes for a in page.root.all("a") if not a.attributes["href"].startswith("#")]
    assert [a["href"] for a in outer] == ([source] if linked else [])
    assert all("noreferrer" in a["rel"] for a in outer)


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((ink, ground) for ink in ("ink", "soft", "accent") for ground in ("paper", "panel")),
        *((ink, "light") for ink in ("ink", "soft")),
        *((ink, f"{level}-wash") for level in ("error", "warning") for ink in (level, "ink", "soft")),
        ("info", "info-wash"),
        ("error", "paper"),
        ("warning", "paper"),
        ("ink", "voice"),
    ],
)
def test_text_has_the_contrast_of_wcag_aa(theme, ink, ground):
    block = re.findall(r":root \{(.*?)\}", asset("base.css"), re.DOTALL)[theme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    darker, lighter = sorted((_luminance(colours[ink]), _luminance(colours[ground])))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
