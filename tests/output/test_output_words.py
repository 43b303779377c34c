"""The small pure functions under the formats: dates, marks, places of findings, voices, plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_analysis import RICH, own

from presseschau.models import Article, Claim, Finding, Span
from presseschau.output.inert import one_line, plain
from presseschau.output.page import pieces
from presseschau.output.placing import placed, tally
from presseschau.output.wording import clock, in_a_line, in_words, voices


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2025-12-20T19:25:08", "20 December 2025, 19:25"),
        ("2025-08-02", "2 August 2025"),
        ("2026-02-11T12:48", "11 February 2026, 12:48"),
        ("2026-02-11T12:48:00+01:00", "11 February 2026, 12:48 UTC+01:00"),
        ("2026-02-11T12:48:00Z", "11 February 2026, 12:48 UTC"),
        ("2026-05", "May 2026"),
        ("2026", "2026"),
        ("2026-13-40", "2026-13-40"),
        ("gestern", "gestern"),
        (None, ""),
    ],
)
def test_dates_in_words(iso, words):
    assert in_words(iso) == words


@pytest.mark.parametrize(("iso", "time"), [("2026-02-11T12:48", "12:48"), ("09.07 Uhr", "09.07 Uhr"), (None, "")])
def test_the_time_of_a_ticker_entry(iso, time):
    assert clock(iso) == time


@given(st.text(), st.lists(st.tuples(st.integers(-3, 30), st.integers(-3, 30), st.sampled_from(["error", "voice"]))))
def test_pieces_joined_are_the_text_whatever_is_marked(text, marks):
    spans = [(Span(start=a, end=b, text=text[max(a, 0) : max(b, 0)]), mark) for a, b, mark in marks]
    assert "".join(piece.text for piece in pieces(text, spans)) == text


def test_the_graver_mark_wins_and_a_span_that_lies_marks_nothing():
    marks = [(Span(start=10, end=13, text="abc"), "error"), (Span(start=11, end=15, text="bcde"), "info")]
    assert pieces("abcde", marks, offset=10) == (("abc", "error"), ("de", "info"))
    assert pieces("abcde", [(Span(start=0, end=2, text="xy"), "error")]) == (("abcde", ""),)


def test_every_finding_has_one_place():
    where = placed(own(RICH))
    at_places = [f for group in (*where.sentences.values(), *where.claims.values()) for f in group]
    assert len(at_places) + len(where.summary) + len(where.rest) == len(where.everything) == len(own(RICH).findings)
    assert set(where.sentences) == {5, 8, 14, 18}
    assert [f.code for f in where.rest] == ["input.instruction"]


def test_a_finding_about_a_sentence_that_is_not_there_is_not_lost():
    stray = Finding(code="x.y", severity="info", message="m", sentence=99, part="translation")
    assert placed(own(RICH).model_copy(update={"findings": (stray,)})).rest == (stray,)


def test_tally():
    error, note = (Finding(code="a.b", severity=severity, message="") for severity in ("error", "info"))
    assert tally((error, note, note)) == "1 error, 2 notes"
    assert tally(()) == "no findings"


def test_a_chain_of_voices():
    article = Article(id="", source="", text="", text_sha256="", sentences=(), agency="dpa", outlet="Kurier")
    said = Claim(id="c1", text="", sentences=(), evidence=(), speaker="A", relies_on="B", via=("C", "D"))
    chain = "said by A, relying on B, via C, via D, carried by Kurier (dpa)"
    assert in_a_line(voices(said, article)) == chain
    unsaid = said.model_copy(update={"speaker": None, "relies_on": None, "via": ()})
    assert in_a_line(voices(unsaid, article)) == "stated by Kurier (dpa)"


@given(st.text())
def test_plain_text_is_stable_and_keeps_what_can_be_seen(text):
    assert plain(plain(text)) == plain(text)
    assert [c for c in plain(text) if c.isprintable() and c != " "] == [c for c in text if c.isprintable() and c != " "]
    assert "\n" not in one_line(text)


def test_escape_sequences_lose_their_escape():
    assert plain("\x1b[31mred\x9b0m\x07\u202egnp\ttab\n") == "[31mred0mgnp tab\n"
