"""Markdown, read by a CommonMark parser: nothing is lost, nothing foreign acts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from own_analysis import RICH, SLUGS, filled_with, hostile, own

from presseschau.output.inert import one_line, quiet
from presseschau.output.markdown import markdown

QUIET = {"text", "text_special", "strong_open", "strong_close", "em_open", "em_close", "hardbreak", "softbreak"}


def tokens(text):
    return MarkdownIt("commonmark").enable("strikethrough").parse(text)


def inline(text):
    return [child for token in tokens(text) for child in token.children or ()]


def shown(text):
    return "\n".join(
        "".join(c.content or "\n" * ("break" in c.type) for c in token.children)
        for token in tokens(text)
        if token.children
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_every_sentence_is_there_under_its_number(slug):
    text = shown(markdown(own(slug)))
    for row in own(slug).translation:
        assert f"[{row.n}] {one_line(row.en) or 'not translated: ' + one_line(row.de)}" in text


def test_claims_stand_with_their_german_and_their_voices():
    text = shown(markdown(own(RICH)))
    for claim in own(RICH).claims:
        assert f"{claim.id} " in text
        assert claim.text in text
        assert f"said by {claim.speaker} (“{claim.speaker_de.text}”)" in text
        assert all(f"[{e.n}] {e.text}" in text for e in claim.evidence)
        assert all(f"via {name}" in text for name in claim.via)


def test_every_finding_stands_exactly_once():
    text = shown(markdown(own(RICH)))
    for finding in own(RICH).findings:
        same = sum(f.message == finding.message for f in own(RICH).findings)
        assert text.count(finding.message) == same


def test_an_unsupported_claim_says_so_before_its_text():
    assert shown(markdown(own(RICH))).count("c6 not supported by the German: According to Aquavita") == 1


@pytest.mark.parametrize("text", hostile())
def test_hostile_text_makes_no_structure(text):
    calm, odd = markdown(filled_with("words")), markdown(filled_with(text))
    assert {t.type for t in inline(odd)} <= QUIET
    if one_line(text):
        assert [t.type for t in tokens(odd)] == [t.type for t in tokens(calm)]
        assert one_line(text) in shown(odd)


@pytest.mark.parametrize("prefix", ["", "# ", "- ", "> ", "**[1]** "])
@given(text=st.text(alphabet=st.sampled_from(list("\\`*_[](){}<>#+-=.!|~&;:/@$\"'\n\t 1aw")), max_size=30))
def test_escaped_text_reads_as_itself_wherever_it_stands(prefix, text):
    line = one_line(text)
    if line:
        parsed = inline(prefix + quiet(text))
        assert {t.type for t in parsed} <= QUIET
        assert "".join(t.content for t in parsed).removeprefix("[1] ") == line


def test_addresses_are_not_linked_by_programs_that_link_them():
    safe = quiet("https://evil.example www.evil.example me@evil.example")
    assert safe == "https\\://evil.example www\\.evil.example me\\@evil.example"
