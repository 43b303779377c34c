"""`body.changed`: a public body or office that became another one, and all that it may be called."""

import json
from pathlib import Path

import pytest

from presseschau.checks import check_claim, check_pair
from presseschau.checks.bitext import bitext
from presseschau.checks.naming.english_name import Body
from presseschau.checks.naming.glossary import house_glossary
from presseschau.checks.pair.bodies import _Institution, bodies
from presseschau.ingest import read_article
from presseschau.lang import PAIR, table

CASES = Path(__file__).parents[2] / "fixtures" / "checks" / "meaning" / "bodies.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


def test_another_body_is_found_and_no_free_rendering():
    def loud(row):
        return any(item.severity != "info" and item.code != "name.added" for item in check_pair(row["de"], row["en"]))

    assert [row["id"] for row in ROWS if loud(row) is not (row["expect"] == "finding")] == []


def test_what_other_tables_call_a_body_is_a_rendering_of_it():
    said = [(row.german, row.english) for row in table(PAIR, "bodies", Body) if row.english]
    said += [(entry.source, target) for entry in house_glossary().entries for target in entry.targets]

    assert [(de, en) for de, en in said if any(bodies(bitext(f"Das sagte {de}.", f"{en} said so.")))] == []


def test_each_body_has_two_renderings_at_least():
    rows = [row for row in table(PAIR, "institutions", _Institution) if row.german]

    assert len({noun for row in rows for noun in row.german}) > 600
    assert all(len(row.english) > 1 for row in rows)


@pytest.mark.parametrize(
    ("text", "speaker", "there"),
    [
        ("The management expects costs of two million euros.", None, True),
        ("Costs of two million euros are expected.", "management", True),
        ("Costs of two million euros are expected.", "city administration", False),
        ("The council expects costs of two million euros.", None, False),
        ("The mayor is told to expect costs of two million euros.", None, False),  # she stands in the article
    ],
)
def test_a_claim_and_its_speaker_are_held_against_the_german_too(text, speaker, there):
    body = "Die Bürgermeisterin fragte nach. Laut Verwaltung kostet das zwei Millionen Euro. Das Geld fehlt bisher."
    article = read_article(f"Die Brücke wird teuer\n\n{body}", source="", lang_check=False)
    evidence = [one for one in article.sentences if "Verwaltung" in one.text]
    found = [one for one in check_claim(text, evidence, article, speaker) if one.code == "body.changed"]

    assert bool(found) is there
    assert all(article.text[one.de_span.start : one.de_span.end] == "Verwaltung" for one in found if one.de_span)
