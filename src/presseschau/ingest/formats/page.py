"""The tree of a web page -> headline, topic, lead, body blocks and metadata. trafilatura finds the body."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from presseschau.ingest.formats.bounded import LargeError
from presseschau.ingest.formats.outline import (
    LEAD,
    TOPIC,
    PageLine,
    between,
    is_below_headline,
    outline,
    prune,
    text_of,
    words_of,
)

_MAX_DEPTH = 200
_MAX_ELEMENTS = 30_000
_SHORTEST_LEAD = 40
_END_MARKS = '.!?…“"»«’)'
_EMPTY_LINE = re.compile(r"<br\s*/?>(?:\s|&nbsp;){0,20}<br\s*/?>(?:(?:\s|&nbsp;){0,20}<br\s*/?>)*", re.IGNORECASE)
_META = {
    "headline": ("og:title", "twitter:title", "headline", "dc.title"),
    "published": ("article:published_time", "date", "datepublished", "dc.date", "dcterms.created", "og:published_time",
                  "last-modified-first", "publishdate"),
    "updated": ("article:modified_time", "og:updated_time", "last-modified", "datemodified"),
    "author": ("author", "article:author", "dc.creator", "parsely-author"),
    "outlet": ("og:site_name", "application-name", "publisher", "dc.publisher"),
    "url": ("og:url",),
    "description": ("description", "og:description"),
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """What a page says: blocks of plain text, metadata as given, and its JSON-LD scripts unparsed."""

    headline: str
    topic: str
    lead: str
    body: list[str]
    metadata: Mapping[str, str]
    scripts: list[str]
    outline: list[PageLine]


def read_tree(markup: str) -> Page | None:
    """The page in `markup`; None if it cannot be parsed as HTML. Raises LargeError for absurd trees."""
    from lxml import html  # type: ignore[import-untyped]

    try:
        tree = html.document_fromstring(_without_declaration(markup))
    except (ValueError, html.etree.LxmlError):
        return None
    if sum(1 for _ in tree.iter()) > _MAX_ELEMENTS or _depth(tree) > _MAX_DEPTH:
        raise LargeError("The page has more elements, or nests them deeper, than any article page.")
    meta = _meta(tree)
    scripts = [node.text or "" for node in tree.iter("script") if "ld+json" in (node.get("type") or "").lower()]
    title = _headline(tree)
    prune(tree, title)
    lines = outline(tree)
    body = _body(copy.deepcopy(tree))
    headline = text_of(title) if title is not None else _without_site(meta.get("headline", ""), meta.get("outlet", ""))
    topic, lead = _above(tree, title, body, meta.pop("description", ""))
    body = between(lines, body)
    if topic and headline.startswith(topic) and len(headline) > len(topic) + 8:
        headline = headline[len(topic) :].lstrip(" :|–-")
    body = [block for block in body if block not in (headline, lead, topic)]
    return Page(headline, topic, lead, body, meta, scripts, lines)


def _without_declaration(markup: str) -> str:
    """Without the declaration of an encoding, which lxml refuses in text, and with `<br><br>` as a paragraph's end."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", _EMPTY_LINE.sub("</p><p>", markup))


def _depth(tree: Any) -> int:
    deepest = depth = 0
    from lxml import etree

    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _meta(tree: Any) -> dict[str, str]:
    """Metadata from meta elements; the first name of `_META` that the page uses wins."""
    said: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop") or ""
        content = " ".join((node.get("content") or "").split())
        if name and content:
            said.setdefault(name.lower(), content[:1000])
    for node in tree.iter("a"):
        if node.get("rel") == "author":
            said.setdefault("author", text_of(node))
    for node in tree.iter("time"):
        said.setdefault("date", node.get("datetime") or "")
    found = {key: next((said[name] for name in names if name in said), "") for key, names in _META.items()}
    author = found.get("author", "")
    return {key: value for key, value in found.items() if value and not (key == "author" and author.startswith("http"))}


def _headline(tree: Any) -> Any:
    """The h1 of the page: the one in an article element if there is one, else the first with text."""
    candidates = [node for node in tree.iter("h1") if text_of(node)]
    inside = [node for node in candidates if any(up.tag == "article" for up in node.iterancestors())]
    return (inside or candidates or [None])[0]


def _body(tree: Any) -> list[str]:
    """The body's blocks in order as trafilatura sees them: paragraphs, crossheads, list items, quotations."""
    import trafilatura

    found = trafilatura.bare_extraction(tree, favor_precision=True, include_comments=False, include_tables=False)
    body = getattr(found, "body", None)
    if body is None:
        return []
    return [block for block in _blocks(body) if block]


def _blocks(node: Any) -> Iterator[str]:
    for child in node:
        if child.tag in ("list", "quote", "div") and len(child) and not (child.text or "").strip():
            yield from _blocks(child)
        else:
            yield text_of(child)


def _above(tree: Any, title: Any, body: list[str], description: str) -> tuple[str, str]:
    """(topic, lead): what stands between headline and body, marked as such or equal to the description."""
    first = next((block for block in body if len(block) >= _SHORTEST_LEAD), "")
    topic = lead = ""
    near = list(title.getparent().getparent().iter() if _has_grandparent(title) else tree.iter())
    for node in near:
        if not isinstance(node.tag, str) or node.tag in ("html", "head", "body", "main", "article", "header"):
            continue
        words, text = words_of(node), ""
        if words & TOPIC and not topic:
            text = text_of(node)
            topic = text.rstrip(":") if 0 < len(text) <= 80 else ""
        elif node.tag in ("p", "div", "h2", "strong", "span") and not lead:
            is_marked = bool(words & LEAD) or is_below_headline(node)
            text = text_of(node) if is_marked or node.tag in ("p", "h2") else ""
            told = is_marked or _same_start(text, description)
            if told and _SHORTEST_LEAD <= len(text) <= 1500 and text[-1] in _END_MARKS:
                lead = text
            elif text and text == first:
                break
    return topic, lead


def _has_grandparent(node: Any) -> bool:
    return node is not None and node.getparent() is not None and node.getparent().getparent() is not None


def _same_start(text: str, description: str) -> bool:
    start = description.rstrip(". …")[:120]
    return len(start) >= 40 and text.startswith(start)


def _without_site(title: str, outlet: str) -> str:
    """A title without the outlet's name behind a bar or dash."""
    for mark in (" | ", " - ", " – ", " — "):
        head, _, tail = title.rpartition(mark)
        if head and outlet and tail.strip().casefold() in outlet.casefold():
            return head.strip()
    return title
