"""Pages in the layouts of publishers: what is numbered with which role, who wrote it, when, and what is said."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from presseschau.ingest import read_article
from presseschau.ingest.dates import moment
from presseschau.ingest.formats.html import read_page
from presseschau.ingest.formats.page_about import is_life, people
from presseschau.ingest.reading import read, read_document
from presseschau.ingest.sources import Document
from presseschau.models import Article

PAGES = Path(__file__).resolve().parents[2] / "fixtures" / "ingest" / "cms"
ROWS = [json.loads(line) for line in (PAGES / "cms.jsonl").read_text("utf-8").splitlines()]
PROSE = (
    "Der Rat der Stadt hat am Montag lange beraten und dann den Haushalt beschlossen. Das sagte der Sprecher am Abend."
)


def article(body: str, head: str = "") -> Article:
    page = f'<html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    document = read_page(page.encode(), "page.html")
    assert isinstance(document, Document)
    return read_document(document)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["page"])
def test_a_layout_is_read(row: dict[str, Any]) -> None:
    found = read(PAGES / f"{row['page']}.html")
    parts = [
        [role, " ".join(sentence.text for sentence in group)]
        for (role, _), group in groupby(found.sentences[1:], key=lambda sentence: (sentence.role, sentence.paragraph))
    ]
    assert parts == row["parts"]
    assert found.headline == row["headline"]
    assert found.author == row["author"]
    assert (found.published or found.updated) == row["date"]
    assert [dropped.reason for dropped in found.dropped] == row["dropped"]
    assert [finding.code for finding in found.findings if finding.code != "input.short"] == row["findings"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Von Eva Muster und Max Berg, Kiel", ["Eva Muster", "Max Berg"]),
        ("Dr. Imke Vollstedt", ["Dr. Imke Vollstedt"]),
        ("Eva Muster, LRM Oberneisse", ["Eva Muster"]),
        ("EVA MUSTER", ["Eva Muster"]),
        ("eva.muster@hafenblatt.example", []),
        ("Hafenblatt Online", []),
        ("Muster.de GmbH, Munich, Germany", []),
        ("Klima und Umwelt", []),
        ("Deutsche Presse-Agentur", []),
        ("Alle Storys", []),
        ("dpa", []),
        ("admin", []),
    ],
)
def test_an_author_is_a_person(text: str, names: list[str]) -> None:
    assert people(text) == names


def test_an_outlet_is_no_author() -> None:
    assert people("Werdener Bote, Eva Muster", ["Werdener Bote"]) == ["Eva Muster"]


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("Sat Nov 25 14:59:03 CET 2017", "2017-11-25T14:59:03+01:00"),
        ("2020-05-15T07:11:00.000Z", "2020-05-15T07:11:00Z"),
        ("1511621943", "2017-11-25T14:59:03+00:00"),
        ("publiziert am 25. September 2018", "2018-09-25"),
        ("19.07.2022", "2022-07-19"),
    ],
)
def test_a_date_is_read_as_pages_write_it(value: str, iso: str) -> None:
    assert moment(value) == iso


def test_the_day_in_an_address_is_the_last_resort() -> None:
    head = '<link rel="canonical" href="https://hafenblatt.example/2023/11/06/etat/">'
    found = article(f"<h1>Rat beschließt den Etat</h1><p>{PROSE}</p><p>{PROSE} Ende.</p>", head)
    assert (found.published, found.metadata["published_from"]) == ("2023-11-06", "address")
    printed = article(f"<h1>Rat beschließt den Etat</h1><div>7.11.2023</div><p>{PROSE}</p><p>{PROSE} Ende.</p>", head)
    assert (printed.published, "published_from" in printed.metadata) == ("2023-11-07", False)


def test_a_byte_of_windows_is_an_ellipsis_on_a_page() -> None:
    assert "Rat schweigt…" in article(f"<h1>Rat schweigt&#133;</h1><p>{PROSE}</p><p>{PROSE} Ende.</p>").text


def test_a_box_with_much_of_the_prose_is_said_and_kept_beside() -> None:
    box = f"<aside><p>{PROSE} Er nannte keine Zahlen.</p><p>{PROSE} Er nannte keine Namen.</p></aside>"
    own = "".join(f"<p>{PROSE} Punkt {n} blieb offen.</p>" for n in range(4))
    found = article(f"<h1>Rat beschließt den Etat</h1><p>{PROSE}</p>{box}{own}")
    assert [dropped.reason for dropped in found.dropped] == ["box", "box"]
    assert "input.cut" in {finding.code for finding in found.findings}


@pytest.mark.parametrize(
    ("head", "body", "said"),
    [
        ('<link rel="next" href="/a/anderer-artikel.html">', "", None),
        ('<link rel="next" href="/a/etat/seite-2">', "", "the next is /a/etat/seite-2"),
        ("", "<p>Seite 1 von 3</p>", "page 1 of 3"),
        ("", '<a href="/a/etat/alles">Auf einer Seite lesen</a>', "all of it is /a/etat/alles"),
    ],
)
def test_other_pages_of_the_article_are_said(head: str, body: str, said: str | None) -> None:
    found = article(f"<h1>Rat beschließt den Etat</h1><p>{PROSE}</p><p>{PROSE} Ende.</p>{body}", head)
    messages = [finding.message for finding in found.findings if finding.code == "input.incomplete"]
    assert (said is None and not messages) or (said is not None and said in messages[0])


def test_who_introduces_the_author_is_no_part_of_the_article() -> None:
    assert is_life("Eva Muster ist Redakteurin im Ressort Lokales.", "Eva Muster")
    assert not is_life("Eva Muster ist Bürgermeisterin von Kiel.", "Eva Muster")
    assert not is_life("Max Berg ist Redakteur.", "Eva Muster")


def test_the_container_says_what_a_block_is() -> None:
    text = f"Rat beschließt den Etat\n\n{PROSE}\n\nWas kostet das Bad?\n\n{PROSE} Ende.\n\nSchulen"
    roles = [("lead", PROSE), ("heading", "Was kostet das Bad?"), ("item", "Schulen")]
    found = read_article(text, source="x", roles=roles)
    roles_found = [sentence.role for sentence in found.sentences]
    assert roles_found == ["headline", "lead", "lead", "crosshead", "body", "body", "body", "body"]


@pytest.mark.parametrize("name", ["like-spiegel", "like-sz", "table-2004", "interview", "list1", "like-noz"])
def test_a_page_cut_anywhere_is_read_or_skipped(name: str) -> None:
    data = (PAGES / f"{name}.html").read_bytes()
    for size in range(0, len(data), max(1, len(data) // 12)):
        assert read_page(data[:size], name).source == name
        assert read_page(data[size:], name).source == name


def test_a_lead_that_is_all_there_is_becomes_the_text() -> None:
    assert [part.role for part in article(f'<h1>Rat beschließt Etat</h1><p class="lead">{PROSE}</p>').sentences][1:]
