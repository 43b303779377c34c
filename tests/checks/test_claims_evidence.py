"""Claims and points against their evidence: what is invented, what leaked in, what is cited wrongly; denials of the
clauses that it tells; figures that a paraphrase reckons; which cited sentence it tells, and its time from there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from presseschau.checks import check_claim, check_point
from presseschau.checks.bitext import bitext
from presseschau.checks.claim.denial import denials
from presseschau.checks.claim.derived_numbers import derived_numbers, hedged
from presseschau.checks.claim.grounding import grounded
from presseschau.ingest import read_article
from presseschau.models import Article, Claim, Evidence

CASES = Path(__file__).parents[2] / "fixtures" / "checks"
ARTICLE = Article.model_validate_json((CASES / "article.json").read_text("utf-8"))
ROWS = [json.loads(line) for line in (CASES / "claims.jsonl").read_text("utf-8").splitlines()]
BY_ENGLISH = {
    3: "About 5,000 travellers were stranded in Hamburg and Bremen.",
    6: "The lines to Hanover should be cleared by Thursday morning.",
}
BY_NUMBER = {sentence.n: sentence for sentence in ARTICLE.sentences}


@pytest.mark.parametrize("row", ROWS, ids=[row["text"][:40] or "empty" for row in ROWS])
def test_claim(row: dict[str, Any]) -> None:
    evidence = [BY_NUMBER[n] for n in row["sentences"] if n in BY_NUMBER]

    found = check_claim(row["text"], evidence, ARTICLE, row["speaker"], claim="c1", cited=row["sentences"])

    assert sorted({item.code for item in found if item.severity != "info"}) == row["codes"]
    assert all(item.claim == "c1" for item in found)


def test_what_leaked_in_is_named() -> None:
    found = check_claim("Finance minister Krause plans higher taxes.", [BY_NUMBER[2]], ARTICLE)

    assert [item.en_span.text for item in found if item.code == "evidence.foreign" and item.en_span] == ["Krause"]


def test_a_name_from_another_sentence_may_stand_for_a_pronoun() -> None:
    found = check_claim("The storm Anna cut off 4,000 households on Sylt.", [BY_NUMBER[7]], ARTICLE)

    assert all(item.severity == "info" for item in found)


@pytest.mark.parametrize(
    ("speaker", "n", "codes"),
    [
        ("Petra Lindner", 3, []),
        ("spokeswoman Lindner", 3, []),
        ("transport ministry", 6, []),
        ("Petra Lindner", 6, ["speaker.wrong"]),
        ("German Weather Service", 3, ["speaker.wrong"]),
        ("Friedhelm Okonkwo", 3, ["speaker.unknown"]),
        ("Krause", 3, ["speaker.unknown"]),
        ("a passer-by", 3, []),
    ],
)
def test_the_speaker_must_be_the_one_of_the_german(speaker: str, n: int, codes: list[str]) -> None:
    found = check_claim(BY_ENGLISH[n], [BY_NUMBER[n]], ARTICLE, speaker)

    assert [item.code for item in found if item.severity != "info"] == codes


def test_a_point_need_not_keep_every_voice() -> None:
    text, evidence = "The lines to Hanover will be cleared by Thursday morning.", [BY_NUMBER[6]]

    assert any(item.code == "voice.lost" for item in check_claim(text, evidence, ARTICLE))
    assert not any(item.code == "voice.lost" for item in check_point(text, evidence, ARTICLE))


@pytest.mark.parametrize(
    ("german", "name", "seen"),
    [
        ("«Ich würde es wieder tun»: Pfarrer zeigt sich stolz", "headline", False),
        ("Pfarrer zeigt sich stolz", "headline", True),
        ("«Ich würde es wieder tun»: Pfarrer zeigt sich stolz", "bottom line", True),
    ],
)
def test_a_headline_may_quote_where_the_german_one_does(german: str, name: str, seen: bool) -> None:
    body = "Der Pfarrer Emil Vogt ist stolz auf seinen Protest gegen den Bau der Straße. Das sagte er in Zug."
    article = read_article(f"{german}\n\n{body}\n".encode(), source="zug.txt")
    evidence = [one for one in article.sentences if one.role != "headline"]

    found = check_point("“I would do it again”: pastor is proud", evidence, article, name=name)

    assert any(item.code == "quote.added" for item in found) is seen


def test_german_spans_of_joined_evidence_count_in_the_article() -> None:
    evidence = [BY_NUMBER[2], BY_NUMBER[6]]
    found = check_claim("The lines to Hanover are cleared.", evidence, ARTICLE)

    spans = [item.de_span for item in found if item.de_span]
    assert spans
    assert all(ARTICLE.text[span.start : span.end] == span.text for span in spans)


DENIALS = [json.loads(line) for line in (CASES / "denial.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", DENIALS, ids=[row["en"][:50] for row in DENIALS])
def test_denial(row: dict[str, Any]) -> None:
    found = list(denials(bitext(row["de"], row["en"])))

    assert [(item.code, item.severity) for item in found] == ([(row["code"], row["severity"])] if row["code"] else [])
    assert all(row["de"][item.de_span.start : item.de_span.end] == item.de_span.text for item in found if item.de_span)
    assert all(row["en"][item.en_span.start : item.en_span.end] == item.en_span.text for item in found if item.en_span)


GOOD = [
    (
        "Die Einnahmen deckten 37 Prozent der Kosten.",
        "Fares covered little more than a third of its costs.",
        ["a third"],
    ),
    ("Es fielen rund 340 der 410 Züge aus.", "More than four out of five trains were cancelled.", ["four", "five"]),
    ("14,2 Prozent steckten sich an.", "Flu struck about one in seven of them.", ["seven"]),
    (
        "Es blieben 71 Millionen Euro nach 76 Millionen Euro.",
        "That was five million less than before.",
        ["five million"],
    ),
    ("Fast ein Fünftel ging verloren.", "A fifth was lost.", ["fifth"]),
]
BAD = [
    ("Die Einnahmen deckten 37 Prozent der Kosten.", "Fares covered about a quarter of its costs."),
    ("Die Einnahmen deckten 37 Prozent der Kosten.", "Fares covered a third of its costs."),
    ("Es fielen rund 340 der 410 Züge aus.", "About half of the trains were cancelled."),
    ("Es blieben 71 Millionen Euro nach 76 Millionen Euro.", "The firm has five million customers."),
    ("Es blieben 71 Millionen Euro nach 76 Millionen Euro.", "That was six million less than before."),
]


@pytest.mark.parametrize(("german", "english", "figures"), GOOD)
def test_a_figure_that_follows_from_others(german: str, english: str, figures: list[str]) -> None:
    found = [english[start:end] for start, end in sorted(derived_numbers(bitext(german, english)))]
    assert set(figures) <= set(found)


@pytest.mark.parametrize(("german", "english"), BAD)
def test_a_figure_that_does_not(german: str, english: str) -> None:
    assert not derived_numbers(bitext(german, english))


@pytest.mark.parametrize(
    ("english", "said"), [("about 90 euros", True), ("just under 90 euros", True), ("exactly 90 euros", False)]
)
def test_a_rounded_figure_is_said_to_be_rounded(english: str, said: bool) -> None:
    assert hedged(english, english.index("90")) is said


TOLD = read_article(
    "Werft streicht Stellen\n\n"
    "Geschäftsführer Jan Holm will die Beschäftigten am 17. März treffen. "
    "Am Dienstag hatte er angekündigt, bis zum 30. Juni 420 Stellen zu streichen. "
    "Im Artikel vom 3. März schrieben wir, Jan Holm habe die Werft verkauft.",
    source="t",
)


def test_the_time_is_that_of_the_sentence_told() -> None:
    cited = TOLD.sentences[1:3]
    evidence = tuple(Evidence(n=s.n, start=s.start, end=s.end, text=s.text) for s in cited)
    text = "On Tuesday Jan Holm had announced that 420 jobs would be cut by 30 June."
    found = grounded(Claim(id="c1", text=text, sentences=tuple(s.n for s in cited), evidence=evidence), TOLD)
    assert found.when is not None
    assert found.when.text == "Am Dienstag"


def test_what_the_paper_printed_is_no_persons_word() -> None:
    (printed,) = [s for s in TOLD.sentences if s.text.startswith("Im Artikel")]
    found = check_claim("Jan Holm said he had sold the shipyard.", [printed], TOLD, "Jan Holm")
    assert "speaker.wrong" in [item.code for item in found]


FIGURES = """Streit um Geld

Der Mann soll 85.000 Euro gezahlt haben. Die Kosten stiegen um 17 Prozent. Im Jahr kamen 3,2 Millionen Besucher.
90 Meter lang ist die Halle. Karten gab es für 40 Dollar oder 40 Euro. Am 3. Mai wurde es ruhig.
Neun Tage später kam Regen. Der Bürgermeister war zufrieden."""


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("The mayor paid 85,000 euros.", "evidence.elsewhere"),
        ("The mayor paid 85,000.", "evidence.elsewhere"),
        ("The mayor saw 3.2 million visitors.", "evidence.elsewhere"),
        ("The mayor saw 295 feet.", "evidence.elsewhere"),
        ("The mayor paid 40 dollars.", "evidence.elsewhere"),
        ("The mayor paid 85 billion euros.", "number.added"),
        ("The mayor paid 85,000 dollars.", "number.added"),
        ("The mayor paid 17 euros.", "number.added"),
        ("The mayor saw 3.2 billion visitors.", "number.added"),
        ("The mayor paid 90 euros.", "number.added"),
        ("The mayor paid 90 million.", "number.added"),
    ],
)
def test_a_figure_stands_elsewhere_with_its_scale_and_unit(claim: str, code: str) -> None:
    article = read_article(FIGURES, source="t")

    found = check_claim(claim, [article.sentences[-1]], article)

    codes = [item.code for item in found if item.code in ("evidence.elsewhere", "number.added")]
    assert codes == [code]
    assert all(item.severity == "error" for item in found if item.code == "number.added")


@pytest.mark.parametrize(
    ("english", "wrong"), [("40 dollars", 0), ("40 euros", 0), ("40 pounds", 1), ("40 per cent", 1), ("40 metres", 1)]
)
def test_the_evidence_counts_by_its_units(english: str, wrong: int) -> None:
    article = read_article(FIGURES, source="t")

    found = check_claim(f"Tickets cost {english}.", [article.sentences[-4]], article)

    assert [item.code for item in found if item.code == "number.unit"] == ["number.unit"] * wrong


def test_a_day_may_be_reckoned_from_another() -> None:
    article = read_article(FIGURES, source="t")

    right, wrong = (check_claim(f"It rained on {day} May.", article.sentences[-3:-1], article) for day in (12, 13))

    assert "number.added" not in {item.code for item in right}
    assert "number.added" in {item.code for item in wrong}
