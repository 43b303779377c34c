"""What came with an article goes along: the user's link, id and other columns."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import pytest

from note_sample import sample
from presseschau.briefing.sources import sources as sources_of
from presseschau.ingest import iter_articles
from presseschau.models import Analysis, Article, Claim, Provenance, Sentence, TranslatedSentence, Usage
from presseschau.notes import Note
from presseschau.output import rendered
from presseschau.output.claims import claim_jsonld, claims_csv
from presseschau.output.inert import note_json
from presseschau.output.note_docx import note_docx
from presseschau.output.note_markdown import note_markdown
from presseschau.output.note_page import note_page
from presseschau.output.sentence_pairs import tmx
from presseschau.results import write_all

OWN = {"url": "https://e.example/1", "id": "=77", "page": "5", 'a"<b>': "x & y"}


def analysis(own: dict[str, str]) -> Analysis:
    sentence = Sentence(n=1, role="body", text="Es gilt.", start=0, end=8, paragraph=1)
    article = Article(id="a", source="s", text="Es gilt.", text_sha256="b", sentences=(sentence,), metadata=own)
    row = TranslatedSentence(n=1, role="body", de="Es gilt.", en="It holds.", start=0, end=8, status="ok")
    made = Provenance(model="m", engine="e", prompts="p", usage=Usage(), repairs=0, versions={}, notice="n")
    claim = Claim(id="c1", text="It holds.", sentences=(1,), evidence=())
    return Analysis(article=article, translation=(row,), claims=(claim,), provenance=made)


def test_what_came_with_an_article_is_in_every_output_for_machines() -> None:
    made = analysis(OWN)
    (row,) = csv.DictReader(io.StringIO(claims_csv(made).removeprefix("\ufeff")))
    assert (row["url"], row["own_id"]) == ("https://e.example/1", "'=77")
    assert json.loads(row["metadata"]) == {"page": "5", 'a"<b>': "x & y"}
    article = json.loads(claim_jsonld(made))["@graph"][0]
    assert (article["url"], article["pagination"]) == ("https://e.example/1", "5")
    assert {one["propertyID"]: one["value"] for one in article["identifier"]} == {"sha256": "a", **OWN}
    props = {prop.get("type"): prop.text for prop in ElementTree.fromstring(tmx(made)).iter("prop")}
    assert {name: props[f"x-own-{name}"] for name in OWN} == OWN
    assert Analysis.model_validate_json(made.model_dump_json()) == made


def note_of(own: dict[str, str]) -> Note:
    return sample().model_copy(update={"sources": sources_of((analysis(own),))})


def test_a_source_of_a_note_has_its_link_and_what_came_with_it() -> None:
    note = note_of(OWN)
    (source,) = note.sources
    assert (source.link, source.metadata) == (OWN["url"], OWN)
    assert Note.model_validate_json(note_json(note)) == note
    assert "own id: =77, page: 5" in note_markdown(note)
    assert "<https://e.example/1>" in note_markdown(note)
    page = note_page(note)
    assert '<a href="https://e.example/1" rel="noreferrer noopener nofollow">' in page
    assert "<bdi>a&#34;&lt;b&gt;: x &amp; y</bdi>" in page
    document = docx.Document(io.BytesIO(note_docx(note)))
    assert any("own id: =77. page: 5. " in paragraph.text for paragraph in _paragraphs(document))
    assert "https://e.example/1" in {rel.target_ref for rel in document.part.rels.values() if rel.is_external}


def _paragraphs(document: Any) -> Iterator[Any]:
    yield from document.paragraphs
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "https://a@b.example/", "kein Link"])
def test_what_is_no_web_address_is_no_link(address: str) -> None:
    note = note_of({"url": address})
    made = analysis({"url": address})
    for page in (note_page(note), rendered(made, "html")):
        assert f'href="{address}"' not in page
    assert f"<{address}>" not in note_markdown(note) + rendered(made, "md")


def test_an_article_shows_its_link_and_what_came_with_it() -> None:
    made = analysis(OWN)
    assert 'own id: =77 · page: 5 · a"\\<b>: x & y · <https://e.example/1>' in rendered(made, "md")
    page = rendered(made, "html")
    assert '<a href="https://e.example/1" rel="noreferrer noopener nofollow">https://e.example/1</a>' in page
    assert "<dt>own id</dt><dd><bdi>=77</bdi></dd>" in page
    assert "<dt>a&#34;&lt;b&gt;</dt><dd><bdi>x &amp; y</bdi></dd>" in page


def test_an_address_that_is_the_source_stands_once() -> None:
    made = analysis({"url": OWN["url"]})
    made = made.model_copy(update={"article": made.article.model_copy(update={"source": OWN["url"]})})
    assert rendered(made, "md").count("e.example/1") == 1


def test_results_join_the_table_they_came_from(tmp_path: Path) -> None:
    """As a user would: articles out of a database, claims back into it, by the user's own id."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE articles (id TEXT PRIMARY KEY, ressort TEXT, inhalt TEXT)")
    rows = [(f"k-{n}", f"R{n}", f"Die Stadt Beispielort baut {n} neue Radwege in der Innenstadt.") for n in (4, 5, 6)]
    database.executemany("INSERT INTO articles VALUES (?, ?, ?)", rows)
    with (tmp_path / "out.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("id", "ressort", "inhalt"))
        out.writerows(database.execute("SELECT * FROM articles"))

    read = list(iter_articles(tmp_path / "out.csv", lang_check=False))
    made = [analysis({}).model_copy(update={"article": article}) for article in read]
    write_all(made, tmp_path / "claims.csv", "csv")
    with (tmp_path / "claims.csv").open(encoding="utf-8-sig", newline="") as file:
        claims = [(row["own_id"], row["claim"], row["metadata"]) for row in csv.DictReader(file)]
    database.execute("CREATE TABLE claims (own_id TEXT, claim TEXT, metadata TEXT)")
    database.executemany("INSERT INTO claims VALUES (?, ?, ?)", claims)
    joined = database.execute(
        "SELECT articles.id, articles.ressort, json_extract(claims.metadata, '$.ressort'), claims.claim "
        "FROM articles JOIN claims ON claims.own_id = articles.id ORDER BY articles.id"
    )
    assert list(joined) == [(f"k-{n}", f"R{n}", f"R{n}", "It holds.") for n in (4, 5, 6)]
    write_all(made, tmp_path / "out.jsonl", "jsonl")
    stored = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["own_id"], row["metadata"]["ressort"]) for row in stored] == [
        (key, ressort) for key, ressort, _ in rows
    ]


def test_an_address_that_is_none_is_no_link_and_nothing_is_printed_where_nothing_came() -> None:
    assert "url" not in json.loads(claim_jsonld(analysis({"url": "javascript:alert(1)"})))["@graph"][0]
    assert '"metadata"' not in analysis({}).model_dump_json()
