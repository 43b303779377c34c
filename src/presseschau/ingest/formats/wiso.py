"""Exports of WISO and GENIOS (https://www.wiso-net.de) as text: headline, source line, labels, text, rights; or, as in
their PDF files, headline and text above the source line.

A page of a PDF that became text may end within a sentence; its foot and head are taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from presseschau.ingest.dates import moment
from presseschau.ingest.document import Item, ReadOptions, Skipped
from presseschau.ingest.formats.press_export import Around, Bounded, export_item, lines_of, page_in, paragraphs
from presseschau.ingest.layout.credits import bare_names

_SOURCE = re.compile(r"\s*Quelle\s*:\s*(.*)$")
_LABEL = re.compile(
    r"\s*(Quelle|Ressort|Rubrik|Ausgabe|Autor|Autoren|Verfasser|ISSN|ISBN|Dokumentnummer|"
    r"Dauerhafte Adresse des Dokuments|Serie|Seite|Schlagwörter|Schlagworte|"
    r"Branche|Firma|Firmen|Land|Länder|Thema|Themen|Person|Personen|Region|Jahrgang|"
    r"Heft|Erscheinungsdatum|Datum|Sprache|Dokumenttyp|Sachgebiet|Medium|Wortanzahl|Wörter)\s*:\s*(.*)$"
)
_RIGHTS = re.compile(r"\s*(?:Alle Rechte vorbehalten|©.{0,3}GBI-Genios|\(c\) GBI-Genios)", re.IGNORECASE)
_FOOT = re.compile(r"\s*(?:Seite \d+ von \d+|©.{0,3}GBI-Genios.*Seite \d+ von \d+)\s*$")
_HEAD = re.compile(r"\s*Dokumente\s*$")
_CONTENTS = re.compile(r"\s*Inhaltsverzeichnis\s*$|.*(?:\.\s?){5,}\s*\d+\s*$")
_DATE = (
    r"(?:\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})\b|\d{1,2}\.\s?[A-ZÄa-zä]{3,9}\.?\s\d{4}|\d{4}-\d\d-\d\d|"
    r"\d{1,2}/\d{1,2}/\d{4}|[A-ZÄ][a-zä]{2,8}\s\d{4})"
)
_DATED = re.compile(rf"(?P<outlet>.+?)(?:[,;]?\s+(?i:vom|v\.|den|am)\s*|\s*[,;]\s*|\s+)(?P<date>{_DATE})(?P<rest>.*)$")
_NUMBER = re.compile(r"[,;]?\s*(?:Nr\.?|Heft|Jg\.?|Ausgabe)\s*[\w./-]+\s*$")
_AUTHOR = re.compile(r"(?:von|by)\s+(?=[A-ZÄÖÜ])|Autor(?:in)?:\s*", re.IGNORECASE)
_ENDS = re.compile(r"[.!?:…»“”\")]\s*$")
_LONGEST = 1_000  # characters of a label's value
_MOST_TITLES, _KICKER = 8, 3  # lines; words in capitals above a headline
_SENTENCE = 60
"""Characters from which a paragraph that ends as a sentence is text, no headline."""


def read_wiso(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of a text export, one in memory at a time; their sources are `source#1` onwards."""
    yield from wiso_items(lines_of(stream, options), source)


def wiso_items(given: Iterable[str], source: str) -> Iterator[Item]:
    """The documents in the lines of an export."""
    held = Bounded()  # above the source line, or behind it
    article: list[str] | None = None  # the lines above the source line of the article that is being read
    around = Around()
    number = 0
    for line in _without_pages(given, around):
        if _SOURCE.match(line):
            lines = held.taken()
            if article is not None:
                at = _next_at(article, lines)
                number += 1
                yield _item(article, lines[:at], f"{source}#{number}")
                lines = lines[at:]
            article = lines
        held.add(line)
    if article is not None:
        number += 1
        yield _item(article, held.taken(), f"{source}#{number}")
    yield from around.item(source, "Contents, heads and feet of pages")
    if number == 0:
        yield Skipped(source, "format", "No line in it says from which paper an article is (“Quelle: ...”).")


def _without_pages(lines: Iterable[str], around: Around) -> Iterator[str]:
    """The lines without contents and without foot and head of pages, which go `around`; a paragraph goes on behind
    these."""
    blank = 0
    last = "."
    turned = False
    for line in lines:
        if _FOOT.match(line) or _HEAD.match(line) or _CONTENTS.match(line):
            turned = True
            around.add(line)
        elif not line.strip():
            blank += 1
        else:
            if blank and (not turned or _ENDS.search(last) or _LABEL.match(line)):
                yield ""
            yield line
            blank, turned, last = 0, False, line


def _next_at(above: list[str], lines: list[str]) -> int:
    """Where in the lines from one source line to the next the next article begins: behind the rights; without them
    behind the labels if the text stood above, else at the last paragraph."""
    rights = [n for n, line in enumerate(lines) if _RIGHTS.match(line)]
    if rights:
        return rights[-1] + 1
    if _is_text(above):
        return _labels(lines)[1]
    filled = [n for n, line in enumerate(lines) if line.strip()]
    at = filled[-1] if filled else 0
    while at > 0 and lines[at - 1].strip():
        at -= 1
    return at


def _is_text(above: list[str]) -> bool:
    """Does more than a headline and a lead stand above the source line?"""
    blocks = paragraphs(above)
    return len(blocks) > 1 and any(len(block) >= _SENTENCE and _ENDS.search(block) for block in blocks)


def _labels(lines: list[str]) -> tuple[dict[str, str], int]:
    """The labels at the beginning of the lines, and where these end. A value may go on in the next line."""
    fields: dict[str, str] = {}
    name = ""
    for at, line in enumerate(lines):
        if found := _LABEL.match(line):
            name = found[1]
            fields[name] = found[2].strip()
        elif _RIGHTS.match(line):
            return fields, at
        elif line.strip() and name and (lines[at - 1].strip() or not fields[name]) and len(fields[name]) < _LONGEST:
            fields[name] = f"{fields[name]} {line.strip()}".strip()
        elif line.strip():
            return fields, at
    return fields, len(lines)


def _item(above: list[str], lines: list[str], source: str) -> Item:
    fields, at = _labels(lines)
    end = next((n for n in range(at, len(lines)) if _RIGHTS.match(lines[n])), len(lines))
    text = paragraphs(lines[at:end])
    beside: list[tuple[str, str]] = []
    signed = ""
    if text or not _is_text(above):
        titles = [" ".join(line.split()) for line in above if line.strip()]
    else:
        titles, text, signed, beside = _text_above(above, fields.get("Quelle", ""))
    dated = _DATED.match(fields.get("Quelle", ""))
    page, rest = page_in(dated["rest"] if dated else fields.get("Quelle", ""))
    topic = titles.pop(0) if len(titles) > 1 and titles[0].isupper() and len(titles[0].split()) <= _KICKER else ""
    writers = [line for line in titles[1:] if _AUTHOR.match(line)]
    metadata = {
        "topic": topic,
        "headline": titles[0] if titles else "",
        "published": moment(dated["date"]) if dated else "",
        "outlet": _NUMBER.sub("", dated["outlet"] if dated else rest.partition(",")[0]).strip(" ,;"),
        "author": next((fields[key] for key in ("Autor", "Autoren", "Verfasser") if key in fields), "")
        or _AUTHOR.sub("", ", ".join(writers))
        or signed,
        "page": page or fields.get("Seite", ""),
        "section": fields.get("Ressort", "") or fields.get("Rubrik", ""),
        "edition": fields.get("Ausgabe", ""),
        "url": fields.get("Dauerhafte Adresse des Dokuments", "").replace(" ", ""),
        "id": fields.get("Dokumentnummer", ""),
    }
    lead = " ".join(line for line in titles[1:] if line not in writers)
    beside += [("label", f"{key}: {value}") for key, value in fields.items()]
    beside += [("rights", " ".join(line.split())) for line in lines[end:] if line.strip()]
    return export_item(source, metadata, lead, text, beside)


def _text_above(above: list[str], origin: str) -> tuple[list[str], list[str], str, list[tuple[str, str]]]:
    """Headline and further titles, text, author, and the source line on top, of an article above its source line."""
    lines = [" ".join(line.split()) for line in above]
    first = next(n for n, line in enumerate(lines) if line)
    beside = []
    named = (n for n, line in enumerate(lines[: first + _MOST_TITLES], 0) if _is_origin(line, origin))
    if (at := next(named, None)) is not None:
        beside = [("label", lines.pop(at))]
        first = next((n for n in range(min(first, len(lines) - 1), len(lines)) if lines[n]), first)
    last = next((n for n in range(first, len(lines)) if not lines[n]), first + 1)
    titles = [lines[first]]
    for line in lines[first + 1 : last]:
        if line[0].islower():
            titles[-1] += f" {line}"
        else:
            titles.append(line)
    text = paragraphs(lines[last:])
    signed = bare_names(text[-1]) if len(text) > 1 else None
    return titles, text[:-1] if signed else text, signed or "", beside


def _is_origin(line: str, origin: str) -> bool:
    """Does a line name the same paper and date as the source line?"""
    if line and line.lower() == origin.lower():
        return True
    one, other = _DATED.match(line), _DATED.match(origin)
    return one is not None and other is not None and one["outlet"] == other["outlet"]
