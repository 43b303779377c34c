"""Feeds: an article per item of RSS 2.0 (https://www.rssboard.org/rss-specification), RSS 1.0 in RDF
(https://web.resource.org/rss/1.0/spec), Atom (RFC 4287) and JSON Feed (https://www.jsonfeed.org/version/1.1/).

The full text comes before the summary, which is then dropped. An item with no more than a summary names its page, which
`follow` may fetch.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO
from urllib.parse import urljoin

from presseschau.findings import flag
from presseschau.ingest.dates import moment
from presseschau.ingest.document import Document, Item, ReadOptions, Skipped, whole
from presseschau.ingest.formats.fields import compose
from presseschau.ingest.formats.text import blocks_of_fragment
from presseschau.ingest.formats.xml_stream import DamagedXmlError, children, line, local, markup, records
from presseschau.ingest.layout.credits import agency_in
from presseschau.models import Finding

_WEB = ("http://", "https://")
_OTHER = ("search.yahoo.com/mrss", "itunes", "podcast", "georss", "purl.org/rss/1.0/modules/slash")
"""Namespaces whose title, description and content are those of pictures and sounds."""
_PUBLISHED = ("pubdate", "published", "issued", "date", "created")
_UPDATED = ("updated", "modified")
_TEXT = ("encoded", "content", "body")
_SUMMARY = ("description", "summary", "subtitle")
_MAIL = re.compile(r"[\w.+-]+@[\w.-]+")
_OFFICE = re.compile(r"(?:unserer |\w+-)?Redaktion\b(?!:)|\S+ Redaktion$", re.IGNORECASE)
_FROM = re.compile(r"^(?:von|by) ", re.IGNORECASE)
_PLACE = re.compile(r"(?:\s*\((?:dpa|AFP|APA|epd|KNA|Reuters|sid)[\w/-]*\))?(?:,? (?:in|aus) [A-ZÄÖÜ][\w-]+)?$")
_CUT = re.compile(r"(?:\s*(?:\[?(?:…|\.\.\.)\]?|\[?(?:weiterlesen|mehr)\]?)[\s.…>»]*)+$", re.IGNORECASE)
_READ_ON = re.compile(
    r"\s*[\[(]?\b(?:weiterlesen|(?:mehr|weiter) lesen|lesen Sie mehr|mehr dazu|zum (?:Artikel|Beitrag))\b"
    r"[\])\s.…>»→]*$",
    re.IGNORECASE,
)
_REPRINT = re.compile(
    r"\n\n(?:Der Beitrag|The post) [^\n]{1,400} (?:erschien zuerst auf|appeared first on) [^\n]{1,200}$"
)
_SHORT = 600
"""Characters below which a summary of one paragraph is taken for no more than that."""


def read_feed(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of an RSS, Atom or RDF feed, one item in memory at a time; their sources are `source#1` onwards."""
    outlet = author = ""
    number = 0
    try:
        for number, node in enumerate(records(stream, ("item", "entry"), options), 1):
            if number == 1:
                outlet, author = _feed(node)
            yield _item(node, f"{source}#{number}", outlet, author)
    except DamagedXmlError as error:
        yield Skipped(source, "damaged", f"The feed is damaged, and not all of it was read: {error}.")
        return
    if number == 0:
        yield Skipped(source, "empty", "The feed has no items.")


def _feed(first: Any) -> tuple[str, str]:
    """Title and author of the feed that an item is in: what stands before its first one."""
    above = first.getparent()
    channel = next((node for node in (above if above is not None else ()) if local(node) == "channel"), above)
    found = children(channel) if channel is not None else {}
    return line(found.get("title", [None])[0]), _authors(found)


def _item(node: Any, source: str, outlet: str, author: str) -> Item:
    found: dict[str, list[Any]] = {}
    for name, nodes in children(node).items():
        own = [one for one in nodes if not any(other in one.tag for other in _OTHER)]
        if own:
            found[name] = own
    origin = found.get("source", [None])[0]
    metadata = {
        "headline": line(found.get("title", [None])[0]),
        "published": _moment(found, _PUBLISHED) or _moment(found, _UPDATED),
        "updated": _moment(found, _UPDATED) if _moment(found, _PUBLISHED) else "",
        "author": _authors(found) or author,
        "outlet": (line(children(origin).get("title", [origin])[0]) if origin is not None else "") or outlet,
        "url": _link(found),
        "id": line(found.get("guid", found.get("id", [None]))[0]),
        "section": ", ".join(filter(None, (line(one) or one.get("term", "") for one in found.get("category", ())))),
    }
    text = next((blocks for name in _TEXT for one in found.get(name, ()) if (blocks := _blocks(one))), "")
    summary = next((blocks for name in _SUMMARY for one in found.get(name, ()) if (blocks := _blocks(one))), "")
    return _document(source, metadata, text, summary)


def _blocks(node: Any) -> str:
    text = markup(node)
    return text if node.get("type") in ("text", "text/plain") and len(node) == 0 else blocks_of_fragment(text)


def _document(source: str, metadata: Mapping[str, str], text: str, summary: str) -> Item:
    """The document of an item with a text or at least a summary."""
    said = {key: value for key, value in metadata.items() if value}
    if "url" in said and source.startswith(_WEB):
        said["url"] = _joined(source, said["url"])
    text, link = without_link(text)
    summary = without_link(summary)[0]
    page = said.get("url", "")
    page = page if page.lower().startswith(_WEB) else ""
    if not text.strip() and not summary.strip():
        if page:
            return Document(source, metadata=said, address=page, from_feed=True)
        return Skipped(source, "empty", "The item of the feed has no text, only a title.")
    findings: tuple[Finding, ...] = ()
    beside: tuple[tuple[str, str], ...] = (("link", link),)
    address: str | None = None
    is_cut = bool(text.strip()) and "\n\n" not in text and len(text) < _SHORT and bool(link or _CUT.search(text))
    if is_cut or not text.strip():
        text = text if is_cut else summary
        if is_cut or _CUT.search(summary) or (len(summary) < _SHORT and "\n\n" not in summary):
            where = f" The article is at {page}: fetch it with --follow." if page else ""
            message = f"The article is incomplete. The feed gives a summary of it.{where}"
            findings = (flag("input.incomplete", message).stamped(),)
            address = page or None
    elif summary and " ".join(_CUT.sub("", summary).split()) not in " ".join(text.split()):
        beside = (*beside, ("summary", summary))
    return Document(
        source,
        text=compose(said, text),
        metadata=said,
        findings=findings,
        beside=beside,
        address=address,
        from_feed=True,
    )


def _joined(source: str, link: str) -> str:
    """A link of a feed that was fetched, which may be written without its site."""
    try:
        return urljoin(source, link)
    except ValueError:
        return link


def without_link(text: str) -> tuple[str, str]:
    """A text without the link at its end that asks to read on or says where it was first, and that."""
    text = text.rstrip()
    if found := _REPRINT.search(text[-700:]):
        return text[: len(text) - len(found[0])], found[0].strip()
    found = _READ_ON.search(text[-60:])
    return (text[: len(text) - len(found[0])], found[0].strip()) if found else (text, "")


def _moment(found: Mapping[str, list[Any]], names: tuple[str, ...]) -> str:
    return next((when for name in names for one in found.get(name, ()) if (when := moment(line(one)))), "")


def _link(found: Mapping[str, list[Any]]) -> str:
    for one in found.get("link", ()):
        if one.get("rel", "alternate") == "alternate" and (address := one.get("href") or line(one)):
            return str(address).strip()
    guid = next((one for one in found.get("guid", ()) if one.get("isPermaLink", "true") == "true"), None)
    address = line(guid)
    return address if address.startswith(("http://", "https://")) else ""


def _authors(found: Mapping[str, list[Any]]) -> str:
    names = [line(one) for one in found.get("creator", ())]
    for one in () if names else found.get("author", ()):
        names.append(line(children(one).get("name", [one])[0]))
    return ", ".join(dict.fromkeys(filter(None, map(person, names))))


def person(value: str) -> str:
    """The name in "mail@example.org (Name)", "Name <mail>" or "Von Name"; empty if there is only an address, or an
    office."""
    bare = " ".join(_MAIL.sub("", html.unescape(value)).replace("<>", "").split()).strip(" ,;")
    bare = bare[1:-1].strip() if bare.startswith("(") and bare.endswith(")") else bare
    bare = _FROM.sub("", bare, count=1)
    return "" if _OFFICE.match(bare) else _without_place(bare)


def _without_place(names: str) -> str:
    """The names without agency and place behind them ("Georg Weiß (dpa), Berlin"): a name has two words."""
    first, *rest = _PLACE.sub("", names).split(", ")
    if " " not in first:
        return names
    return ", ".join([first, *(name for name in rest if " " in name or (name[:1].islower() and not agency_in(name)))])


def json_feed(feed: Mapping[str, Any], source: str) -> Iterator[Item]:
    """The documents of a parsed JSON Feed; their sources are `source#1` onwards."""
    items = feed.get("items")
    if not isinstance(items, list) or not items:
        yield Skipped(source, "empty", "The feed has no items.")
        return
    for number, item in enumerate(items, 1):
        name = f"{source}#{number}"
        yield _of_json(item, feed, name) if isinstance(item, Mapping) else Skipped(name, "fields", "Not an object.")


def _of_json(item: Mapping[str, Any], feed: Mapping[str, Any], source: str) -> Item:
    tags = item.get("tags")
    metadata = {
        "headline": _said(item, "title"),
        "published": moment(_said(item, "date_published")),
        "updated": moment(_said(item, "date_modified")),
        "author": _names(item) or _names(feed),
        "outlet": _said(feed, "title"),
        "url": _said(item, "url") or _said(item, "external_url"),
        "id": _said(item, "id"),
        "section": ", ".join(map(str, tags)) if isinstance(tags, list) else "",
    }
    text = blocks_of_fragment(_said(item, "content_html")) or _said(item, "content_text")
    return _document(source, metadata, text, _said(item, "summary"))


def _names(of: Mapping[str, Any]) -> str:
    authors = of.get("authors") or [of.get("author")]
    found = [_said(one, "name") for one in authors if isinstance(one, Mapping)] if isinstance(authors, list) else []
    return ", ".join(dict.fromkeys(filter(None, map(person, found))))


def _said(of: Mapping[str, Any], key: str) -> str:
    value = of.get(key)
    return whole(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
