"""`name.inconsistent`, and names judged with the whole article in view."""

from __future__ import annotations

import pytest

from presseschau.checks import check_translation
from presseschau.models import Finding, Sentence


def _findings(*pairs: tuple[str, str]) -> list[Finding]:
    at, rows = 0, []
    for n, (de, en) in enumerate(pairs, start=1):
        rows.append((Sentence(n=n, start=at, end=at + len(de), text=de, paragraph=1, role="body"), en))
        at += len(de) + 1
    return [item for found in check_translation(rows).values() for item in found]


def _inconsistent(*pairs: tuple[str, str]) -> list[tuple[int | None, str, str]]:
    return [
        (item.sentence, item.de_span.text, item.en_span.text)
        for item in _findings(*pairs)
        if item.code == "name.inconsistent" and item.de_span and item.en_span
    ]


@pytest.mark.parametrize(
    ("german", "usual", "other"),
    [("Selenskyj", "Zelensky", "Zelenskyy"), ("Kiew", "Kyiv", "Kiev"), ("Brandtner", "Brandtner", "Brantner")],
)
def test_another_spelling_is_found_where_it_stands(german: str, usual: str, other: str) -> None:
    rows = [(f"Am Montag kam {german} an.", f"{name} arrived on Monday.") for name in (usual, usual, other)]
    rows.append(("Auch Eva Brandtner kam.", "Eva Brandtner came too."))
    assert _inconsistent(*rows) == [(3, german, other)]
    (item,) = (item for item in _findings(*rows) if item.code == "name.inconsistent")
    assert item.severity == "warning"
    assert item.message == f"“{german}” is “{usual}” elsewhere in the article; here the English says “{other}”."


def test_what_most_sentences_say_is_the_name() -> None:
    rows = [("In Kiew schneite es.", f"It snowed in {name}.") for name in ("Kiev", "Kyiv", "Kyiv")]
    assert _inconsistent(*rows) == [(1, "Kiew", "Kiev")]


def test_cases_and_possessives_are_no_other_names() -> None:
    assert not _inconsistent(
        ("Brandners Anwalt kam.", "Brandner's lawyer came."),
        ("Dann kam Brandner selbst.", "Then Brandner himself came."),
        ("In Deutschland schneite es.", "It snowed in Germany."),
        ("Die Menschen in Deutschland froren.", "People in Germany froze; German winters are cold."),
    )


def test_a_name_that_another_sentence_has_is_no_addition() -> None:
    first = ("Am Montag kam Aljoscha Brandner aus Leipzig an.", "Aljoscha Brandner arrived from Leipzig on Monday.")
    second = ("Er sprach am Abend im Rathaus vor vielen Gästen.", "Brandner spoke at Leipzig town hall in the evening.")
    together = [item for item in _findings(first, second) if item.code in ("name.added", "place.added")]
    alone = [item for item in _findings(second) if item.code in ("name.added", "place.added")]
    assert {item.severity for item in together} == {"info"}
    assert {item.code for item in alone if item.severity == "warning"} == {"place.added"}
