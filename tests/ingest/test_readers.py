"""Feeds, agency material, press exports, mail: each article with its own metadata, and nothing else among its
sentences. `fixtures/ingest/readers/README.md` says where the files come from. Of each format there is a second export,
written before its reader was read (`tests/second_exports.py`; `tests/measure/second_exports.py` prints the shares).
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from presseschau.errors import InputError, SeveralError
from presseschau.ingest import Document, ReadOptions, Skipped, iter_articles, iter_documents, read, read_document
from presseschau.ingest.document import Item
from presseschau.models import Article
from second_exports import exports

FILES = Path(__file__).resolve().parents[2] / "fixtures" / "ingest" / "readers"
EXPECTED: dict[str, list[dict[str, Any]]] = json.loads((FILES / "expected.json").read_text("utf-8"))
LABEL = re.compile(
    r"<[/!?]?\w|&\w+;|=[0-9A-F]{2}\b|^\W*(?:[A-ZÄÖÜ-]{4,}(?=:)|Load-Date|Length|Section|Byline|Quelle|Ressort|Ausgabe|"
    r"Seite \d+ von|Dokument(?:nummer)?|Document|Copyright|https?:|Subject|Content-\w+|Body|Alle Rechte)\b[:\s]"
)


def shown(found: Article | Skipped) -> dict[str, Any]:
    """What is compared of an article."""
    source = found.source.replace(str(FILES), "")
    if isinstance(found, Skipped):
        return {"source": source, "skipped": found.reason}
    head = {name: getattr(found, name) for name in ("headline", "published", "updated", "outlet", "author", "agency")}
    return {
        "source": source,
        **{name: value for name, value in head.items() if value},
        "metadata": found.metadata,
        "sentences": [f"{sentence.role}: {sentence.text}" for sentence in found.sentences],
        "beside": [f"{dropped.reason}: {dropped.text}" for dropped in found.dropped],
        "findings": [finding.code for finding in found.findings if finding.code != "input.short"],
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_each_article_is_read_with_what_is_its_own(name: str) -> None:
    assert [shown(found) for found in iter_articles(FILES / name)] == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_no_label_or_tag_is_a_sentence_and_offsets_hold(name: str) -> None:
    for article in iter_articles(FILES / name):
        if isinstance(article, Skipped):
            continue
        for sentence in article.sentences:
            found = LABEL.search(sentence.text)
            assert not found or ("-layout" in name and ":" in found[0])  # their words are scrambled
        for piece in (*article.sentences, *article.dropped, *article.kept):
            assert article.text[piece.start : piece.end] == piece.text


@pytest.mark.parametrize("ending", [".html", ".json", ".gz"])
@pytest.mark.parametrize("name", EXPECTED)
def test_a_renamed_file_is_read_the_same(tmp_path: Path, name: str, ending: str) -> None:
    data = (FILES / name).read_bytes()
    path = tmp_path / f"a{ending}"
    path.write_bytes(gzip.compress(data) if ending == ".gz" else data)
    found = [shown(one) for one in iter_articles(path)]
    for one, wanted in zip(found, EXPECTED[name], strict=True):
        assert {**one, "source": ""} == {**wanted, "source": ""}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_cut_anywhere_never_fails(name: str) -> None:
    data = (FILES / name).read_bytes()
    for at in range(1, len(data), max(1, len(data) // 11)):
        for item in iter_documents("-", stdin=io.BytesIO(data[:at])):
            assert item.source


def test_one_of_several_is_taken_by_number_id_or_link() -> None:
    path = FILES / "rss.xml"
    with pytest.raises(SeveralError, match="2 articles: #1 Bahn streicht Züge; #2 Kiel baut Brücke"):
        read(path)
    second = read(path, article="2")
    for name in ("#2", f"{path}#2", "https://example.org/2", second.id, second.id[:12]):
        assert read(path, article=name) == second
    with pytest.raises(SeveralError, match="holds no article '7'"):
        read(path, article="7")
    assert second.headline
    assert read(path, article=second.headline[:12]) == second


def test_one_of_an_archive_is_taken_by_number_or_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("eins.txt", "zwei.txt"):
            archive.writestr(name, f"Der Rat tagte am Montag lange und sprach über {name}.")
    second = read(tmp_path / "a.zip", article="2")
    assert second.source.endswith("!zwei.txt")
    assert read(tmp_path / "a.zip", article="zwei.txt") == second


def test_one_of_a_folder_is_taken_by_the_name_that_is_shown(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("eins.txt", "zwei.txt", "sub/zwei.txt"):
        (tmp_path / name).write_text(f"Der Rat tagte am Montag lange und sprach über {name}.")
    with pytest.raises(SeveralError, match=r"3 articles: eins\.txt; zwei\.txt; sub/zwei\.txt\."):
        read(tmp_path)
    for name in ("eins.txt", "sub/zwei.txt", str(tmp_path / "zwei.txt")):
        assert read(tmp_path, article=name).source.endswith(name)
    with pytest.raises(SeveralError, match="Several articles"):
        read(tmp_path, article="zwei.txt")


def test_an_article_that_is_named_and_cannot_be_read_says_why(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Der Rat tagte am Montag lange."}\n{"foo": "bar"}\n{"url": "https://a.example/"}\n')
    with pytest.raises(InputError, match=r"a\.jsonl#2: No field is known to hold the text; the fields are: foo"):
        read(path, article="2")
    with pytest.raises(InputError, match=r"a\.jsonl#3: Only its address is given"):
        read(path, article="#3")
    assert SeveralError.exit_code == 2


@pytest.mark.parametrize(
    ("said", "outlet", "published", "page"),
    [
        ("Süddeutsche Zeitung vom 23.11.2026, S. 5", "Süddeutsche Zeitung", "2026-11-23", "5"),
        ("Süddeutsche Zeitung v. 23.11.2026 S. 5", "Süddeutsche Zeitung", "2026-11-23", "5"),
        ("Welt am Sonntag, 22.11.2026, Nr. 47, S. 5", "Welt am Sonntag", "2026-11-22", "5"),
        ("taz, den 23.11.26", "taz", "2026-11-23", None),
        ("DER SPIEGEL vom 23. November 2026, Seite 12", "DER SPIEGEL", "2026-11-23", "12"),
        ("Handelsblatt Nr. 226 vom 23.11.2026 Seite 004", "Handelsblatt", "2026-11-23", "004"),
        ("Der Tagesspiegel VOM 12.03.2017 SEITE B02", "Der Tagesspiegel", "2017-03-12", "B02"),
        ("FOCUS-MONEY; 14.03.2018; Ausgabe 12; Seite 8-9", "FOCUS-MONEY", "2018-03-14", "8-9"),
        ("Kieler Nachrichten, S. 3", "Kieler Nachrichten", None, "3"),
        ("Musterdienst", "Musterdienst", None, None),
    ],
)
def test_source_lines_of_wiso(said: str, outlet: str, published: str | None, page: str | None) -> None:
    text = f"Rat tagt\n\nQuelle: {said}\nDokumentnummer: 1\n\nDer Rat hat am Montag lange getagt, wie es hieß.\n"
    (found,) = iter_articles_of(text)
    assert (found.outlet, found.published, found.metadata.get("page")) == (outlet, published, page)


def iter_articles_of(text: str) -> list[Article]:
    documents = [item for item in iter_documents("-", stdin=io.BytesIO(text.encode())) if isinstance(item, Document)]
    return [read_document(document, lang_check=False) for document in documents]


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LINES = (
    "Documents (2)", "1. Hafen wächst", "Client/Matter: -None-", "2. Fähre fährt", "Hafen wächst", "Elbe-Kurier",
    "4. November 2026 Mittwoch", "Copyright 2026 Elbe GmbH", "Section: LOKALES; S. 7", "Length: 12 words",
    "Byline: Von Kim Muster", "Body", "Der Hafen wächst um zwölf Hektar.", "Das teilte die Stadt mit.",
    "Load-Date: November 5, 2026", "End of Document", "Fähre fährt", "Elbe-Kurier", "5. November 2026 Donnerstag",
    "Length: 5 words", "Body", "Die Fähre fährt seit Mittwoch wieder.", "End of Document",
)  # fmt: skip


def word(lines: Sequence[str]) -> bytes:
    """A Word file with these paragraphs, as its description says (ECMA-376)."""
    runs = "".join(f"<w:p><w:r><w:t>{line[:3]}</w:t></w:r><w:r><w:t>{line[3:]}</w:t></w:r></w:p>" for line in lines)
    removed = "<w:p><w:del><w:r><w:delText>Gestrichen</w:delText></w:r></w:del></w:p>"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{runs}{removed}</w:body></w:document>'
        )
    return data.getvalue()


def test_word_files_and_what_nexis_uni_exports_as_such() -> None:
    first, second = (read_document(item) for item in items_of(word(LINES)) if isinstance(item, Document))
    assert (first.headline, first.outlet, first.published) == ("Hafen wächst", "Elbe-Kurier", "2026-11-04")
    assert (first.author, first.metadata) == ("Kim Muster", {"page": "7", "section": "LOKALES"})
    assert [sentence.text for sentence in first.sentences][1:] == list(LINES[12:14])
    assert (second.headline, second.published) == ("Fähre fährt", "2026-11-05")
    (plain,) = items_of(word(["Der Rat tagt.", "Er tagt lange."]))
    assert isinstance(plain, Document)
    assert plain.text is not None
    assert plain.text.split() == ["Der", "Rat", "tagt.", "Er", "tagt", "lange."]
    assert texts(items_of(word(["x" * 1000] * 60_000))) == ["large"]


class Stream(io.RawIOBase):
    """A long stream that is made while it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self.pieces, self.held = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while len(self.held) < len(buffer) and (more := next(self.pieces, b"")):
            self.held += more
        data, self.held = self.held[: len(buffer)], self.held[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def items_of(*pieces: bytes) -> list[Item]:
    return list(iter_documents("-", stdin=io.BufferedReader(Stream(iter(pieces)))))


def rss(*texts: bytes, head: bytes = b"") -> bytes:
    items = b"".join(b"<item><title>Rat</title><description>%s</description></item>" % text for text in texts)
    return (
        b'<?xml version="1.0"?>' + head + b'<rss version="2.0"><channel><title>X</title>' + items + b"</channel></rss>"
    )


def texts(items: list[Item]) -> list[str]:
    return [item.reason if isinstance(item, Skipped) else (item.text or "") for item in items]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (rss(b"A & B", b"I <3 U", b"a\x0bb", b"a&nbsp;b", b"?a=1&b=2"), ["A & B", "I <3 U", "a b", "a b", "?a=1&b=2"]),
        (rss("für".encode("latin-1"), "Öl".encode("latin-1")), ["für", "Öl"]),
        (rss("für".encode()).decode().encode("utf-16"), ["für"]),
        (rss(b"eins", b"zwei")[:-40], ["eins", "damaged"]),
        (rss(b"&lt;div&gt;" * 5_000 + b"tief"), ["tief"]),
        (rss(b"<b>" * 5_000), ["damaged"]),
        (rss(b"eins", b"a b " * 1_200_000), ["eins", "large"]),
        (rss(), ["empty"]),
    ],
    ids=["strays", "latin-1", "utf-16", "cut", "nested markup", "nested elements", "endless", "empty"],
)
def test_damaged_and_hostile_xml(data: bytes, found: list[str]) -> None:
    assert [text.removeprefix("Rat\n\n") for text in texts(items_of(data))] == found


def test_entities_are_neither_expanded_nor_fetched() -> None:
    laughs = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    bomb = rss(b"&m; Text", head=b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">' + laughs + b"]>")
    assert sum(map(len, texts(items_of(bomb)))) < 100
    foreign = b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'
    assert texts(items_of(rss(b"&x; Text", head=foreign))) == ["Rat\n\n&x; Text"]


def test_many_items_are_read_one_by_one() -> None:
    one = rss(b"Der Rat tagt am Montag.").partition(b"<item>")
    item = b"<item>" + one[2].partition(b"</channel>")[0]
    read_so_far = 0

    def pieces() -> Iterator[bytes]:
        nonlocal read_so_far
        yield one[0]
        for _ in range(100):
            read_so_far += 100
            yield item * 100

    items = iter_documents("-", stdin=io.BufferedReader(Stream(pieces())), options=ReadOptions())
    assert next(items).source == "-#1"
    assert read_so_far <= 3_000
    assert sum(1 for _ in items) == 10_000


@pytest.mark.parametrize("name", [name for name in EXPECTED if re.search("newsml|nitf|ninjs", name)])
def test_what_is_for_editors_is_nowhere(name: str) -> None:
    data = (FILES / name).read_text("utf-8")
    notes = ("7654321", "1234567", "040 555", "999999", "888888", "Achtung", "redaktion@", "darf niemand", "intern")
    said = "".join(found.model_dump_json() for found in iter_articles(FILES / name) if isinstance(found, Article))
    assert not [note for note in notes if note in said]
    assert [note for note in notes if note in data] or name in ("nitf.xml", "ninjs.json")


def test_a_feed_is_no_article(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": (FILES / "rss.xml").read_text("utf-8")}) + "\n", "utf-8")
    with pytest.raises(InputError, match="which is not read as one text"):
        read(path)


EXPORTS = exports()


@pytest.mark.parametrize("name", EXPORTS)
def test_each_article_with_its_fields_and_nothing_else(name: str) -> None:
    data, expected = EXPORTS[name]
    items = list(iter_documents("-", stdin=io.BytesIO(data)))
    articles = [read_document(item, lang_check=False) for item in items if isinstance(item, Document)]
    assert [item.reason for item in items if not isinstance(item, Document)] == expected.get("skipped", [])
    assert len(articles) == len(expected["articles"])
    for article, wanted in zip(articles, expected["articles"], strict=True):
        assert article.headline == wanted["headline"]
        assert (article.outlet or article.agency) == wanted["outlet"]
        assert (article.published or "").startswith(wanted["published"] or "")
        assert bool(article.published) == bool(wanted["published"])
        assert names(article.author) == names(wanted["author"])
        sentences = [sentence.text for sentence in article.sentences]
        assert [part for part in wanted["has"] if not any(part in line for line in sentences)] == []
        assert [line for line in sentences if any(bad in line for bad in expected["never"])] == []


def names(author: Any) -> set[str]:
    return set((author or "").casefold().replace(" und ", ", ").split(", "))
