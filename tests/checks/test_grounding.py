"""What code reads beside a claim: speaker, chain, verb, quotation, time, stance."""

from __future__ import annotations

from typing import get_args

import pytest

from presseschau.checks.claim.grounding import grounded
from presseschau.checks.naming.english_name import english_name
from presseschau.ingest import read_article
from presseschau.models import Article, Claim, Evidence, Stance

TEXT = """Kiew (dpa) - Amerika schlage ein Treffen vor, sagte der ukrainische Präsident Wolodymyr Selenskyj am Freitag
laut der Nachrichtenagentur Ukrinform – und bezog sich dabei auf Angaben des Sekretärs des Sicherheitsrats,
Rustem Umjerow.
Das Treffen sei für Montag geplant. Die Brücke nach Kiew ist seit Mai gesperrt. Trainer Udo Kern verteidigte den Plan.
„Wir haben hart gearbeitet und nichts verloren.“ Der Mann soll angeblich 14 Autos gestohlen haben."""


@pytest.fixture(scope="module")
def article() -> Article:
    read = read_article("Treffen in Kiew geplant\n\n20.12.2025 - 19:25 Uhr\n\n" + " ".join(TEXT.split()), source="t")
    assert read.published == "2025-12-20T19:25"
    return read


def claim(article: Article, *starts: str, speaker: str | None = None, stance: Stance = "asserted") -> Claim:
    cited = [s for s in article.sentences if s.text.startswith(starts)]
    assert len(cited) == len(starts)
    evidence = tuple(Evidence(n=s.n, start=s.start, end=s.end, text=s.text) for s in cited)
    numbers = tuple(s.n for s in cited)
    return Claim(id="c1", text="x", sentences=numbers, evidence=evidence, speaker=speaker, stance=stance)


def test_the_chain_of_voices_is_kept(article: Article) -> None:
    found = grounded(claim(article, "Amerika"), article)

    assert (found.speaker, found.via, found.relies_on) == ("Volodymyr Zelensky", ("Ukrinform",), "Rustem Umerov")
    assert (found.stance, found.verb, found.quotation) == ("reported", "sagte", "indirect")
    assert found.speaker_de is not None
    assert found.speaker_de.text.endswith("Wolodymyr Selenskyj")
    assert article.text[found.speaker_de.start : found.speaker_de.end] == found.speaker_de.text
    assert found.when is not None
    assert (found.when.text, found.when.date) == ("am Freitag", "2025-12-19")


def test_a_speaker_is_carried_to_the_next_sentence(article: Article) -> None:
    found = grounded(claim(article, "Das Treffen"), article)

    assert found.speaker == "Volodymyr Zelensky"
    assert found.speaker_de is not None
    assert found.speaker_de.start < found.evidence[0].start


@pytest.mark.parametrize("stance", get_args(Stance))
def test_what_is_alleged_stays_so_whatever_else_is_said(article: Article, stance: Stance) -> None:
    for other in ((), ("Das Treffen",), ("Die Brücke",), ("Trainer",), ("Die Brücke", "Amerika")):
        assert grounded(claim(article, "Der Mann", *other, stance=stance), article).stance == "alleged"


def test_what_the_article_says_itself_has_no_speaker(article: Article) -> None:
    found = grounded(claim(article, "Die Brücke"), article)

    assert (found.speaker, found.speaker_de, found.via, found.verb) == (None, None, (), None)
    assert found.stance == "asserted"
    assert found.when is not None
    assert found.when.date == "2025-05"


def test_the_one_who_is_brought_in_speaks_the_quotation(article: Article) -> None:
    found = grounded(claim(article, "Trainer", "„Wir"), article)

    assert (found.speaker, found.stance) == ("Udo Kern", "reported")


def test_an_allegation_is_one_though_the_model_did_not_see_it(article: Article) -> None:
    assert grounded(claim(article, "Der Mann"), article).stance == "alleged"


def test_a_speaker_given_by_the_model_is_kept_and_found_in_the_german(article: Article) -> None:
    found = grounded(claim(article, "Amerika", speaker="President Zelensky", stance="planned"), article)

    assert (found.speaker, found.stance) == ("President Zelensky", "planned")
    assert found.speaker_de is not None


def test_a_speaker_that_the_evidence_does_not_have_gets_no_place(article: Article) -> None:
    found = grounded(claim(article, "Die Brücke", speaker="Udo Kern"), article)

    assert (found.speaker, found.speaker_de) == ("Udo Kern", None)


def test_two_speakers_are_unsettled(article: Article) -> None:
    assert grounded(claim(article, "Amerika", "„Wir"), article).speaker is None


def test_grounding_again_changes_nothing(article: Article) -> None:
    once = grounded(claim(article, "Amerika"), article)

    assert grounded(once, article) == once


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("der ukrainische Präsident Wolodymyr Selenskyj", "Volodymyr Zelensky"),
        ("des Sekretärs des ukrainischen Sicherheitsrats, Rustem Umjerow", "Rustem Umerov"),
        ("Kremlchef Wladimir Putin", "Vladimir Putin"),
        ("Bürgermeisterin Ada Kolb (parteilos)", "Ada Kolb"),
        ("Projektleiterin Dr.-Ing. Sibel Karaca", "Sibel Karaca"),
        ("die Bundespolizei", "Federal Police"),
        ("der Deutschen Presse-Agentur", "dpa"),
        ("die Zeitung »Nordblatt«", "Nordblatt"),
        ("die Stadtwerke", "municipal utilities"),
        ("kasachischen Angaben", "Kazakh sources"),
        ("offiziellen Angaben", "official sources"),
    ],
)
def test_english_name(german: str, english: str) -> None:
    assert english_name(german) == english


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Kantonspolizei Bern", "cantonal police in Bern"),
        ("des Bauernverbands", "farmers' association"),
        ("der Regierungsrat", "cantonal government"),
        ("the cantonal police", "the cantonal police"),
        ("Bank Austria", "Bank Austria"),
        ("Anna Berg", "Anna Berg"),
    ],
)
def test_a_speaker_that_a_model_gives_in_german_is_put_in_english(given: str, shown: str) -> None:
    bodies = "Die Kantonspolizei Bern, der Bauernverband, der Regierungsrat, Bank Austria"
    said = f"{bodies} und Anna Berg teilten mit, dass es brennt."
    article = read_article(f"Bericht\n\n{said}", source="x", lang_check="off")
    one = Claim(
        id="c1", text="There is a fire.", sentences=(2,), evidence=(Evidence.of(article.sentences[1]),), speaker=given
    )
    assert grounded(one, article).speaker == shown
