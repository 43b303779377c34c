"""Agency material: NewsML-G2 and NITF (https://iptc.org/standards/), as dpa and others write them, and ninjs.

One rendition of the text is read. Notes to editors (`edNote`, `ed-msg`, `ednote`, whatever is marked non-public) are
neither read nor stored. What the agency has cancelled or withheld gives no article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from presseschau.findings import flag
from presseschau.ingest.dates import moment
from presseschau.ingest.document import Document, Item, ReadOptions, Skipped, whole
from presseschau.ingest.formats.feeds import person
from presseschau.ingest.formats.fields import compose
from presseschau.ingest.formats.text import blocks_of_fragment
from presseschau.ingest.formats.xml_stream import DamagedXmlError, children, line, local, markup, records
from presseschau.ingest.layout.credits import agency_in

_STOPPED = ("canceled", "cancelled", "withheld")
_CORRECTION = re.compile(r"Berichtigung|Korrektur|Correction|Corrective", re.IGNORECASE)
_NOT_PUBLIC = re.compile(r"nicht\s+zur\s+Veröffentlichung|not\s+for\s+publication", re.IGNORECASE)
"""A heading in a text; what stands under it is for editors."""
_HEADED = re.compile(r"\n+#[^\n]*\n*\Z|\n+\**\s*(?:Notizblock|Redaktionelle Hinweise)\s*\**\s*\Z")
_NOTES = re.compile(r"^#{1,3} ?(?:Notizblock|Redaktionelle Hinweise)\s*$", re.MULTILINE)
_NAME = re.compile(r"[A-ZÄÖÜ][\w.-]+(?: [A-ZÄÖÜ][\w.-]+)+")

# What stands around the text of dpa's XHTML, by class: the reason it is dropped for.
_AROUND = {
    "slugline": "label",
    "publicationdate": "label",
    "notepad": "note",
    "np-public": "note",
    "closingline": "mark",
}


def read_newsml(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of a NewsML-G2 message or item, one in memory at a time; their sources are `source#1` onwards."""
    yield from each_item(stream, source, options, ("newsItem",), _news_item, "NewsML")


def read_nitf(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of a file with one NITF element or several; their sources are `source#1` onwards."""
    yield from each_item(stream, source, options, ("nitf",), nitf_item, "NITF")


def each_item(
    stream: BinaryIO, source: str, options: ReadOptions, names: Sequence[str], read: Any, what: str
) -> Iterator[Item]:
    """What `read` makes of each element with one of the names, and why nothing could be read."""
    number = 0
    try:
        for number, node in enumerate(records(stream, names, options), 1):
            yield read(node, f"{source}#{number}")
    except DamagedXmlError as error:
        yield Skipped(source, "damaged", f"The {what} is damaged, and not all of it was read: {error}.")
        return
    if number == 0:
        yield Skipped(source, "format", f"This {what} holds no article that is read (NewsML-G2 newsItem, NITF).")


def _news_item(item: Any, source: str) -> Item:
    said = {name: children(nodes[0]) for name, nodes in children(item).items()}
    meta, content = said.get("itemmeta", {}), said.get("contentmeta", {})
    sort = _code(meta.get("itemclass"))
    headlines = sorted(content.get("headline", ()), key=_rank)
    first = first_line(meta, "firstcreated") or first_line(content, "contentcreated")
    last = first_line(meta, "versioncreated")
    metadata = {
        "headline": line(headlines[0]) if headlines else "",
        "published": moment(first or last),
        "updated": moment(last) if first and moment(first) != moment(last) else "",
        "author": ", ".join(filter(None, (person(line(one)) for one in content.get("by", ())))) or _creators(content),
        "agency": _credited(first_line(content, "creditline")) or _provider(meta.get("provider")),
        "id": item.get("guid", ""),
        "version": item.get("version", ""),
        "embargo": moment(first_line(meta, "embargoed")),
        "genre": ", ".join(filter(None, (_named(one) for one in content.get("genre", ())))),
        "place": ", ".join(filter(None, (_named(one) for one in content.get("located", ())))),
    }
    if gone := stopped(source, _code(meta.get("pubstatus")), metadata["headline"]):
        return gone
    if sort and sort not in ("text", "composite"):
        return Skipped(source, "passed", f"This is not text (item class {sort[:40]}).")
    texts = said.get("contentset", {})
    for one in texts.get("inlinexml", ()):
        nested = next((node for node in one.iter() if local(node) == "nitf"), None)
        if nested is not None:
            inner = nitf_item(nested, source)
            if isinstance(inner, Document):
                return agency_item(source, {**filled(metadata), **inner.metadata}, inner.text or "", inner.beside)
        text, author, beside = xhtml_text(one)
        if text:
            return agency_item(source, {**metadata, "author": metadata["author"] or author}, text, beside)
    return agency_item(source, metadata, _inline(texts.get("inlinedata", ())), ())


def _rank(headline: Any) -> tuple[bool, bool, str]:
    """Sorts headlines: without a role or called the main one, any other, those below it; by rank."""
    role = str(headline.get("role", "")).rpartition(":")[2].lower()
    return bool(role) and role not in ("main", "title"), "sub" in role, headline.get("rank", "1")


def _inline(renditions: Iterable[Any]) -> str:
    """The text among the renditions: the one called text, or without a name."""
    named = [(str(one.get("rendition", "")).rpartition(":")[2].lower(), one) for one in renditions]
    for wanted in ("text", "", "body", "main"):
        for name, one in named:
            text = one.text or ""
            if name == wanted and text.strip():
                return blocks_of_fragment(text) if "html" in one.get("contenttype", "") else text
    return ""


def xhtml_text(content: Any) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Text, author, and what stands around the text in the XHTML of an item."""
    body = next((node for node in content.iter() if local(node) == "body"), content)
    author, beside = "", []
    for node in list(body.iter()):
        if isinstance(node.tag, str) and any("nonpublic" in _squeezed(value) for value in node.attrib.values()):
            _take_out(node)
    for node in list(body.iter()):
        marks = set(str(node.get("class", "")).lower().split()) if isinstance(node.tag, str) else set()
        reason = next((_AROUND[mark] for mark in marks if mark in _AROUND), "")
        if "byline" in marks:
            author, reason = author or person(line(node)).partition(",")[0], "byline"
        elif local(node) == "figcaption":
            reason = "caption"
        elif local(node) in ("h1", "title"):
            reason = "headline"
        if reason and _within(node, body):
            text = blocks_of_fragment(_public(line(node)))
            beside += [(reason, text)] if text and reason != "headline" else []
            _take_out(node)
    main = next(
        (one for one in body.iter() if local(one) == "section" and "main" in one.get("class", "").split()), body
    )
    return _public(blocks_of_fragment(markup(main))), author, tuple(beside)


def nitf_item(node: Any, source: str) -> Item:
    body = next((one for one in node if local(one) == "body"), None)
    parts = children(body) if body is not None else {}
    head = children(parts["body.head"][0]) if "body.head" in parts else {}
    titles = children(head["hedline"][0]) if "hedline" in head else {}
    data = next((one for one in node.iter() if local(one) == "docdata"), None)
    known = children(data) if data is not None else {}
    printed: Any = next((one.attrib for one in node.iter() if local(one) == "pubdata"), {})
    dates = (known.get(name, [{}])[0].get("norm", "") for name in ("date.issue", "date.release"))
    when = moment(printed.get("date.publication", "")) or next(filter(None, map(moment, dates)), "")
    titled = next((line(one) for one in node.iter() if local(one) == "title"), "")
    metadata = {
        "headline": line(titles["hl1"][0]) if "hl1" in titles else titled,
        "published": when,
        "author": ", ".join(filter(None, map(_writer, head.get("byline", ())))),
        "agency": first_line(head, "distributor"),
        "outlet": printed.get("name", ""),
        "section": printed.get("position.section", ""),
        "page": printed.get("position.sequence", ""),
        "id": known.get("doc-id", [{}])[0].get("id-string", ""),
    }
    status = data.get("management-status", "") if data is not None else ""
    if gone := stopped(source, status.lower(), metadata["headline"]):
        return gone
    if status == "embargoed":
        metadata["embargo"] = next(filter(None, (moment(known.get("date.release", [{}])[0].get("norm", "")),)), "yes")
    beside = []
    for content in parts.get("body.content", ()):
        for one in list(content.iter()):
            if local(one) in ("media", "note") and _within(one, content):
                if local(one) == "media":
                    beside += [("caption", line(caption)) for caption in one if local(caption) == "media-caption"]
                _take_out(one)
    texts = [blocks_of_fragment(markup(one).replace("hl2>", "h2>")) for one in parts.get("body.content", ())]
    above = [*map(line, titles.get("hl2", ())), *(blocks_of_fragment(markup(one)) for one in head.get("abstract", ()))]
    place = next((", ".join(map(line, one)) or line(one) for one in head.get("dateline", ())), "")
    if place and texts and place.split()[0].strip(",") not in texts[0][:40]:
        beside.append(("dateline", place))
    beside += [("mark", line(one)) for one in parts.get("body.end", ())]
    return agency_item(source, metadata, _public("\n\n".join(filter(None, (*above, *texts)))), tuple(beside))


def _writer(byline: Any) -> str:
    names = [line(one) for one in byline if local(one) == "person"]
    return ", ".join(names) or person(line(byline))


def is_ninjs(parsed: Any) -> bool:
    """Is a JSON object an article in ninjs (https://iptc.org/std/ninjs/)?"""
    if not isinstance(parsed, Mapping):
        return False
    standard = parsed.get("standard")
    if isinstance(standard, Mapping) and standard.get("name") == "ninjs":
        return True
    texts = {"bodies", "body_html", "body_xhtml", "body_text"} & parsed.keys()
    return (
        "uri" in parsed and bool(texts) and bool({"versioncreated", "pubstatus", "representationtype"} & parsed.keys())
    )


def ninjs(row: Mapping[str, Any], source: str) -> Item:
    """The document of a ninjs object."""
    first, last = _string(row.get("firstcreated") or row.get("contentcreated")), _string(row.get("versioncreated"))
    publishers = [one for one in _objects(row.get("infosources")) if "publisher" in _string(one.get("role"))]
    metadata = {
        "headline": _main(row.get("headlines")) or _string(row.get("headline")),
        "published": moment(first or last),
        "updated": moment(last) if first and last != first else "",
        "author": person(_main(row.get("bylines")) or _string(row.get("byline")) or _string(row.get("by"))),
        "outlet": _string(publishers[0].get("name")) if publishers else "",
        "agency": "" if publishers else _string(row.get("copyrightholder")),
        "id": _string(row.get("uri")),
        "version": _string(row.get("version")),
        "embargo": moment(_string(row.get("embargoed"))),
        "genre": ", ".join(filter(None, (_string(one.get("name")) for one in _objects(row.get("genre"))))),
        "place": _string(row.get("located")),
    }
    if gone := stopped(source, _string(row.get("pubstatus")).lower(), metadata["headline"]):
        return gone
    sort = _string(row.get("type"))
    if sort not in ("", "text", "composite"):
        return Skipped(source, "passed", f"This is not text (type {sort[:40]}).")
    bodies = sorted(_objects(row.get("bodies")), key=lambda one: _string(one.get("role")) not in ("", "main", "body"))
    html = next((_string(row.get(name)) for name in ("body_html", "body_xhtml") if row.get(name)), "")
    plain = _string(row.get("body_text"))
    if bodies:
        text = _string(bodies[0].get("value"))
        html, plain = (text, "") if "html" in _string(bodies[0].get("contenttype")) else ("", text)
    text, author, beside = _of_page(html) if html else (plain, "", ())
    return agency_item(source, {**metadata, "author": metadata["author"] or author}, text or plain, beside)


def is_digitalwires(parsed: Any) -> bool:
    """Is a JSON object an entry of dpa's digital wires?"""
    return isinstance(parsed, Mapping) and _string(parsed.get("format")).startswith("digitalwires@")


def digitalwires(row: Mapping[str, Any], source: str) -> Item:
    """The document of an entry of dpa's digital wires; `notepad` and `ednotes` are not read."""
    said = {key: _string(value) for key, value in row.items()}
    first, last = said.get("content_created", ""), said.get("version_created", "")
    metadata = {
        "headline": said.get("headline", ""),
        "topic": said.get("kicker", ""),
        "published": moment(first or last),
        "updated": moment(last) if first else "",
        "author": person(said.get("byline", "")),
        "agency": _credited(said.get("creditline", "")),
        "id": said.get("urn", ""),
        "version": said.get("version", ""),
        "embargo": moment(said.get("embargoed", "")),
        "genre": ", ".join(_string(name) for name in row.get("genre_names") or ()),
    }
    if gone := stopped(source, said.get("pubstatus", "").lower(), metadata["headline"]):
        return gone
    text, author, beside = _of_page(said.get("article_html", ""))
    lead = said.get("teaser", "")
    metadata["author"] = metadata["author"] or author
    return agency_item(source, metadata, f"{lead}\n\n{text}" if lead and text else text, beside)


def _of_page(html: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Text, author, and what stands around the text, of an item's HTML."""
    from lxml import html as parser  # type: ignore[import-untyped]

    tree = parser.fromstring(f"<div>{html}</div>", parser=parser.HTMLParser(no_network=True, huge_tree=False))
    return xhtml_text(tree)


def agency_item(source: str, metadata: Mapping[str, str], text: str, beside: tuple[tuple[str, str], ...]) -> Item:
    said = filled(metadata)
    text = _public(text)
    if not text.strip():
        return Skipped(source, "empty", "The item has no text.")
    notices = []
    if "embargo" in said:
        notices.append(f"It is under embargo ({said['embargo']}).")
    if _CORRECTION.search(said.get("genre", "")):
        notices.append(f"It is a correction ({said['genre']}).")
    message = f"The agency says of this article: {' '.join(notices)}"
    findings = (flag("input.notice", message).stamped(),) if notices else ()
    return Document(source, text=compose(said, text), metadata=said, findings=findings, beside=beside)


def stopped(source: str, status: str, headline: str) -> Skipped | None:
    if not any(word in status for word in _STOPPED):
        return None
    return Skipped(source, "withdrawn", f"The agency has cancelled or withheld this article: “{headline[:80]}”.")


def _public(text: str) -> str:
    """The text down to where what follows is not for publication, or are notes to editors, without the heading."""
    if notes := _NOTES.search(text):
        text = text[: notes.start()]
    found = _NOT_PUBLIC.search(text)
    if found is None:
        return text
    return _HEADED.sub("", text[: text.rfind("\n", 0, found.start()) + 1].rstrip())


def _within(node: Any, top: Any) -> bool:
    return any(one is top for one in node.iterancestors())


def _take_out(node: Any) -> None:
    """Removes an element with all in it; the text behind it stays."""
    above, before = node.getparent(), node.getprevious()
    if above is None:
        return
    if node.tail and before is not None:
        before.tail = (before.tail or "") + node.tail
    elif node.tail:
        above.text = (above.text or "") + node.tail
    above.remove(node)


def _squeezed(value: str) -> str:
    return value.lower().replace("-", "")


def _code(nodes: Sequence[Any] | None) -> str:
    """What stands behind the colon of a `qcode`."""
    return str(nodes[0].get("qcode", "")).rpartition(":")[2].lower() if nodes else ""


def first_line(of: Mapping[str, list[Any]], name: str) -> str:
    return line(of[name][0]) if name in of else ""


def _named(node: Any) -> str:
    return next((line(one) for one in node if local(one) == "name"), "")


def _credited(line: str) -> str:
    """The agencies in a credit line, or all of it."""
    return agency_in(line) or line


def _provider(nodes: Sequence[Any] | None) -> str:
    return (_named(nodes[0]) or nodes[0].get("literal") or _code(nodes)) if nodes else ""


def is_person(name: str) -> bool:
    """Is it written as people's names are, and not as what they log in with?"""
    return _NAME.fullmatch(name) is not None


def _creators(content: Mapping[str, list[Any]]) -> str:
    return ", ".join(name for one in content.get("creator", ()) if is_person(name := _named(one)))


def filled(metadata: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in metadata.items() if value}


def _string(value: Any) -> str:
    return whole(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _main(values: Any) -> str:
    """The value with the role main, else the first one."""
    found = sorted(_objects(values), key=lambda one: _string(one.get("role")) != "main")
    return _string(found[0].get("value")) if found else ""
