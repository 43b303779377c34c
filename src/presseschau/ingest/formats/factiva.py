"""Exports of Factiva: articles as HTML, as displayed text, and with the two-letter tags of its "indexing" display.

Layouts as libraries describe them: https://cran.r-project.org/package=tm.plugin.factiva.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from presseschau.ingest.dates import moment
from presseschau.ingest.document import Item, ReadOptions, Skipped
from presseschau.ingest.formats.press_export import Around, Bounded, export_item, lines_of, paragraphs
from presseschau.ingest.formats.tables import text_lines

_INDEXED = re.compile(r"<div[^>]{0,80}\bclass=[\"']article \w\wArticle[\"']", re.IGNORECASE)
_ARTICLE = re.compile(r"<div[^>]{0,80}\bid=[\"']article-([A-Z0-9]{6,}\w*)[\"']", re.IGNORECASE)
_END = re.compile(r"\s*(?:AN\s+)?(?:Document|Dokument)\s+([A-Z]{2,10}0\d{8,30}[0-9a-z]{2,})\s*$")
_TAGS = (
    "SE", "HD", "BY", "CR", "WC", "PD", "ET", "SN", "SC", "NGC", "GC", "ED", "PG", "VOL", "LA", "CY", "LP", "TD", "ART",
    "CO", "IN", "NS", "RE", "IPC", "IPD", "PUB", "AN", "CT", "RF", "CX",
)  # fmt: skip
_TAG = re.compile(rf"({'|'.join(_TAGS)})(?:[ \t]{{2,}}(.*)|\s*)$")
_WORDS = re.compile(r"\d[\d.,]*\s+(?:words|Wörter|Wort|mots|palabras)$")
_CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?(?: [A-Z]{2,4})?$")
_CODE = re.compile(r"[A-Z0-9]{2,10}$")
_PAGE = re.compile(r"[A-Z]{0,3}\d{1,4}(?:[-/,]\d{1,4})*[A-Z]?$")
_LANGUAGE = re.compile(r"(?:German|Deutsch|English|Englisch|French|Französisch|Italian|Italienisch|Spanish|Spanisch)$")
_RIGHTS = re.compile(r"(?:Copyright|©|\(c\))\s?", re.IGNORECASE)
_WRITER = re.compile(r"(?:(?:Von|By)\s+)?[A-ZÄÖÜ][\w.-]+(?:,? (?:und )?[A-ZÄÖÜ][\w.-]+){1,5}$")
_CREDIT = 80
"""Characters: a shorter paragraph below the text that ends no sentence is a credit."""


def read_factiva_html(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of an HTML export, one in memory at a time; their sources are `source#1` onwards."""
    number = 0
    cover = Around()
    for markup in _pieces(stream, options, cover):
        number += 1
        yield _of_html(markup, f"{source}#{number}")
    if number:
        yield from cover.item(source, "The cover")
    else:
        yield Skipped(source, "empty", "The export holds no article.")


def _pieces(stream: BinaryIO, options: ReadOptions, cover: Around) -> Iterator[str]:
    """The markup of each article, from one beginning to the next."""
    held = Bounded()
    begun = False
    mark: re.Pattern[str] | None = None
    for line in text_lines(stream, options):
        if mark is None:
            mark = next((one for one in (_ARTICLE, _INDEXED) if one.search(line)), None)
        at = 0
        for found in mark.finditer(line) if mark else ():
            held.add(line[at : found.start()])
            markup, at = "".join(held.taken()), found.start()
            if begun:
                yield markup
            else:
                cover.add(*_of_cover(markup))
            begun = True
        held.add(line[at:])
    if begun:
        yield "".join(held.taken())


def _of_cover(markup: str) -> list[str]:
    """The text in what stands before the first article, without head and scripts."""
    return re.sub(r"(?is)<(head|style|script)\b.*?</\1>|<!--.*?-->|<[^>]*>", "\n", markup).split("\n")


def _of_html(markup: str, source: str) -> Item:
    from lxml import html  # type: ignore[import-untyped]

    tree = html.fromstring(
        markup.encode(errors="replace"), parser=html.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    )
    if rows := [row for row in tree.iter("tr") if _TAG.match(_text(row[0]) if len(row) > 1 else "")]:
        return _tagged([line for row in rows for line in _of_row(row)], source)
    body: list[str] = []
    beside: list[tuple[str, str]] = []
    before: list[str] = []
    after: list[str] = []
    headline = author = number = ""
    for node in tree.iter("div", "span", "p", "pre"):
        marks = str(node.get("class", "")).split()
        text = _text(node)
        if not text:
            continue
        if any(mark.endswith("Headline") for mark in marks):
            headline = headline or text
        elif "author" in marks:
            author = author or text
        elif found := _END.match(text):
            number = found[1]
            beside.append(("label", text))
        elif node.tag in ("p", "pre") and not node.xpath("ancestor::p"):
            body.append(
                text if any("articleParagraph" in mark for mark in marks) or len(text) >= _CREDIT else f"\0{text}"
            )
        elif node.tag == "div" and node.find("div") is None and node.find(".//p") is None and node.get("id") != "hd":
            (after if headline else before).append(text)
    while body and body[-1].startswith("\0") and not body[-1].endswith((".", "!", "?", "“", '"')):
        beside.insert(0, ("credit", body.pop()[1:]))
    if not author and len(after) > 1 and _WORDS.match(after[1]) and _WRITER.match(after[0]):
        author = after.pop(0)
    metadata, labels = _head(before, after)
    metadata |= {"headline": headline, "author": author, "id": number}
    return export_item(source, metadata, "", [text.removeprefix("\0") for text in body], [*labels, *beside])


def _of_row(row: Any) -> Iterator[str]:
    """The lines of a field in the display with tags: its tag, and each of its paragraphs."""
    yield _text(row[0])
    for part in row[1].findall(".//p") or [row[1]]:
        yield from (_text(part), "")


def _text(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def _head(before: list[str], after: list[str]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """What the lines around the headline say, by their place: words, date, outlet, code, page, language, rights."""
    metadata = {"section": "; ".join(before)}
    at = next((n for n, line in enumerate(after) if _WORDS.match(line)), -1)
    labels = [("label", line) for line in after[: at + 1]]
    rest = after[at + 1 :]
    if rest and moment(rest[0]):
        clock = rest[1] if len(rest) > 1 and _CLOCK.match(rest[1]) else ""
        metadata["published"] = moment(f"{rest[0]} {clock}")
        rest = rest[2 if clock else 1 :]
    if rest and not _RIGHTS.match(rest[0]):
        metadata["outlet"] = rest.pop(0)
    for line in rest:
        if _RIGHTS.match(line):
            labels.append(("rights", line))
        elif _PAGE.match(line) and "page" not in metadata:
            metadata["page"] = line
        elif _CODE.match(line) or _LANGUAGE.match(line):
            labels.append(("label", line))
        else:
            metadata["edition"] = "; ".join(filter(None, (metadata.get("edition"), line)))
    return metadata, labels


def read_factiva(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of a text export, displayed or with tags; their sources are `source#1` onwards."""
    yield from factiva_items(lines_of(stream, options), source)


def factiva_items(lines: Iterable[str], source: str) -> Iterator[Item]:
    """The documents in the lines of an export."""
    held = Bounded()
    number = 0
    seen: set[str] = set()
    for line in lines:
        if found := _TAG.match(line.rstrip()):
            if found[1] in ("SE", "HD") and "HD" in seen and seen & {"LP", "TD"}:  # the one before has no number
                number, seen = number + 1, set()
                yield _of_text(held.taken(), f"{source}#{number}")
            seen.add(found[1])
        held.add(line)
        if _END.match(line):
            number, seen = number + 1, set()
            yield _of_text(held.taken(), f"{source}#{number}")
    rest = held.taken()
    tags = {found[1] for line in rest if (found := _TAG.match(line.strip()))}
    if {"HD", "PD"} <= tags or (number == 0 and any(line.strip() for line in rest)):
        yield _of_text(rest, f"{source}#{number + 1}")


def _of_text(lines: list[str], source: str) -> Item:
    tags = {found[1] for line in lines if (found := _TAG.match(line.rstrip()))}
    return _tagged(lines, source) if {"HD", "PD"} <= tags else _displayed(lines, source)


def _tagged(lines: list[str], source: str) -> Item:
    """An article whose every field begins with its tag."""
    fields: dict[str, list[str]] = {"": []}
    tag = ""
    for line in lines:
        if (found := _TAG.match(line.rstrip())) and (found[1] not in fields or found[1] == "AN"):
            tag = found[1]
            fields[tag] = [found[2] or ""]
        else:
            fields[tag].append(line)

    def said(name: str) -> str:
        return " ".join(" ".join(fields.get(name, ())).split())

    number = _END.match(said("AN"))
    metadata = {
        "headline": said("HD"), "published": moment(f"{said('PD')} {said('ET')}"), "outlet": said("SN"),
        "author": said("BY"), "section": said("SE") or said(""), "edition": said("ED"), "page": said("PG"),
        "id": number[1] if number else said("AN"),
    }  # fmt: skip
    body = [*paragraphs(fields.get("LP", ())), *paragraphs(fields.get("TD", ())), *paragraphs(fields.get("ART", ()))]
    used = ("", "HD", "PD", "ET", "SN", "BY", "SE", "ED", "PG", "LP", "TD", "ART")
    beside = [
        ("rights" if name == "CY" else "credit" if name == "CR" else "label", f"{name} {said(name)}")
        for name in fields
        if name not in used and said(name)
    ]
    return export_item(source, metadata, "", body, beside)


def _displayed(lines: list[str], source: str) -> Item:
    """An article as it is shown: section, headline, author, words and so on, a line each, down to the rights."""
    filled = [line.strip() for line in lines if line.strip()]
    number = _END.match(filled[-1]) if filled else None
    words = next((n for n, line in enumerate(filled) if _WORDS.match(line)), None)
    if words is None:
        return Skipped(source, "format", "This article of the export has no line with the number of its words.")
    rights = next((n for n, line in enumerate(filled) if n > words and _RIGHTS.match(line)), words + 5)
    above = filled[:words]
    author = above.pop() if len(above) > 1 and (len(above) > 2 or _WRITER.match(above[-1])) else ""
    headline = above.pop() if above else ""
    metadata, labels = _head(above, filled[words : rights + 1])
    metadata |= {"headline": headline, "author": author, "id": number[1] if number else ""}
    last = lines.index(next(line for line in lines if line.strip() == filled[rights])) if rights < len(filled) else 0
    body = paragraphs(lines[last + 1 :])
    beside = [("label", body.pop())] if number and body else []
    return export_item(source, metadata, "", body, [*labels, *beside])
