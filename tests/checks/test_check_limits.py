"""What must hold for any text: no check fails, spans lie where they say, and a check says the same twice; and where the
limits of the length and neighbour checks lie: a limit that is moved far fails here.
"""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presseschau.checks import check_pair
from presseschau.checks.bitext import bitext
from presseschau.checks.files.pairs import Pair, verify_pairs
from presseschau.checks.pair.leaks import links
from presseschau.checks.pair.omission import omission
from presseschau.checks.pair.shifted import shifted
from presseschau.facts.speech import quotes
from presseschau.facts.speech.quotes import DEEPEST
from presseschau.models import Sentence
from searching import examples

STOPPED = [
    ("Damals seien es »locker doppelt so viele« gewesen, erzählt Pagels, auch wegen der Baustellen nach der Wende.",
     'Back then there had been "easily twice as many", Pagels recalls.', "warning"),
    ("Die Krankenkasse Vivalto, die das Projekt mit 750.000 Euro gefördert hat, will nun prüfen, ob sie Schlafkurse "
     "bezahlt.", "The health insurer Vivalto, which funded the project with 750,000 euros.", "warning"),
    ("Ein junger Straßenbaum kostet in den ersten drei Jahren etwa 2.400 Euro, und davon entfällt nur ein kleiner Teil "
     "auf den Baum selbst.", "A young street tree costs about 2,400 euros in its first three years.", "warning"),
    ("Der Ministerrat hat am Dienstag den Entwurf beschlossen, den der Nationalrat noch vor dem Sommer behandeln soll.",
     "On Tuesday the council of ministers adopted the draft.", "warning"),
    ("»Da war ich im Bett«, sagt er, und dann sagt er eine Weile gar nichts.", '"I was in bed then," he says.',
     "warning"),
    ("Profitieren würden rund 680.000 Beschäftigte, vor allem in Niederösterreich und im Burgenland.",
     "Around 680,000 employees would benefit.", "error"),
    ("Nun fehlen 140 Millionen Euro, und in Hannover will niemand dafür verantwortlich sein.",
     "Now 140 million euros are missing.", "error"),
    ("Ein Pkw kostet 3,50 Euro, ein Fahrrad 1,20 Euro, Schulkinder fahren umsonst.", "A car costs 3.50 euros.",
     "error"),
    ("Aber sie kommt zwanzig Jahre zu spät, und sie drückt sich um die entscheidende Frage: Wer soll das bezahlen?",
     "But it comes twenty years too late.", "error"),
    ("Er hatte laut Polizei bei Bekannten in Goslar übernachtet und sein Handy ausgeschaltet.",
     "According to the police.", "error"),
]  # fmt: skip


@pytest.mark.parametrize(("de", "en", "severity"), STOPPED)
def test_english_that_stops_at_a_comma_is_too_short(de: str, en: str, severity: str) -> None:
    (found,) = omission(bitext(de, en))
    assert (found.code, found.severity) == ("content.omitted", severity)


@pytest.mark.parametrize(("factor", "more", "severity"), [(1.6, 22, "warning"), (2.0, 27, "error")])
def test_english_that_goes_on_is_too_long(factor: float, more: int, severity: str) -> None:
    de = "Die Brücke über den Fluss ist seit dem Morgen für alle Fahrzeuge gesperrt."
    en = "The bridge across the river has been closed to all vehicles since the morning"
    words = " and nobody knows why the people of the town came to look at the water"
    (found,) = omission(bitext(de, (en + words * 3)[: round(factor * len(de)) + more]))
    assert (found.code, found.severity) == ("content.added", severity)


def test_two_words_more_than_its_own_sentence_has_make_english_the_neighbours() -> None:
    german = ["Der Hafen schließt im Winter.", "Die Schule brannte am Abend.", "Das Museum öffnet wieder."]
    english = ["The school burned.", "The port closes.", "The museum opens again."]
    pairs, at = [], 0
    for n, (de, en) in enumerate(zip(german, english, strict=True), 1):
        pairs.append((Sentence(n=n, role="body", paragraph=1, start=at, end=at + len(de), text=de), bitext(de, en)))
        at += len(de) + 1
    assert set(shifted(pairs)) == {1, 2}


NASTY = [
    "1. ", "„", "1", "Max Ärmelmann ", "((", "3/4 ", "„a“ ", "- ", "1 Mio. ", "1.1.2020 ", "am 1. ", "nicht ", "A. ",
    "5 Prozent ", "a, ", "sagte er, ", "z. B. ", "12:30 ", "XIV. ", "A-B-C-",
]  # fmt: skip


@pytest.mark.fault("input", "checked in linear time; beyond 6,000 characters it is said", name="a sentence of only")
@pytest.mark.parametrize("piece", NASTY)
def test_a_sentence_made_to_keep_checks_busy(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    began = time.process_time()
    found = check_pair(text, text.replace("sagte er", "he said"))
    assert time.process_time() - began < 10
    assert [item.code for item in found] == (["input.unchecked"] if re.search(r"\w", piece) else [])


def test_marks_that_open_and_never_close_are_not_compared_each_with_each() -> None:
    assert len(quotes.read("„a " * (DEEPEST + 50), "de")) == DEEPEST
    assert [fact.kind for fact in quotes.read("„Nein", "de")] == ["open quote"]


def test_an_address_behind_a_row_of_figures_is_read_from_where_it_may_begin() -> None:
    assert [item.code for item in links("", "1." * 2_000 + "example.org")] == ["content.url"]
    assert [item.code for item in links("", "a" * 2_000 + "@example.org")] == ["content.url"]


WORDS = st.sampled_from(
    """Der|die|Regierung|zahlt|9|Milliarden|Euro|nicht|„ja“|Merz|Kiew|and|the|government|pays|billion|"|'|«|not|—|1.000,5
    |Straße|laut|ihm|<|im_end|>|https://x.de|...|?|ß|é|日本|\u00ad|Ministerin|GEHEIM""".split("|")  # noqa: SIM905 - a list of 30 strings would not be read
)
TEXT = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=25).map(" ".join))


@given(TEXT, TEXT)
@settings(max_examples=examples(300))
def test_any_pair_can_be_checked(de: str, en: str) -> None:
    found = check_pair(de, en, n=3)

    for item in found:
        assert item.sentence == 3
        assert item.message
        for span, text in ((item.de_span, de), (item.en_span, en)):
            assert span is None or text[span.start : span.end] == span.text
    assert check_pair(de, en, n=3) == found


@given(TEXT)
@settings(max_examples=examples(100))
def test_no_english_is_missing_only_if_there_is_german(de: str) -> None:
    codes = [item.code for item in check_pair(de, " ")]

    assert codes == (["coverage.missing"] if any(letter.isalnum() for letter in de) else [])


@given(st.lists(st.tuples(TEXT, TEXT), max_size=6))
@settings(max_examples=examples(50))
def test_verify_gives_one_row_a_pair_in_order(texts: list[tuple[str, str]]) -> None:
    rows = [Pair(str(i), de, en) for i, (de, en) in enumerate(texts)]

    assert [name for name, _ in verify_pairs(rows)] == [row.id for row in rows]
