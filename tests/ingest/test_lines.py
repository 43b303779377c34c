"""Single lines of a page are named as they are: credits, captions, notes, dates, datelines, links, furniture."""

from __future__ import annotations

import pytest
from case_files import rows
from test_layout import named_parts

from presseschau.ingest import read_article
from presseschau.ingest.article import find_instruction
from presseschau.ingest.layout.dateline import read_dateline
from presseschau.ingest.layout.sorting import is_prose
from presseschau.ingest.layout.ticker import read_entry

HEADLINE = "Rat streitet über Tunnel"
LEAD = "Der Stadtrat hat am Montag über den Tunnel gestritten. Eine Entscheidung gibt es noch nicht."
BEFORE = "Die Kosten steigen nach Angaben des Kämmerers auf 80 Millionen Euro. Geplant waren einmal 50 Millionen."
AFTER = "Nun soll ein Gutachter prüfen, ob es billiger geht. Er wird frühestens im Herbst fertig, wie es hieß."


@pytest.mark.parametrize(("kind", "line"), rows("lines/amid.tsv"))
def test_a_line_amid_the_article_is_named(kind: str, line: str) -> None:
    page = "\n\n".join([HEADLINE, LEAD, BEFORE, line, AFTER])
    parts = named_parts(read_article(page, source="case"))
    assert [label for label, text in parts if text == line] == [kind]
    assert [text for label, text in parts if label == "body" and text != line] == [BEFORE, AFTER]


@pytest.mark.parametrize(("dateline", "agency", "rest"), rows("lines/datelines.tsv"))
def test_a_dateline_is_taken_off_the_first_sentence(dateline: str, agency: str, rest: str) -> None:
    article = read_article("\n\n".join([HEADLINE, f"{dateline} {rest} {AFTER}", BEFORE]), source="case")
    assert [kept.text for kept in article.kept if kept.role == "dateline"] == [dateline]
    assert article.sentences[1].text == rest
    assert str(article.agency) == agency


@pytest.mark.parametrize("paragraph", [row[0] for row in rows("lines/no_datelines.tsv")])
def test_a_paragraph_without_dateline_stays_whole(paragraph: str) -> None:
    assert read_dateline(paragraph) is None


@pytest.mark.parametrize(("published", "updated", "line"), rows("lines/timestamps.tsv"))
def test_dates_are_read_from_a_line_of_their_own(published: str, updated: str, line: str) -> None:
    article = read_article("\n\n".join([HEADLINE, line, LEAD, BEFORE, AFTER]), source="case")
    assert [kept.role for kept in article.kept if kept.text == line] == ["timestamp"]
    assert (str(article.published), str(article.updated)) == (published, updated)


@pytest.mark.parametrize(("paper", "day", "line"), rows("lines/papers.tsv"))
@pytest.mark.parametrize("at", [0, 1, 4])
def test_paper_and_day_are_read_from_one_line(paper: str, day: str, line: str, at: int) -> None:
    page = [HEADLINE, LEAD, BEFORE, AFTER]
    article = read_article("\n\n".join([*page[:at], line, *page[at:]]), source="case")
    assert (str(article.outlet), article.published, article.headline) == (paper, day, HEADLINE)


@pytest.mark.parametrize(("credit", "agency"), [("@ sid.de", "SID"), ("@ ap.org", "AP"), ("@ dpa.de", "dpa")])
def test_the_site_of_an_agency_is_the_agency_and_not_the_paper(credit: str, agency: str) -> None:
    article = read_article("\n\n".join([HEADLINE, LEAD, BEFORE, AFTER, credit, "© Torblick"]), source="case")
    assert (article.agency, article.outlet) == (agency, "Torblick")


@pytest.mark.parametrize(
    ("opening", "moment"),
    [
        ("12.31 Uhr: ", "12:31"),
        ("Mi, 3. Mai, 12:31 – ", "12:31"),
        ("Mo, 9. Mai, 9.05 Uhr: ", "09:05"),
        ("[7.30 Uhr] ", "07:30"),
    ],
)
def test_an_entry_of_a_ticker_opens_with_its_time(opening: str, moment: str) -> None:
    entry = read_entry(f"{opening}Die Brücke ist gesperrt.")
    assert entry is not None
    assert (entry.length, entry.stamp.time) == (len(opening), moment)


ADDRESSED = [
    pytest.param("yes", line, marks=pytest.mark.xfail(strict=True)) if addressed == "missed" else (addressed, line)
    for addressed, line in rows("lines/instructions.tsv")
]


@pytest.mark.parametrize(("addressed", "sentence"), ADDRESSED)
def test_passages_for_a_language_model_are_flagged_and_kept(addressed: str, sentence: str) -> None:
    assert (find_instruction(sentence) is not None) == (addressed == "yes")
    page = "\n\n".join([HEADLINE, LEAD, BEFORE, f"{AFTER} {sentence}"])
    article = read_article(page, source="case", repair=False)
    assert any(sentence.split()[-1] in unit.text for unit in article.sentences)
    found = [finding for finding in article.findings if finding.code == "input.instruction"]
    assert all(finding.severity == "warning" for finding in found)
    assert bool(found) == (addressed == "yes")


def test_running_text_is_told_from_headings() -> None:
    assert is_prose(LEAD)
    assert not is_prose(HEADLINE)
