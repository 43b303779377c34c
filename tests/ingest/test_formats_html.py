"""Saved pages in the layouts of German publishers: exactly the article, and JSON-LD that disagrees is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from presseschau.ingest.article import read_article
from presseschau.ingest.formats.html import declared_charset, read_page
from presseschau.ingest.reading import read_document
from presseschau.ingest.sources import Document, Skipped

PAGES = Path(__file__).resolve().parents[2] / "fixtures" / "ingest" / "html"
EXPECTED: dict[str, dict[str, Any]] = json.loads((PAGES / "expected.json").read_text(encoding="utf-8"))


def page(name: str) -> Document:
    document = read_page((PAGES / f"{name}.html").read_bytes(), name)
    assert isinstance(document, Document)
    return document


@pytest.mark.parametrize("name", EXPECTED)
def test_page_gives_exactly_the_article(name: str) -> None:
    expected = EXPECTED[name]
    blocks = [expected["topic"], expected["headline"], expected["lead"], *expected["body"]]
    assert (page(name).text or "").split("\n\n") == [block for block in blocks if block]


@pytest.mark.parametrize("name", EXPECTED)
def test_page_gives_its_metadata(name: str) -> None:
    metadata = page(name).metadata
    for key in ("headline", "topic", "published", "author", "outlet"):
        assert metadata.get(key, "") == EXPECTED[name][key], key


@pytest.mark.parametrize("name", EXPECTED)
def test_disagreement_of_page_and_jsonld_is_found(name: str) -> None:
    found = [finding.code for finding in page(name).findings]
    assert ("input.jsonld" in found) is EXPECTED[name]["disagrees"]
    assert ("input.incomplete" in found) is (name == "angerissen")


def test_half_a_character_in_jsonld_or_metadata_is_none() -> None:
    text = "Die Regierung hat am Montag in Berlin die Steuern gesenkt. Das sagte der Minister am Abend im Bundestag."
    said = {"@type": "NewsArticle", "headline": "Steuern \ud800", "publisher": "Bl\udcfcatt", "articleBody": text}
    page = f'<html><script type="application/ld+json">{json.dumps(said)}</script><body><h1>Steuern</h1></body></html>'
    document = read_page(page.encode(), "page.html")
    assert isinstance(document, Document)
    article = read_document(document)
    assert (article.outlet, "Bl\ufffdatt" in article.model_dump_json()) == ("Bl\ufffdatt", True)
    given = read_article(text, source="\udce4", metadata={"author": "A\udfff B"})
    assert (given.source, given.author) == ("\\xe4", "A\ufffd B")


def test_body_that_only_the_jsonld_has_is_used_and_reported() -> None:
    article = {"@type": "NewsArticle", "headline": "Rat kürzt", "articleBody": "Der Rat kürzt.\nDas gilt ab Mai."}
    markup = (
        '<html lang="de"><head><script type="application/ld+json">'
        + json.dumps({"@graph": [{"@type": "WebSite", "name": "x"}, article]})
        + "</script></head><body><h1>Rat kürzt</h1><div id='app'></div></body></html>"
    )
    document = read_page(markup.encode(), "x")
    assert isinstance(document, Document)
    assert document.text == "Rat kürzt\n\nDer Rat kürzt.\n\nDas gilt ab Mai."
    assert [finding.code for finding in document.findings] == ["input.jsonld"]


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        (b'<meta charset="ISO-8859-1">', "ISO-8859-1"),
        (b"<meta http-equiv='Content-Type' content='text/html; charset=windows-1252'>", "windows-1252"),
        (b'<?xml version="1.0" encoding="utf-8"?>', "utf-8"),
        (b"<html><p>charset=x</p>", None),
    ],
)
def test_declared_charset(head: bytes, charset: str | None) -> None:
    assert declared_charset(head) == charset


@pytest.mark.parametrize(
    "markup", [b"", b"<html></html>", b"<p>", b"\x00\x01", b"<html><body><nav>Start</nav></body></html>"]
)
def test_page_without_an_article_is_skipped(markup: bytes) -> None:
    assert isinstance(read_page(markup, "x"), Skipped)


@pytest.mark.parametrize(("at", "times"), [(4, 1), (5, 2)])
def test_what_is_printed_twice_is_read_once_at_the_top_of_a_page(at: int, times: int) -> None:
    said = [f"Der Landrat hat im Kreistag zum {n}. Mal über die Brücke von Holmstedt gesprochen." for n in range(9)]
    said[at] = said[0]
    body = "".join(f"<p>{text}</p>" for text in said)
    read = read_page(f"<article><h1>Die Brücke bleibt gesperrt</h1>{body}</article>".encode(), "x")
    assert isinstance(read, Document)
    assert (read.text or "").count(said[0]) == times
