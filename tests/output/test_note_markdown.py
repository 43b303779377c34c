"""A note as Markdown: all of it is there, its footnotes resolve, nothing foreign acts."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from note_words import evidence, told
from own_analysis import hostile

from note_sample import american, filled_with, nothing, sample, stress
from presseschau.output.inert import one_line
from presseschau.output.note_markdown import note_markdown
from searching import examples

QUIET = {"text", "text_special", "strong_open", "strong_close", "em_open", "em_close", "hardbreak", "softbreak"}


def tokens(text):
    return MarkdownIt("commonmark").enable("strikethrough").parse(text)


def inline(text):
    return [child for token in tokens(text) for child in token.children or ()]


def flat(text):
    return re.sub(r"[\\*\s]+", " ", text)


@pytest.mark.parametrize("note", [sample(), american()], ids=["british", "american"])
def test_everything_in_the_note_is_there(note):
    shown = flat(note_markdown(note))
    missing = [words for words in (*told(note), *evidence(note)) if flat(one_line(words)) not in shown]
    assert missing == []


@pytest.mark.parametrize("note", [sample(), stress(), filled_with("x")], ids=["sample", "stress", "filled"])
def test_every_citation_has_its_footnote_and_every_footnote_its_citation(note):
    text = note_markdown(note)
    defined = re.findall(r"^\[\^([^\]]+)\]: ", text, re.MULTILINE)
    cited = re.findall(r"\[\^([^\]]+)\](?!: )", text)
    assert len(defined) == len(set(defined))
    assert set(cited) == set(defined)
    assert "11.c1" in cited or note is not sample()


def test_nothing_significant_is_said_and_nothing_else_is_padded():
    text = note_markdown(nothing())
    assert re.findall(r"^#+ (.*)$", text, re.MULTILINE)[1:] == ["Bottom line", "Sources", "Method"]
    assert "Nothing significant." in text


def test_the_same_note_gives_the_same_text():
    assert note_markdown(sample()) == note_markdown(type(sample()).model_validate_json(sample().model_dump_json()))


@pytest.mark.parametrize("text", hostile())
def test_hostile_text_makes_no_structure(text):
    calm, odd = note_markdown(filled_with("words")), note_markdown(filled_with(text))
    kinds = {token.type for token in inline(odd)}
    assert kinds <= QUIET | ({"link_open", "link_close"} if text.startswith("https://") else set())
    assert "javascript:" not in "".join(str(token.attrs) for token in inline(odd))
    if one_line(text):
        assert [t.type for t in tokens(odd) if t.type != "code_block"] == [
            t.type for t in tokens(calm) if t.type != "code_block"
        ]


@settings(max_examples=examples(40))
@given(text=st.text(alphabet=st.sampled_from(list("\\`*_[](){}<>#+-=.!|~&^:/@$\"'\n\t 1aw\u202e\x1b")), max_size=30))
def test_any_text_makes_no_structure(text):
    odd = note_markdown(filled_with(text))
    assert {token.type for token in inline(odd)} <= QUIET
    assert not set(odd) & {"\x1b", "\u202e", "\t"}
