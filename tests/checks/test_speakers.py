"""Whom an English text names as the one who says it, and whether the German does."""

from __future__ import annotations

import pytest

from presseschau.checks import check_claim, check_point
from presseschau.facts.speech.english import attributions
from presseschau.ingest import read_article

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
