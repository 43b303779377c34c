"""What each concept of facts/polarity reads; its pairs are in test_pairs.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presseschau.checks import check_pair
from presseschau.facts.fact import Facts, Lang
from presseschau.facts.polarity import agents, directions, hedges, negation

WORDS = ["stieg", "sank", "mehr", "als", "über", "3", "rose", "fell", "less", "than", "after", "vor", "dem", "Spiel"]


def test_the_two_stand_where_they_say() -> None:
    text = "US-Präsident Trump lobt den Kanzler Merz."

    found = agents.read(text, "de")

    assert [(fact.kind, fact.text) for fact in found] == [("agent", "Trump"), ("patient", "Merz")]
    assert all(text[fact.start : fact.end] == fact.text for fact in found)


@given(st.lists(st.sampled_from(WORDS)))
def test_directions_stand_where_they_say(parts: list[str]) -> None:
    text = " ".join(parts)
    languages: tuple[Lang, ...] = ("de", "en")
    for lang in languages:
        assert all(fact.text == text[fact.start : fact.end] for fact in directions.read(text, lang))


def test_a_reader_is_told_both_words() -> None:
    (found,) = check_pair("Die Zahl der Gäste sank deutlich.", "The number of guests rose markedly.")

    assert (found.code, found.severity) == ("direction.reversed", "warning")
    assert "“sank”" in found.message
    assert "“rose”" in found.message


@pytest.mark.parametrize(
    ("text", "kind"), [("Er soll fliehen.", "weak hedge"), ("Er soll im Mai geflohen sein.", "hedge")]
)
def test_soll_is_sure_with_a_perfect_infinitive_only(text: str, kind: str) -> None:
    (fact,) = hedges.read(text, "de")
    assert (fact.kind, fact.value, fact.start, fact.end) == (kind, "reported", 3, 7)


def test_a_claim_may_leave_the_denying_clause_out() -> None:
    de, en = "Er kam und sagte nichts.", "He came."
    source = Facts(de, "de", negations=negation.read(de, "de"))
    target = Facts(en, "en", negations=negation.read(en, "en"))
    assert [d.weak for d in negation.differences(source, target, "within")] == [True]


@given(st.text(alphabet="nicht keinowever ,.'’äüNo\n", max_size=60))
def test_negations_stand_where_they_say(text: str) -> None:
    for lang in ("de", "en"):
        found = negation.read(text, lang)  # type: ignore[arg-type]
        assert all(fact.text == text[fact.start : fact.end] for fact in found)
        assert [fact.start for fact in found] == sorted(fact.start for fact in found)
