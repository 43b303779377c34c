"""Whom an English text names as the one who says it, and whether the German does; as the translation words it."""

from __future__ import annotations

import pytest

from presseschau.checks import check_claim, check_point
from presseschau.checks.claim.grounding import grounded
from presseschau.checks.naming.english_name import in_german, left_in_german
from presseschau.facts.speech import english
from presseschau.facts.speech.english import attributions
from presseschau.ingest import read_article
from presseschau.models import Claim, Evidence

ARTICLE = read_article(
    "Streit um die Brücke\n\n"
    "Die Brücke müsse bleiben, sagte Bürgermeisterin Ada Kolb am Montag laut der Agentur Nordpress. "
    "Landrat Jan Holm widersprach. Die Kosten seien zu hoch.",
    source="t",
)


VERBS = (
    "said says added acknowledged admitted announced argued claimed complained conceded confirmed criticised criticized"
    " declared demanded denied emphasised emphasized explained insisted noted replied reported stated stressed"
    " suggested warned wrote"
)
NOT_INVERTED = ["called for", "told reporters"]
FORMS = (
    "{name} {verb} that the bridge must stay.",
    "{name}, the district administrator, {verb} that the bridge must stay.",
    "The bridge must stay, {name} {verb}.",
    "The bridge must stay, {name} {verb} on Monday.",
    "The bridge must stay, {verb} {name}.",
    "“The bridge must stay,” {verb} {name} on Monday.",
)
CASES = [form.replace("{verb}", verb) for verb in VERBS.split() for form in FORMS]
CASES += [form.replace("{verb}", verb) for verb in NOT_INVERTED for form in FORMS if "{verb} {name}" not in form]
CASES += ["According to {name}, the bridge must stay.", "The bridge must stay, according to {name}."]


@pytest.mark.parametrize("text", CASES)
def test_words_given_to_another_are_found(text: str) -> None:
    evidence = [s for s in ARTICLE.sentences if s.text.startswith("Die Brücke")]

    wrong, right = (text.format(name=name) for name in ("Jan Holm", "Ada Kolb"))

    assert "Jan Holm" in [one.name for one in attributions(wrong)]
    for speaker in (None, "Ada Kolb"):
        assert "speaker.wrong" in [item.code for item in check_claim(wrong, evidence, ARTICLE, speaker)]
        assert not any(item.code.startswith("speaker.") for item in check_claim(right, evidence, ARTICLE, speaker))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("According to the mayor of the town, Ada Kolb, it must stay.", []),
        ("Jan Holm, who lost the vote, said that the costs are too high.", ["Jan Holm"]),
        ("Jan Holm, who criticised the plan, said that the costs are too high.", ["Jan Holm"]),
        ("Jan Holm said and repeated that the costs are too high.", ["Jan Holm"]),
        ("Opposition leader Jan van Holm also said so.", ["Jan van Holm"]),
        ("The mayor of Kiel said so.", []),
        ("On Monday Sally Kelly said so.", ["Sally Kelly"]),
        ("Jan Holm was criticised.", []),
        ("He said that the costs are too high.", []),
        ("The bridge is long.", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert list(dict.fromkeys(one.name for one in attributions(text) if one.name)) == names


def test_what_the_speaker_says_of_others_is_not_theirs() -> None:
    article = read_article(
        "Streit um die Brücke\n\nBürgermeisterin Ada Kolb sagte, Landrat Jan Holm habe den Bau bestritten.", source="t"
    )

    found = check_claim("Mayor Ada Kolb said Jan Holm had denied it.", article.sentences[1:], article, "Ada Kolb")

    assert not any(item.code.startswith("speaker.") for item in found)


@pytest.mark.parametrize(
    ("text", "start", "codes"),
    [
        ("Ada Kolb said the bridge must stay.", "Die Brücke", []),
        ("According to Nordpress, Ada Kolb said the bridge must stay.", "Die Brücke", []),
        ("Jan Holm said the bridge must stay.", "Die Brücke", ["speaker.wrong"]),
        ("Jan Holm said the costs are too high.", "Die Kosten", []),
        ("Ada Kolb said the costs are too high.", "Die Kosten", ["speaker.wrong"]),
        ("Olaf Okonkwo said the costs are too high.", "Die Kosten", ["speaker.unknown"]),
    ],
)
def test_a_point_names_the_speaker_of_the_german(text: str, start: str, codes: list[str]) -> None:
    evidence = [s for s in ARTICLE.sentences if s.text.startswith(start)]

    found = check_point(text, evidence, ARTICLE)

    assert [item.code for item in found if item.code.startswith("speaker.")] == codes


@pytest.mark.parametrize(
    ("who", "codes"),
    [("Analysts", []), ("Economists", []), ("Winemakers", []), ("Siemens", ["speaker.unknown"])],
)
def test_people_at_the_head_of_a_sentence_are_no_name(who: str, codes: list[str]) -> None:
    article = read_article("Zahlen von heute\n\nFachleute sagten, der Gewinn werde steigen.", source="t")
    evidence = article.sentences[1:]
    found = check_claim(f"{who} said the profit would rise.", evidence, article, None, cited=[evidence[0].n])
    assert [one.code for one in found] == codes


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The fire is under control, a spokesman for the fire brigade said.", "spokesman for the fire brigade"),
        ("According to the police, three people were injured.", "police"),
        ("Delays are to be expected, the company said.", "company"),
        ("The mayor said it was late, and according to the police three were injured.", None),
        ("On Monday a spokesman for the police also warned of ice.", "spokesman for the police"),
        ("“It is out,” confirmed the fire brigade on Monday.", "fire brigade"),
        ("The report was confirmed.", None),
        ("It is raining.", None),
    ],
)
def test_who_says_it(text: str, speaker: str | None) -> None:
    assert english.speaker(text) == speaker


def test_a_name_is_not_german() -> None:
    assert in_german("Sprecher der Feuerwehr", "A spokesman said it burns.")
    assert not in_german("Stadtwerke", "The Stadtwerke said so.")
    assert not in_german("Ole Kern", "Ole Kern said so.")
    assert not in_german("the police", "Around 1,000 people demonstrated.")
    assert [left_in_german(one, "It burns.") for one in ("administration", "police", "Land")] == [False, False, True]


@pytest.mark.parametrize(
    ("said", "speaker"),
    [
        ("The fire is out, a spokesman for the forest wardens said.", "spokesman for the forest wardens"),
        ("The fire is out.", "Sprecher der Waldaufsicht"),
        ("The fire is out, the king of Norway said.", "Sprecher der Waldaufsicht"),
    ],
)
def test_a_speaker_without_a_name_is_taken_from_the_english(said: str, speaker: str) -> None:
    text = "Das Feuer sei gelöscht, sagte ein Sprecher der Waldaufsicht."
    article = read_article(f"Brand in Kiel gelöscht\n\n{text} Es war ein langer Einsatz.", source="t")
    (cited,) = [s for s in article.sentences if s.text == text]
    evidence = (Evidence(n=cited.n, start=cited.start, end=cited.end, text=text),)
    found = grounded(Claim(id="c1", text=said, sentences=(cited.n,), evidence=evidence), article)
    assert found.speaker == speaker
    assert found.speaker_de is not None
    assert found.speaker_de.text == "ein Sprecher der Waldaufsicht"
