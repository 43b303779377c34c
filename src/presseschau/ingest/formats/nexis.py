"""Exports of Nexis, as HTML and as text, and of Nexis Uni: every document between its marks is an article.

Layouts as libraries describe them: https://cran.r-project.org/package=tm.plugin.lexisnexis (HTML, labels in three
languages) and https://cran.r-project.org/package=LexisNexisTools (TXT and DOCX).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import BinaryIO

from presseschau.ingest.dates import moment
from presseschau.ingest.document import Item, ReadOptions, Skipped
from presseschau.ingest.formats.press_export import (
    Around,
    Bounded,
    export_item,
    html_lines,
    lines_of,
    page_in,
    paragraphs,
)

_START = re.compile(
    r"\s*(?:\d+ of \d+ DOCUMENTS?|(?:Dokument|Document) \d+ (?:von|de) \d+|\d+ von \d+ Dokumenten?)\s*$"
)
_END = re.compile(r"\s*(?:End of Document|Ende des Dokuments|Dokumentende)\s*$")
_BODY = re.compile(r"(?:Body|Haupttext|Volltext)$")
_HEAD = {
    "AUTOR": "author", "AUTOREN": "author", "BYLINE": "author", "AUTEUR": "author", "RUBRIK": "section",
    "SECTION": "section", "RUBRIQUE": "section", "LÄNGE": "length", "LENGTH": "length", "LONGUEUR": "length",
    "HEADLINE": "headline", "BODY": "body", "HIGHLIGHT": "lead", "ENCART": "lead", "DATELINE": "place",
    "SERIE": "series", "SERIES": "series",
}  # fmt: skip
_TAIL = frozenset((
    "UPDATE", "LOAD-DATE", "SPRACHE", "LANGUAGE", "LANGUE", "GRAFIK", "GRAPHIC", "PUBLICATION-TYPE", "ZEITUNGS-CODE",
    "JOURNAL-CODE", "PUB-TYPE", "DOCUMENT-TYPE", "SUBJECT", "THEMA", "COMPANY", "FIRMA", "ORGANIZATION", "ORGANISATION",
    "PERSON", "TICKER", "INDUSTRY", "BRANCHE", "GEOGRAPHIC", "COUNTRY", "LAND", "STATE", "CITY", "URL", "ACC-NO",
    "ISSN", "CLASSIFICATION", "NOTES", "CORRECTION-DATE", "TYPE", "DISTRIBUTION", "PUBLIKATIONSTYP", "DATE-CREATED",
))  # fmt: skip
_LABEL = re.compile(r"([A-ZÄÖÜ][A-Za-zÄÖÜäöüß]*(?:-[A-Z][A-Za-z]*)*):\s*(.*)", re.DOTALL)
_CAPITALS = re.compile(r"[A-ZÄÖÜÉÈ]{4,}(?:-[A-ZÄÖÜÉÈ]+)*:\s*\S")
"""A label of whatever language, once known ones follow it."""
_RIGHTS = re.compile(r"(?:Copyright|©|\(c\))\s|Alle Rechte vorbehalten|All Rights Reserved|Tous Droits", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*(https?://\S+)\s*$")
_EDITION = re.compile(r"(?:\w+[ -])?(?:\w*ausgabe|Edition)\b[^.?!]{0,40}$", re.IGNORECASE)
_MONTH = re.compile(r"[A-ZÄ][a-zä]{2,8}(?:[/-][A-ZÄ][a-zä]{2,8})? (?:19|20)\d\d$")
_DATE_LENGTH, _DATE_WITHIN = 70, 5


def read_nexis(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of a text export; their sources are `source#1` onwards."""
    yield from nexis_items(lines_of(stream, options), source)


def read_nexis_html(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of an HTML export; their sources are `source#1` onwards."""
    yield from nexis_items(html_lines(stream, options), source)


def is_end(line: str) -> bool:
    """Does an article of Nexis Uni end with this line?"""
    return _END.match(line) is not None


def nexis_items(lines: Iterable[str], source: str) -> Iterator[Item]:
    """The documents in the lines of an export, one in memory at a time. What stands before the first is its cover."""
    held = Bounded()
    cover = Around()
    number = 0
    begun = False
    for line in lines:
        starts, ends = _START.match(line), _END.match(line)
        if not starts and not ends:
            held.add(line)
            continue
        segment = held.taken()
        if (begun or ends) and any(part.strip() for part in segment):
            number += 1
            yield _item(segment, f"{source}#{number}")
        else:
            cover.add(*segment)
        begun = bool(starts)
    segment = held.taken()
    if begun or any(_BODY.match(line.strip()) for line in segment):
        number += 1
        yield _item(segment, f"{source}#{number}")
    else:
        cover.add(*segment)
    if number:
        yield from cover.item(source, "The cover")
    else:
        yield Skipped(source, "empty", "The export holds no article.")


def _item(lines: list[str], source: str) -> Item:
    stripped = [line.strip() for line in lines]
    at = next((n for n, line in enumerate(stripped) if _BODY.match(line)), None)
    return _classic(paragraphs_of(lines), source) if at is None else _uni(stripped, at, source)


def paragraphs_of(lines: list[str]) -> list[str]:
    """As `paragraphs`, but the lines of the head (before the length) keep their ends: outlet, date and edition may
    stand in lines of one block."""
    at = next((n for n, line in enumerate(lines) if _label(line.strip())), 0)
    head = "\n".join(" ".join(line.split()) for line in lines[:at])
    return [block for block in re.split(r"\n\n+", head.strip("\n")) if block] + paragraphs(lines[at:])


def _label(block: str) -> tuple[str, str] | None:
    """Label and value of a block that begins with a known one."""
    found = _LABEL.match(block)
    name = found[1].upper() if found else ""
    if found is None or not (name in _HEAD or name in _TAIL) or (found[1] != name and "-" not in name):
        return None
    return name, found[2].strip()


def _classic(blocks: list[str], source: str) -> Item:
    """An article under its number: outlet, date, headline, labels, text, labels, rights."""
    metadata: dict[str, str] = {}
    beside: list[tuple[str, str]] = []
    first = next((n for n, block in enumerate(blocks) if _label(block)), None)
    lines = [block.split("\n") for block in (blocks[:first] if first is not None else blocks[:3])]
    beside += [("rights", line) for block in lines for line in block if _RIGHTS.match(line)]
    head = ["\n".join(line for line in block if not _RIGHTS.match(line)) for block in lines]
    head = [block for block in head if block]
    at = next((n for n, block in enumerate(head[:_DATE_WITHIN]) if _is_date(block)), None)
    if at is not None:
        day, _, edition = head[at].partition("\n")
        metadata |= {"published": moment(day), "edition": edition.replace("\n", "; ")}
        above, titles = head[:at], head[at + 1 :]
        if len(titles) > 1 and _EDITION.match(titles[0]):
            metadata["edition"] = "; ".join(filter(None, (metadata["edition"], titles.pop(0).replace("\n", "; "))))
    else:
        above, titles = (head[:1], head[1:]) if len(head) > 1 else ([], head)
    metadata["outlet"] = above[0].replace("\n", " ") if above else ""
    beside += [("label", block) for block in above[1:]]
    metadata["headline"] = titles[0].replace("\n", " ") if titles else ""
    body = [block.replace("\n", " ") for block in titles[1:]]
    lead = ""
    rest = blocks[first:] if first is not None else blocks[3:]
    labels = list(takewhile(lambda pair: pair[1] and pair[1][0] in _HEAD, ((block, _label(block)) for block in rest)))
    for block, label in labels:
        kind, value = (_HEAD[label[0]], label[1]) if label else ("length", "")
        if kind == "lead":
            lead = value
        elif kind == "body":
            body.append(value)
        elif kind != "length":
            metadata[kind] = value
        else:
            beside.append(("label", block))
    rest = rest[len(labels) :]
    if address := _ADDRESS.search(lead):
        metadata["url"], lead = address[1], lead[: address.start()]
    end = next((n for n, block in enumerate(rest) if _ends(block)), len(rest))
    while 0 < end < len(rest) and _CAPITALS.match(rest[end - 1]):
        end -= 1
    body += rest[:end]
    beside += [("rights" if _RIGHTS.match(block) else "label", block) for block in rest[end:]]
    metadata["page"], metadata["section"] = page_in(metadata.get("section", ""))
    return export_item(source, metadata, lead, body, beside)


def _is_date(block: str) -> bool:
    day = block.partition("\n")[0]
    return len(day) <= _DATE_LENGTH and (bool(moment(day)) or _MONTH.match(day) is not None) and not _label(block)


def _ends(block: str) -> bool:
    """Does what stands behind the text begin here? An update within the text has no date behind its label."""
    label = _label(block)
    if label and label[0] in _TAIL:
        return label[0] not in ("UPDATE", "THEMA", "PERSON", "LAND", "NOTES", "TYPE") or bool(moment(label[1]))
    return _RIGHTS.match(block) is not None and len(block) < 200


_UNI_LABEL = re.compile(
    r"(Section|Length|Byline|Dateline|Highlight|Rubrik|Länge|Autor|Series|Correction)\s*:\s*(.*)", re.DOTALL
)
_UNI_TAIL = re.compile(
    r"(?:Load-Date|Graphic|Grafik|Classification|Language|Publication-Type|Subject|Company|Industry|Geographic|Ladedatum|"
    r"Notes|Correction-Date|Organization|Person|Journal Code|URL)\s*(?::.*)?$"
)


def _uni(lines: list[str], at: int, source: str) -> Item:
    """An article above and below the word Body: headline, outlet, date, rights, labels; text; labels."""
    metadata: dict[str, str] = {}
    beside: list[tuple[str, str]] = []
    lead = ""
    head: list[str] = []
    for line in filter(None, lines[:at]):
        label = _UNI_LABEL.match(line)
        if label is None:
            (beside if _RIGHTS.match(line) else head).append(("rights", line) if _RIGHTS.match(line) else line)  # type: ignore[arg-type]
        elif label[1] in ("Section", "Rubrik"):
            metadata["page"], metadata["section"] = page_in(label[2])
        elif label[1] in ("Byline", "Autor"):
            metadata["author"] = label[2]
        elif label[1] == "Dateline":
            metadata["place"] = label[2]
        elif label[1] == "Highlight":
            lead = label[2]
        else:
            beside.append(("label", line))
    day = next((n for n in reversed(range(len(head))) if n and _is_date(head[n])), None)
    if day is not None:
        metadata["published"], metadata["outlet"] = moment(head[day]), head[day - 1]
        metadata["headline"] = head[day - 2] if day > 1 else ""
        metadata["edition"] = "; ".join(head[day + 1 :])
        beside += [("cover", line) for line in head[: max(0, day - 2)]]
    elif head:
        metadata["headline"], metadata["outlet"] = head[0], " ".join(head[1:2])
    body = list(filter(None, lines[at + 1 :]))
    end = next((n for n, line in enumerate(body) if _UNI_TAIL.match(line)), len(body))
    beside += [("label", line) for line in body[end:]]
    return export_item(source, metadata, lead, body[:end], beside)
