"""The tree of a web page -> headline, topic, lead, body blocks and metadata. trafilatura finds the body."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_MAX_DEPTH = 400
# Words in class or id of what stands around an article. Whole words between `-`, `_`, blanks and capitals.
_AROUND = frozenset(
    "cookie cookies consent cmp gdpr dsgvo newsletter teaser teasers related relateds recommendation recommendations "
    "recommended empfehlung empfehlungen weitere mehr lesetipp lesetipps readmore social share sharing sharebar ad ads "
    "advert advertisement advertorial anzeige werbung promo promotion sponsored comment comments kommentare breadcrumb "
    "breadcrumbs paywall abo subscription subscribe registration login meistgelesen mostread popular trending outbrain "
    "taboola plista overlay modal popup banner sidebar widget toolbar votebox poll caption captions bildunterschrift "
    "bildtext figcaption absatzbild".split()
)
_LEAD = frozenset("lead lede intro introduction vorspann standfirst subtitle anlauf einleitung abstract summary perex".split())
_TOPIC = frozenset("kicker dachzeile topline overline spitzmarke roofline supertitle".split())
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
_WORD = re.compile(r"[a-zäöü]+")
_SKELETON = frozenset(("html", "head", "body", "main"))
_NEVER_TEXT = frozenset(("script", "style", "noscript", "template", "nav", "footer", "form", "dialog", "button"))


@dataclass(frozen=True)
class Page:
    """What a page says: blocks of plain text, metadata as given, and its JSON-LD scripts unparsed."""

    headline: str
    topic: str
    lead: str
    body: list[str]
    metadata: Mapping[str, str]
    scripts: list[str]


def read_tree(markup: str) -> Page | None:
    """The page in `markup`; None if it cannot be parsed as HTML."""
    from lxml import html

    try:
        tree = html.document_fromstring(_without_declaration(markup))
    except (ValueError, html.etree.LxmlError):
        return None
    if _depth(tree) > _MAX_DEPTH:
        return None
    meta = _meta(tree)
    scripts = [node.text or "" for node in tree.iter("script") if "ld+json" in (node.get("type") or "").lower()]
    title = _headline(tree)
    _prune(tree)
    body = _body(copy.deepcopy(tree))
    headline = _text(title) if title is not None else _without_site(meta.get("headline", ""), meta.get("outlet", ""))
    topic, lead = _above(tree, title, body, meta.pop("description", ""))
    if topic and headline.startswith(topic) and len(headline) > len(topic) + 8:
        headline = headline[len(topic) :].lstrip(" :|–-")
    body = [block for block in body if block not in (headline, lead, topic)]
    return Page(headline, topic, lead, body, meta, scripts)


def _without_declaration(markup: str) -> str:
    """lxml refuses text that declares an encoding: the text is already decoded."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", markup)


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
    for node in tree.iter("time"):
        said.setdefault("date", node.get("datetime") or "")
    found = {key: next((said[name] for name in names if name in said), "") for key, names in _META.items()}
    author = found.get("author", "")
    return {key: value for key, value in found.items() if value and not (key == "author" and author.startswith("http"))}


def _headline(tree: Any) -> Any:
    """The h1 of the page: the one in an article element if there is one, else the first with text."""
    candidates = [node for node in tree.iter("h1") if _text(node)]
    inside = [node for node in candidates if any(up.tag == "article" for up in node.iterancestors())]
    return (inside or candidates or [None])[0]


def _words(node: Any) -> set[str]:
    """The words of an element's class, id and usual marks, also those joined in camelCase."""
    names = (name for name in node.attrib if name in ("class", "id", "itemprop", "role") or name.startswith("data-"))
    marks = " ".join(value for value in map(node.get, names) if len(value) < 200)
    return set(_WORD.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", marks).lower())) if marks else set()


def _prune(tree: Any) -> None:
    """Take out what stands around the article; never an element with the headline or half of the page's text."""
    total = sum(len(_text(node)) for node in tree.iter("p")) or 1
    for node in list(tree.iter()):
        if isinstance(node.tag, str) and node.tag not in _SKELETON and node.getparent() is not None and (
            node.tag in _NEVER_TEXT
            or (_is_around(node) and node.find(".//h1") is None and _share(node, total) < 0.5)
        ):
            _drop(node)


def _is_around(node: Any) -> bool:
    """Whether an element stands around the article, by its kind, its names, or because it asks for an address."""
    words = _words(node)
    if words & _LEAD or "description" in words:
        return False
    hidden = node.get("aria-hidden") == "true" or node.get("hidden") is not None
    asks = node.tag in ("div", "section") and node.find("form") is not None and node.find("form//input") is not None
    return node.tag in ("aside", "figcaption") or hidden or asks or bool(words & _AROUND)


def _share(node: Any, total: int) -> float:
    return sum(len(_text(part)) for part in node.iter("p")) / total


def _drop(node: Any) -> None:
    if node.getparent() is not None:
        node.drop_tree()


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
            yield _text(child)


def _text(node: Any) -> str:
    """The text of an element in one line; `<br>` and trafilatura's `<lb>` count as blanks."""
    pieces: list[str] = []
    for part in node.iter():
        if part.tag in ("br", "lb"):
            pieces.append(" ")
        if part is not node and isinstance(part.tag, str) and part.tag in ("span", "div", "p", "strong"):
            pieces.append(" " if _is_block(part) else "")
        if isinstance(part.tag, str) and part.tag not in ("script", "style"):
            pieces.append(part.text or "")
        if part is not node:
            pieces.append(part.tail or "")
    return " ".join("".join(pieces).split())


def _is_block(node: Any) -> bool:
    return node.tag in ("div", "p") or bool(_words(node) & _TOPIC)


def _above(tree: Any, title: Any, body: list[str], description: str) -> tuple[str, str]:
    """(topic, lead): what stands around the headline and before the body, marked as such or equal to the description."""
    first = body[0] if body else ""
    topic = lead = ""
    near = list(title.getparent().getparent().iter() if _has_grandparent(title) else tree.iter())
    for node in near:
        if not isinstance(node.tag, str) or node.tag in ("html", "head", "body", "main", "article", "header"):
            continue
        words, text = _words(node), ""
        if words & _TOPIC and not topic:
            text = _text(node)
            topic = text.rstrip(":") if 0 < len(text) <= 80 else ""
        elif node.tag in ("p", "div", "h2", "strong", "span") and not lead:
            is_marked = bool(words & _LEAD)
            text = _text(node) if is_marked or node.tag in ("p", "h2") else ""
            if 40 <= len(text) <= 1500 and (is_marked or _same_start(text, description)):
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
