"""The table of what is known by its looks and is no article in prose: how each kind is recognised, and what its owner
can do; and the formats whose library is an extra, with the error that says how to install it.

A kind is read as soon as `sources._READERS` has a reader under its name. Nothing is parsed to recognise it, so nothing
can be fetched, expanded or run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from importlib.util import find_spec
from typing import NamedTuple

from presseschau.errors import ConfigurationError
from presseschau.ingest.document import KIBI
from presseschau.patterns import late

_LOOK = 64 * KIBI
_HTML = frozenset((
    "html", "head", "body", "title", "meta", "link", "style", "script", "article", "section", "main", "div", "p",
    "span", "h1", "h2", "h3", "h4", "h5", "h6", "a", "b", "i", "em", "strong", "br", "hr", "ul", "ol", "table",
    "blockquote", "figure", "img", "header", "footer", "nav", "aside", "center", "font", "noscript", "iframe", "form",
    "pre", "small",
))  # fmt: skip
_ROOT = late(
    r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s+(?!html\b)[^\[>]*(?:\[.*?\]\s*)?>)*+"
    r"<(?:!DOCTYPE\s+)?(?:[\w.-]+:)?([A-Za-z][\w.-]*)",
    re.DOTALL | re.IGNORECASE,
)
_OF_A_PAGE = late(r"<(?:html|!doctype|head|body|meta|link|script|nav|header|footer|aside|form|iframe)\b", re.IGNORECASE)
_OBJECT = late(r'\{\s*"|\[\s*\{')
_HEADER = late(r"([A-Za-z][\w-]{0,60}):(.*)")
_MAIL = frozenset((
    "from", "to", "cc", "subject", "date", "message-id", "mime-version", "received", "return-path", "content-type",
    "delivered-to", "reply-to", "von", "an", "gesendet", "betreff", "datum",
))  # fmt: skip
_TECHNICAL = frozenset(("message-id", "mime-version", "received", "return-path", "delivered-to", "gesendet"))
_FEWEST = 3
"""Header lines of a mail; lines of a text of which shares are taken."""
_FACTIVA_TAG = late(r"^(SE|HD|BY|WC|PD|SN|SC|PG|LA|CY|LP|TD|AN)(?:[ \t]+\S|[ \t]*$)", re.MULTILINE)
_TIME = late(r"\d:\d\d(?:[.,:]\d\d|[\])])")
_TIME_CODE = late(
    r".{0,40}\d:\d\d[.,:]\d\d(?:.*-->|[.,]\d\d)|[\[(]?\d{1,2}:\d\d(?::\d\d)?[.,]\d{2,3}\b|[\[(]\d{1,2}:\d\d(?::\d\d)?[\])]"
    r"|\d{1,2}:\d\d:\d\d\b"
)
_ADDRESS = late(r"https?://\S+$", re.IGNORECASE)
_LABEL = late(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)+:(?:\s|$)")
_FRONT = late(r"[\w-]+:(?:\s|$)|- |[ \t]|$")
_TAG = late(r"<[/!?]?[A-Za-z][^<>]{0,500}>")
_CODE = late(r"\\[a-z]+[\[{]|.*(?:[{}]|\);|\};)$")


class Look:
    """How a file begins, as text and as bytes, and how the text ends."""

    def __init__(self, text: str, data: bytes = b"") -> None:
        self.data = data
        begun = text[:_LOOK].lstrip("\ufeff \t\r\n\f\v")
        self.text = begun.replace("\r\n", "\n").replace("\f", "\n").replace("\xa0", " ")
        self.end = text[_LOOK:][-KIBI:]

    @cached_property
    def root(self) -> str:
        """The name of the first element of markup, without its namespace and in lower case; empty if there is none."""
        found = _ROOT.match(self.text) if self.text.startswith("<") else None
        return found[1].lower() if found else ""

    @property
    def is_html(self) -> bool:
        return self.root == "html" or (self.root in _HTML and not self.text.startswith("<?"))

    @property
    def is_fragment(self) -> bool:
        """Is it marked-up text alone, without what makes a page?"""
        return self.is_html and _OF_A_PAGE.search(self.text) is None

    @property
    def is_json(self) -> bool:
        return _OBJECT.match(self.text) is not None

    @cached_property
    def headers(self) -> dict[str, str]:
        """Names in lower case and values of the lines up to the first blank one, if all of them are header lines."""
        found: dict[str, str] = {}
        for line in self.text.splitlines() if _HEADER.match(self.text) else ():
            header = _HEADER.match(line)
            if header:
                found.setdefault(header[1].lower(), header[2])
            elif not line.strip():
                break
            elif not found or line[0] not in " \t":
                return {}
        return found

    @cached_property
    def lines(self) -> list[str]:
        return [stripped for line in self.text.splitlines() if (stripped := line.strip())]

    def share(self, pattern: re.Pattern[str]) -> float:
        """The share of lines that match; 0 of fewer than _FEWEST."""
        lines = self.lines
        return sum(pattern.match(line) is not None for line in lines) / len(lines) if len(lines) >= _FEWEST else 0

    def labels(self, *patterns: str) -> int:
        """How many of the patterns stand at the beginning of a line."""
        return sum(re.search(rf"^[ \t]*(?:{pattern})", self.text, re.MULTILINE) is not None for pattern in patterns)


class Kind(NamedTuple):
    """A kind that is refused by name: what it is, how it is recognised, what to do.

    `reason` as in Skipped: "format" where articles may be in it, "article" where none is.
    """

    name: str
    what: str
    seen: Callable[[Look], object]
    advice: str
    reason: str = "format"

    @property
    def says(self) -> str:
        how = " as one text" if self.advice == _FILE else ""
        return f"This is {self.what}, which is not read{how}. {self.advice}"


def unread(look: Look, *, shares: bool = True) -> Kind | None:
    """The kind of a text that is not to be read as one article; None if it may be. Its first 64 KiB decide.

    Without `shares` only the marks of a kind are looked for, not what makes up most of the text.
    """
    if look.is_html:
        kinds: tuple[Kind, ...] = PAGES
    elif look.is_json:
        kinds = OBJECTS
    else:
        kinds = (MARKUP if look.root else ()) + TEXTS + (MOSTLY if shares else ())
    return next((kind for kind in kinds if kind.seen(look)), None)


def unread_binary(head: bytes) -> Kind | None:
    """The kind of a document or an archive that is not text."""
    look = Look("", head[:256])
    return next((kind for kind in BINARIES if kind.seen(look)), None)


def _magic(pattern: bytes) -> Callable[[Look], object]:
    compiled = re.compile(pattern, re.DOTALL)
    return lambda look: compiled.match(look.data)


def _begins(pattern: str) -> Callable[[Look], object]:
    compiled = late(pattern)
    return lambda look: compiled.match(look.text)


def _says(pattern: str) -> Callable[[Look], object]:
    compiled = late(pattern)
    return lambda look: compiled.search(look.text) or compiled.search(look.end)


def _root(*names: str) -> Callable[[Look], object]:
    return lambda look: look.root in names


def _is_xml(look: Look) -> bool:
    return bool(look.root) and (look.text.startswith("<?xml") or f"{look.root}>" in look.text[1:].lower())


def _is_trafilatura(look: Look) -> bool:
    return look.root == "doc" and "<main" in look.text and ("hostname=" in look.text or "fingerprint=" in look.text)


def _is_mhtml(look: Look) -> bool:
    return "snapshot-content-location" in look.headers or "multipart/related" in look.headers.get("content-type", "")


def _is_mail(look: Look) -> bool:
    known = look.headers.keys() & _MAIL
    if {"from", "subject"} <= known or {"von", "betreff"} <= known:
        return True
    return len(known) >= _FEWEST and (bool(known & _TECHNICAL) or any("@" in value for value in look.headers.values()))


def _is_nexis(look: Look) -> bool:
    if "DOCUMENT" in look.text and look.labels(r"\d+ of \d+ DOCUMENTS?[ \t]*$"):
        return True
    if "Dokument" in look.text and look.labels(r"(?:Dokument \d+ von \d+|\d+ von \d+ Dokumenten?)[ \t]*$"):
        return look.labels("L(?:Ä|\ufffd)NGE:", "LENGTH:", "RUBRIK:", "SPRACHE:", "UPDATE:", "AUTOR:") > 0
    of_uni = (r"Length:\s*[\d.,]+\s*words", r"End of Document[ \t]*$", "Load-Date:", r"Body[ \t]*$")
    return "Load-Date:" in look.text and look.labels(*of_uni) > 1


def _is_factiva(look: Look) -> bool:
    if "00" in look.text and look.labels(r"(?:Document|Dokument) [A-Z]{2,10}0\d{8,30}[0-9a-z]{4,}[ \t]*$"):
        return True
    tags = {tag[1] for tag in _FACTIVA_TAG.finditer(look.text)} if "HD" in look.text else set()
    return {"HD", "PD"} <= tags and bool(tags & {"LP", "TD"})


def _is_wiso(look: Look) -> bool:
    if "GBI-Genios" in look.text or "Dauerhafte Adresse" in look.text:
        return look.labels("©.{0,3}GBI-Genios", "Dauerhafte Adresse des Dokuments:") > 0
    return "Dokumentnummer:" in look.text and look.labels("Dokumentnummer:", "Quelle:|Ressort:|Ausgabe:|Rubrik:") > 1


def _is_list(look: Look) -> bool:
    """Addresses, notes behind `#`, and perhaps a word above them."""
    if "://" not in look.text[:2000]:
        return False
    lines = look.lines[:-1] if len(look.text) > _LOOK - KIBI else look.lines  # the last one may be cut
    lines = [line for line in lines if not line.startswith("#")]
    lines = lines[1:] if lines and lines[0].isalpha() else lines
    return bool(lines) and all(map(_ADDRESS.match, lines))


def _is_front_matter(look: Look) -> bool:
    if not look.text.startswith("---"):
        return False
    lines = [line.rstrip() for line in look.text.splitlines()]
    end = next((n for n, line in enumerate(lines[1:], 1) if line == "---"), 0)
    return lines[0] == "---" and end > 1 and all(_FRONT.match(line) for line in lines[1:end])


def _is_timed(look: Look) -> bool:
    return _TIME.search(look.text) is not None and look.share(_TIME_CODE) >= 0.2


def _is_headed(look: Look) -> bool:
    if look.text.count(":") <= _FEWEST:
        return False
    names = {line.partition(":")[0] for line in look.lines if _LABEL.match(line)}
    return len(names) > _FEWEST and look.share(_LABEL) > 0.5


def _is_marked_up(look: Look) -> bool:
    return "<" in look.text and sum(map(len, _TAG.findall(look.text))) > 0.3 * len(look.text)


def _is_code(look: Look) -> bool:
    return ("{" in look.text or ");" in look.text) and look.share(_CODE) > 0.5


_TEXT = "Give the article's text alone, as a text or HTML file."
_EACH = "Save each of its articles as a text or HTML file of its own, without the labels around the text."
_NONE = "It holds no article."
_FILE = "Give the file itself: its articles are read from there."
_SPOKEN = "Give the spoken text alone, without the time codes."
_OFFICE = rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|mimetype|_rels/|docProps/|word/|xl/|ppt/|META-INF/container)"
_PACKED = rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\xfd7zXZ\0|BZh\d1AY&SY"
_NEXIS_PAGE = r"<DOC(?:FULL>| NUMBER=\d)|>\s*(?:\d+ of \d+ DOCUMENTS?|Dokument \d+ von \d+|\d+ von \d+ Dokumenten?)\s*<"
_FACTIVA_PAGE = (
    r"<title>\s*Factiva\s*</title>|class=[\"'](?:article \w\wArticle|articleParagraph)|id=[\"']article-[A-Z0-9]{12,}"
)

BINARIES = (
    Kind("pdf", "a PDF file", _magic(rb"%PDF-"), _EACH),
    Kind("epub", "an EPUB file", _magic(rb"PK\x03\x04.{26}mimetype.{0,40}application/epub\+zip"), _EACH),
    Kind("office", "a spreadsheet or a presentation", _magic(_OFFICE), _EACH),
    Kind("doc", "an old or encrypted Office file (DOC, XLS, MSG)", _magic(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _EACH),
    Kind("rtf", "an RTF document", _magic(rb"\s{0,9}\{\\rtf"), _EACH),
    Kind("7z", "a packed archive (7z, RAR, xz or bzip2)", _magic(_PACKED), "Unpack it and give what is in it."),
)  # fmt: skip
PAGES = (
    Kind("nexis-html", "an export of articles from Nexis", _says(_NEXIS_PAGE), _FILE),
    Kind("factiva-html", "an export of articles from Factiva", _says(_FACTIVA_PAGE), _FILE),
)
OBJECTS = (
    Kind("json-feed", "a JSON feed", _says(r'"version"\s*:\s*"https?://jsonfeed\.org/'), _FILE),
    Kind("ninjs", "an article in ninjs 2 or later", _says(r'"name"\s*:\s*"ninjs"'), _FILE),
)
MARKUP = (
    Kind("rss", "an RSS feed", _root("rss"), _FILE),
    Kind("atom", "an Atom feed", _root("feed"), _FILE),
    Kind("rdf", "an RDF (RSS 1.0) feed", _root("rdf"), _FILE),
    Kind("newsml", "agency material in NewsML-G2", _root("newsmessage", "newsitem", "packageitem"), _FILE),
    Kind("newsml-1", "agency material in NewsML 1", _root("newsml"), _FILE),
    Kind("nitf", "an article in NITF (XML)", _says(r"<nitf[\s>]"), _FILE),
    Kind("trafilatura", "an article in trafilatura's XML", _is_trafilatura, _FILE),
    Kind("tei", "a text in TEI", _root("tei", "teicorpus"), _FILE),
    Kind("ttml", "subtitles (TTML)", _root("tt"), _SPOKEN),
    Kind("svg", "a drawing (SVG)", _root("svg"), _NONE, "article"),
    Kind("xml", "an XML file", _is_xml, _TEXT),
)
TEXTS = (
    Kind("mhtml", "a page saved as MHTML", _is_mhtml, _FILE),
    Kind("mbox", "a mailbox (mbox)", _begins(r"From \S{1,200} .{0,80}\d{4}.{0,80}\n[\w-]+:"), _FILE),
    Kind("mail", "an e-mail with its headers", _is_mail, _FILE),
    Kind("http", "a web server's answer with its headers", _begins(r"HTTP/[\d.]+ \d{3}"), _TEXT),
    Kind("vtt", "subtitles (WebVTT)", _begins("WEBVTT"), _SPOKEN),
    Kind("srt", "subtitles (SRT)", _begins(r"(?:\d+\s*\n)?\d{1,2}:\d\d:\d\d[,.]\d{1,3} *-->"), _SPOKEN),
    Kind("nexis", "an export of articles from Nexis", _is_nexis, _FILE),
    Kind("factiva", "an export of articles from Factiva", _is_factiva, _FILE),
    Kind("wiso", "an export of articles from WISO or GENIOS", _is_wiso, _FILE),
    Kind("vcard", "a calendar or address file", _begins("BEGIN:V"), _NONE, "article"),
    Kind("ris", "a list of references (RIS, BibTeX)", _begins(r"TY  - |@\w+\{"), _EACH),
    Kind("front-matter", "Markdown with front matter", _is_front_matter, _FILE),
    Kind("addresses", "a list of web addresses", _is_list, _FILE),
)  # fmt: skip
MOSTLY = (
    Kind("time-codes", "a text with time codes (subtitles, a transcript)", _is_timed, _SPOKEN),
    Kind("headers", "a text that is mostly header lines", _is_headed, _TEXT),
    Kind("markup", "a text that is mostly markup", _is_marked_up, _TEXT),
    Kind("code", "program text", _is_code, _NONE, "article"),
)
"""What makes up most of the text. Of each table the first kind that fits names the file."""

REFUSALS = {kind.name: kind for kind in (*BINARIES, *PAGES, *OBJECTS, *MARKUP, *TEXTS, *MOSTLY)}


_EXTRAS = {"pdf": ("pypdf", "PDF", "pdf"), "zst": ("zstandard", ".zst", "zstd"),
           "parquet": ("pyarrow", "Parquet", "parquet")}  # fmt: skip
"""Kind of file -> its package, what its files are called, and the extra."""


def missing(kind: str) -> ConfigurationError:
    """What is raised where a file of `kind` is to be read and its package is not there."""
    package, name, extra = _EXTRAS[kind]
    return ConfigurationError(
        f"Reading {name} files needs the {package} package. Install it: pip install 'presseschau[{extra}]'"
    )


def absent() -> set[str]:
    """The kinds of files whose package is not installed."""
    return {kind for kind, (package, *_) in _EXTRAS.items() if find_spec(package) is None}
