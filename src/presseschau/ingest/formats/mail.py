"""E-mail (.eml), mailboxes (mbox) and pages saved as MHTML: the HTML part before the text part, decoded as MIME says.

A newsletter with several linked items is an article per item where each has a linked heading; else it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from html import unescape
from itertools import chain
from typing import BinaryIO

from presseschau.errors import InputError
from presseschau.ingest.dates import moment
from presseschau.ingest.document import Document, Item, ReadOptions, Skipped, whole
from presseschau.ingest.formats.bounded import LargeError, lines, read_all
from presseschau.ingest.formats.feeds import without_link
from presseschau.ingest.formats.fields import compose
from presseschau.ingest.formats.html import read_page
from presseschau.ingest.formats.markup_stream import MarkupStream
from presseschau.ingest.formats.text import blocks_of_fragment
from presseschau.ingest.text.decode import decode

_BEGIN = re.compile(rb"From \S{1,200} .{0,80}\d{4}")
_ESCAPED = re.compile(rb">+From ")
_FORWARDED = re.compile(r"(?:(?:Fwd?|WG|AW|Re|Antw)\s*:\s*)+", re.IGNORECASE)
_FORWARDED_LINE = re.compile(
    r"\s*>?\s*\**(Von|From|Gesendet|Sent|Datum|Date|An|To|Cc|Kopie|Betreff|Subject|Reply-To):\**\s*(.*)", re.IGNORECASE
)
_FORWARDED_MARK = re.compile(
    r"[\s>-]*(?:(?:Weitergeleitete|Ursprüngliche) Nachricht|Anfang der weitergeleiteten Nachricht"
    r"|(?:Begin )?Forwarded message|Original Message)?[\s:-]*$",
    re.IGNORECASE,
)
_FORWARDED_AS = {
    "von": "outlet", "from": "outlet", "gesendet": "published", "sent": "published", "datum": "published",
    "date": "published", "betreff": "headline", "subject": "headline",
    **dict.fromkeys(("an", "to", "cc", "kopie", "reply-to"), "other"),
}  # fmt: skip
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_HEAD_ENDS = re.compile(r"</head\s*>", re.IGNORECASE)
_HEADING = re.compile(r"h[1-4]$")
_READ_ON = re.compile(
    r"\b(?:weiterlesen|mehr (?:lesen|dazu|erfahren)|zum (?:Artikel|Beitrag)|lesen Sie|jetzt lesen)\b", re.I
)
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_FEWEST_ITEMS, _FEWEST_LINKS = 2, 3
_MOST_PARTS, _LONGEST = 1_000, 10_000
"""Parts of a mail that are read, characters of a header."""


def read_mail(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The document of a mail; of a newsletter its items, with the sources `source#1` onwards."""
    yield from _message(read_all(stream, options.max_whole), source, options)


def read_mbox(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of a mailbox, one mail in memory at a time; their sources are `source#1` onwards."""
    number = size = 0
    held: list[bytes] = []
    blank = True
    for _, line in lines(stream, options.max_item):
        if line is None or size > options.max_item:
            raise LargeError(f"Mail {number} in it is larger than {options.max_item:,} bytes.")
        if blank and _BEGIN.match(line):
            if number:
                yield from _message(b"".join(held), f"{source}#{number}", options)
            number, size, held = number + 1, 0, []
            continue
        held.append(line[1:] if _ESCAPED.match(line) else line)
        size += len(line)
        blank = not line.strip()
    if number:
        yield from _message(b"".join(held), f"{source}#{number}", options)


def _message(data: bytes, source: str, options: ReadOptions) -> Iterator[Item]:
    try:
        yield from _items(message_from_bytes(data), source, options)
    except RecursionError:
        yield Skipped(source, "damaged", "The parts of this mail are nested too deeply.")
    except (MessageError, ValueError, LookupError, InputError) as error:
        why = str(error) if isinstance(error, InputError) else "This mail is damaged and cannot be read."
        yield Skipped(source, "damaged", why)


def _items(mail: Message, source: str, options: ReadOptions) -> Iterator[Item]:
    if any(part.get_content_type() in _ENCRYPTED for part in mail.walk()):
        yield Skipped(source, "encrypted", "This mail is encrypted.")
        return
    page = _said(mail, "Snapshot-Content-Location") or _said(mail, "Content-Location")
    parts = [part for part in mail.walk() if not part.is_multipart() and not part.get_filename()]
    pages, plains = _of_type(parts, "text/html"), _of_type(parts, "text/plain")
    html = next(iter(pages), None)
    is_page = page or (mail.get_content_type() == "multipart/related" and "@" not in _said(mail, "From"))
    if html is not None and is_page:
        item = read_page(_payload(html), source, _charset(html) or options.charset)
        own = {"url": page or _said(html, "Content-Location")} if isinstance(item, Document) else {}
        yield replace(item, metadata={**_filled(own), **item.metadata}) if isinstance(item, Document) else item
        return
    metadata = _metadata(mail)
    names = [name for part in mail.walk() if (name := part.get_filename())]
    beside = [("attachment", whole(_decoded(name))[:200]) for name in names]
    if html is not None:
        yield from _of_html("\n".join(map(_text, pages)), source, metadata, beside)
        return
    if not plains:
        yield Skipped(source, "empty", "This mail has no text.")
        return
    text = "\n\n".join(map(_text, plains)).replace("\r\n", "\n")
    if len([line for line in text.split("\n") if _READ_ON.search(line)]) >= _FEWEST_LINKS:
        yield _refused(source)
        return
    text, own, around = _forwarded(text)
    metadata, beside = {**metadata, **own}, [*beside, *around]
    if signature := _SIGNATURE.search(text):
        beside.insert(0, ("signature", text[signature.end() :]))
        text = text[: signature.start()]
    yield Document(source, text=compose(metadata, text), metadata=metadata, beside=tuple(beside))


def _of_html(markup: str, source: str, metadata: dict[str, str], beside: list[tuple[str, str]]) -> Iterator[Item]:
    if head := _HEAD_ENDS.search(markup):
        markup = markup[head.end() :]
    headings, read_on = _links(markup)
    blocks = blocks_of_fragment(markup).split("\n\n")
    known = set(blocks)
    linked = {title: address for title, address in headings if address and title in known}
    if len(set(linked.values())) >= _FEWEST_ITEMS:
        yield from _of_newsletter(blocks, linked, source, metadata, beside)
        return
    if len(read_on) >= _FEWEST_LINKS:
        yield _refused(source)
        return
    text, own, around = _forwarded("\n\n".join(blocks))
    metadata = {**metadata, **own}
    titles = [title for title, _ in headings]
    if titles and titles[0] in text.split("\n\n", 3)[:3]:
        metadata = {**metadata, "headline": titles[0]}
    yield Document(source, text=compose(metadata, text), metadata=metadata, beside=(*beside, *around))


def _forwarded(text: str) -> tuple[str, dict[str, str], list[tuple[str, str]]]:
    """The text below the header lines of a mail that was forwarded, what these say, and they as what stands beside."""
    lines = text[:_LONGEST].split("\n")
    marks = [(_FORWARDED_LINE.match(line), _FORWARDED_MARK.match(line)) for line in lines]
    at = next((n for n, (named, mark) in enumerate(marks) if not named and not mark), len(lines))
    said: dict[str, str] = {}
    for named, _ in marks[:at]:
        if named:
            said.setdefault(_FORWARDED_AS[named[1].lower()], named[2].strip())
    if not {"headline", "outlet"} <= said.keys():
        return text, {}, []
    name, address = parseaddr(said["outlet"])
    known = {
        "headline": _FORWARDED.sub("", said["headline"]),
        "outlet": name or address.rpartition("@")[2] or said["outlet"],
        "published": moment(said.get("published", "")),
    }
    above = [("label", line.strip()) for line in lines[:at] if line.strip()]
    return "\n".join(lines[at:]) + text[_LONGEST:], _filled(known), above


def _of_newsletter(
    blocks: list[str], linked: Mapping[str, str], source: str, metadata: dict[str, str], beside: list[tuple[str, str]]
) -> Iterator[Item]:
    """An article from each linked heading to the next; what stands before the first is dropped with it."""
    starts = [n for n, block in enumerate(blocks) if block in linked]
    around = [("newsletter", block) for block in blocks[: starts[0]]] + beside
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(blocks)], strict=True), 1):
        title, name = blocks[start], f"{source}#{number}"
        said = {**metadata, "headline": title, "url": linked[title]}
        pairs = [without_link(block) for block in blocks[start + 1 : end]]
        text = "\n\n".join(filter(None, (block for block, _ in pairs)))
        around += [("link", link) for _, link in pairs]
        if text:
            yield Document(name, text=compose(said, text), metadata=said, beside=tuple(around))
        else:
            yield Skipped(name, "empty", f"This item of the newsletter has no text, only a title: {linked[title]}.")
        around = []


def _refused(source: str) -> Skipped:
    what = "This is a newsletter that points to several articles, and where each begins cannot be told."
    return Skipped(source, "format", f"{what} Give the addresses of its articles.")


def _metadata(mail: Message) -> dict[str, str]:
    subject = " ".join((_said(mail, "Subject") or _said(mail, "Betreff")).split())
    name, address = parseaddr(_said(mail, "From") or _said(mail, "Von"))
    forwarded = _FORWARDED.match(subject)
    return _filled(
        {
            "headline": subject[forwarded.end() :] if forwarded else subject,
            "published": moment(_said(mail, "Date") or _said(mail, "Gesendet") or _said(mail, "Datum")),
            "outlet": "" if forwarded else " ".join((name or address.rpartition("@")[2]).split()),
            "id": _said(mail, "Message-ID").strip(" <>"),
        }
    )


def _said(mail: Message, name: str) -> str:
    """A header's value, decoded; empty if there is none."""
    value = next((str(value) for key, value in mail.raw_items() if key.lower() == name.lower()), "")
    data = value.encode("utf-8", "surrogateescape")
    try:
        return whole(_decoded(data.decode()))
    except UnicodeDecodeError:
        return whole(_decoded(data.decode("cp1252", "replace")))


def _decoded(value: str) -> str:
    value = value[:_LONGEST]
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError, MessageError):
        return value


def _of_type(parts: list[Message], sort: str) -> list[Message]:
    """The first parts of a type that are not empty; a mail of many pieces has a text before and behind a picture."""
    return [part for part in parts[:_MOST_PARTS] if part.get_content_type() == sort and _payload(part).strip()]


def _text(part: Message) -> str:
    return decode(_payload(part), _charset(part)).text


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _charset(part: Message) -> str | None:
    charset = part.get_content_charset()
    return charset if charset and charset != "us-ascii" else None


def _filled(metadata: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in metadata.items() if value}


def _links(markup: str) -> tuple[list[tuple[str, str]], set[str]]:
    """The headings of a page with the address that each links to, and the addresses of links that ask to read on."""
    stream = MarkupStream()
    headings: list[tuple[str, str]] = []
    read_on: set[str] = set()
    heading: list[str] | None = None
    address = of_heading = ""
    for part in chain(stream.feed(markup), stream.close()):
        if isinstance(part, str):
            if heading is not None:
                heading.append(part)
            elif address and _READ_ON.search(part):
                read_on.add(address)
        elif part.name == "a":
            address = "" if part.ends else unescape(part.attributes().get("href", ""))
            of_heading = of_heading or address
        elif _HEADING.match(part.name) and not part.ends:
            heading, of_heading = [], address
        elif _HEADING.match(part.name) and heading is not None:
            title = " ".join(unescape("".join(heading)).split())
            headings += [(title, of_heading)] if title else []
            heading, of_heading = None, ""
    return headings, read_on
