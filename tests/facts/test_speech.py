"""Who says it: cues and speakers with their places, carried over from the sentences before; through whom words came;
how surely it is said; and quotation marks of every style.
"""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases
from hypothesis import given
from hypothesis import strategies as st

from presseschau.facts.fact import Facts
from presseschau.facts.speech import quotes, voices
from presseschau.facts.speech.german import passed_on, relied_on, stance
from presseschau.facts.speech.voices import voices_of


@pytest.mark.parametrize("case", cases("voices"))
def test_voices_of(case: dict[str, Any]) -> None:
    found = voices.voices_of(case["sentences"], case.get("paragraphs"))
    assert [voice and [voice.kind, voice.speaker, voice.sentence] for voice in found] == case["voices"]
    for voice in found:
        if voice and voice.sentence is not None:
            assert case["sentences"][voice.sentence][voice.start : voice.end] == voice.speaker


def test_a_speaker_is_not_carried_for_ever() -> None:
    said = ["Laut Anna Berg ist das so.", *["Es regnet."] * (voices.CARRIED_AT_MOST + 1), "Es sei kalt."]
    far = voices.voices_of(said)[-1]
    near = voices.voices_of([said[0], said[-1]])[-1]
    assert far is not None
    assert far.speaker is None
    assert near is not None
    assert near.speaker == "Anna Berg"


def test_no_sentences_no_voices() -> None:
    assert voices.voices_of([]) == ()
    assert voices.voices_of([""]) == (None,)


@pytest.mark.parametrize("case", cases("chain"))
def test_chain(case: dict[str, Any]) -> None:
    sentence, speaker = case["sentence"], case["speaker"]
    start = sentence.index(speaker)
    source = relied_on(sentence)

    found = passed_on(sentence, (start, start + len(speaker)))

    assert [sentence[slice(*place)] for place in found] == case["passed_on"]
    assert (sentence[slice(*source)] if source else None) == case["relied_on"]


def test_nobody_passes_on_what_nobody_says() -> None:
    assert passed_on("Laut Polizei ist alles ruhig.", None) == ()


@pytest.mark.parametrize("case", cases("stances"))
def test_stance(case: dict[str, Any]) -> None:
    read = stance(case["de"], voices_of([case["de"]])[0] is not None)
    assert (read or "asserted") == case["stance"]


@pytest.mark.parametrize(
    "german",
    [
        "Der Trainer nannte die Vorwürfe „absurd“, der Spieler soll Geld genommen haben.",
        "Die Firma soll Abfälle vergraben haben, die Gewerkschaft fordert Aufklärung.",
        "Er soll die Kasse geleert haben; ein Urteil wird für Mai erwartet.",
        "Nach Ansicht der Anklage hat er angeblich alles geplant.",
        "Laut Polizei steht der Mann im Verdacht, er habe die Tat geplant.",
    ],
)
def test_alleged_wins_over_every_other_stance(german: str) -> None:
    assert stance(german, voiced=True) == stance(german, voiced=False) == "alleged"


def test_a_hundred_sentences_are_labelled() -> None:
    assert len({case.values[0]["de"] if hasattr(case, "values") else case["de"] for case in cases("stances")}) >= 100


@given(st.text(alphabet="aensoll habenwirdt,.;: dürfte mit vor „“", max_size=400))
def test_the_stance_of_any_text_is_read_in_time(text: str) -> None:
    assert stance(text, voiced=False) in (None, "alleged", "opinion", "predicted", "planned", "reported")


@pytest.mark.parametrize("case", cases("quotes"))
def test_quotations_are_read(case: dict[str, Any]) -> None:
    assert [fact.text for fact in quotes.read(case["text"], case["lang"])] == case["quotes"]


@pytest.mark.parametrize(("source", "codes"), [("It was “a dark day” he said.", []), ("He was sad.", ["quote.added"])])
def test_in_one_language_a_quotation_is_word_for_word(source: str, codes: list[str]) -> None:
    note = "He called it “a dark day”."
    sides = [Facts(text, "en", quotes=quotes.read(text, "en")) for text in (source, note)]
    assert [d.code for d in quotes.differences(*sides)] == codes


@given(st.text(alphabet="ab 1,.„“”\"»«‚‘’'›‹`", max_size=40))
def test_any_heap_of_marks_is_read(text: str) -> None:
    for fact in quotes.read(text, "de"):
        assert fact.text == text[fact.start : fact.end]
        assert 0 <= fact.start < fact.end <= len(text)
