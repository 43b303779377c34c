"""The tree of a web page -> headline, topic, lead, body blocks with their roles, and what the page says about it.

What stands around the article is told by the kind of its element, or by the words its classes are made of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from presseschau.ingest.formats import jsonld
from presseschau.ingest.formats.bounded import LargeError
from presseschau.ingest.formats.outline import PageLine, bare, marks, outline, text_of, words_of
from presseschau.ingest.formats.page_about import address_of, find_author, find_dates, find_missing, is_life, read_meta
from presseschau.ingest.formats.page_body import PageBody, find_body
from presseschau.lang import SOURCE, regex

_MAX_HEADER = 150  # characters beside the headline in its header: a kicker, a date, a name
_SKELETON = frozenset(("html", "head", "body", "main"))
_NO_TEXT = frozenset(("script", "style", "noscript", "template", "nav", "footer", "dialog", "button"))


def find_around(tree: Any, title: Any) -> dict[Any, str]:
    """Element -> why it is not the article: "menu" (nothing to read), "caption", "box" (an aside), "teaser" (what else
    is said to stand around). Never an element with the headline, nor one with half of the page's text."""
    home = next(title.iterancestors("article"), None) if title is not None else None
    above = set(title.iterancestors()) | {title} if title is not None else set()
    weights = _weights(tree)
    total = weights.get(tree, 0) or 1
    found: dict[Any, str] = {}
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if not isinstance(node.tag, str):
            continue
        if node.tag in _NO_TEXT:
            found[node] = "menu"
            continue
        if node.tag not in _SKELETON and (reason := _reason(node, home)):
            has_title = node in above or (title is None and node.find(".//h1") is not None)
            if not has_title and weights.get(node, 0) < 0.5 * total:
                found[node] = reason
                continue
        waiting.extend(node)
    return found


def _reason(node: Any, home: Any) -> str:
    if home is not None and node.tag == "article" and home not in node.iterancestors():
        return "teaser"  # a card or comment
    words = words_of(node)
    if words & marks("lead") or "description" in words:
        return ""
    reason = _kind(node, words)
    return "" if reason and is_below_headline(node) else reason


def _kind(node: Any, words: frozenset[str]) -> str:
    if node.tag == "figcaption" or "caption" in words or (node.tag == "figure" and node.find(".//img") is not None):
        return "caption"
    if node.tag == "form" or node.get("aria-hidden") == "true" or node.get("hidden") is not None:
        return "menu"
    if words & marks("life"):
        return "biography"
    if _has_around(words):
        return "teaser"
    if node.tag in ("div", "section") and node.find("form") is not None and node.find("form//input") is not None:
        return "teaser"  # it asks for an address
    return "box" if node.tag == "aside" else ""


@lru_cache(maxsize=4096)
def _has_around(words: frozenset[str]) -> bool:
    return bool(words & marks("around")) or any(word.endswith(tuple(marks("around_end"))) for word in words)


def is_below_headline(node: Any) -> bool:
    """Whether this links nowhere and follows the headline at once, or is a paragraph beside it: a lead, even if its
    class says teaser."""
    before = node.getprevious()
    if before is None or node.tag not in ("p", "div", "h2") or node.find(".//a") is not None:
        return False
    if node.tag == "p" and "teaser" in words_of(node) and node.getparent().find("h1") is not None:
        return True
    title = before if before.tag == "h1" else before.find(".//h1")
    return title is not None and len(text_of(before)) < len(text_of(title)) + _MAX_HEADER


def _weights(tree: Any) -> dict[Any, int]:
    """Characters of paragraph text in every element that has some."""
    weights: dict[Any, int] = {}
    for node in tree.iter("p"):
        size = len("".join(node.itertext()).strip())
        for up in (node, *node.iterancestors()) if size else ():
            weights[up] = weights.get(up, 0) + size
    return weights


_MAX_DEPTH = 200
_MAX_ELEMENTS = 30_000
_SHORTEST_TITLE, _LONGEST_TITLE, _LONGEST_TOPIC = 15, 250, 60
_TOPIC_NEAR = 6  # lines around the headline among which the topic stands
_EMPTY_LINE = re.compile(r"<br\s*/?>(?:\s|&nbsp;){0,20}<br\s*/?>(?:(?:\s|&nbsp;){0,20}<br\s*/?>)*", re.IGNORECASE)
_TITLE_PARTS = re.compile(r"\s+[|»›>·•]+\s+|\s+[-–—]\s+|\s*::\s*")
_TRAIL = re.compile(r"^.*\s[»›>]\s+")
_EDGES = " :|–—-·»›"


@dataclass(frozen=True)
class Page:
    """What a page says: its text with roles, metadata, its JSON-LD article, and what of it stands on other pages."""

    headline: str
    topic: str
    body: PageBody
    metadata: Mapping[str, str]
    article: Mapping[str, Any] | None
    outline: list[PageLine]
    missing: str


def read_tree(markup: str) -> Page | None:
    """The page in `markup`; None if it cannot be parsed as HTML. Raises LargeError for absurd trees."""
    from lxml import html  # type: ignore[import-untyped]

    try:
        tree = html.document_fromstring(_without_declaration(markup))
    except (ValueError, html.etree.LxmlError):
        return None
    nodes = list(tree.iter())  # held: lxml would make them anew for each look
    if len(nodes) > _MAX_ELEMENTS or _depth(tree) > _MAX_DEPTH:
        raise LargeError("The page has more elements, or nests them deeper, than any article page.")
    meta = read_meta(tree)
    scripts = [node.text or "" for node in tree.iter("script") if "ld+json" in (node.get("type") or "").lower()]
    articles = jsonld.articles(scripts)
    shown = " ".join((tree.findtext(".//title") or "").split())
    told = [text for text in (*meta["headline"], *map(jsonld.headline, articles), shown) if text]
    title = _title_node(tree, told, meta["outlet"])
    around = find_around(tree, title)
    lines = outline(tree, around)
    inside = set(title.iter()) if title is not None else set()
    at = [n for n, line in enumerate(lines) if line.node in inside]
    headline, topic = _headline(title, told, meta["outlet"])
    at = at or [n for n, line in enumerate(lines) if bare(line.text) == bare(headline)][:1]
    address = address_of(tree, meta)
    printed = headline
    headline = regex(SOURCE, "pages", "later_page").sub("", headline)
    article = jsonld.choose(articles, headline)
    said = jsonld.metadata(article) if article else {}
    top, below = (at[0], at[-1]) if at else (0, -1)
    description = next(iter([*meta["description"], said.get("description", "")]), "")
    body = find_body(lines, tree, around, below, description)
    given = {key: [said.get(key, ""), *meta[key]] for key in ("published", "updated")}
    names = [jsonld.authors(article, persons=True), meta["author"], jsonld.authors(article, persons=False)]
    others = [*meta["outlet"], said.get("outlet", ""), *_TITLE_PARTS.split(shown)[1:]]
    span = (top, max(body.end, top))
    missing = find_missing(tree, lines, span, printed, address)
    last = [text for _, text in body.blocks[-2:]]
    names += [[text] for reason, text in body.beside if reason == "byline"]
    author = find_author(tree, lines, span, names, [other for other in others if other], last)
    while len(body.blocks) > 1 and is_life(body.blocks[-1][1], author):
        body.beside.append(("biography", body.blocks.pop()[1]))
    metadata = {
        "headline": headline,
        "topic": topic or _topic(lines, at, headline),
        **find_dates(tree, lines, span, given, address),
        "author": author,
        "outlet": said.get("outlet") or next(iter(meta["outlet"]), ""),
        "url": address,
    }
    return Page(headline, metadata["topic"], body, metadata, article, lines, missing)


def _without_declaration(markup: str) -> str:
    """Without the declaration of an encoding, which lxml refuses in text, and with `<br><br>` as a paragraph's end."""
    markup = markup.replace("\x85", "…").replace("&#133;", "…")  # of Windows-1252; to lxml it is white space
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", _EMPTY_LINE.sub("</p><p>", markup))


def _depth(tree: Any) -> int:
    deepest = depth = 0
    from lxml import etree

    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _title_node(tree: Any, told: Sequence[str], outlets: Sequence[str]) -> Any:
    """The element of the headline: an h1 that is like what the page calls itself, or in an article element, or the
    first; without an h1, or if that names the site, the element that says just what the title says, or is marked as
    a headline; None if there is none."""
    sites = set(map(bare, outlets))
    firsts = [node for node in tree.iter("h1") if (own := bare(text_of(node))) and own not in sites]
    alike = [node for node in firsts if _is_told(text_of(node), told)]
    inside = [node for node in firsts if any(up.tag == "article" for up in node.iterancestors())]
    first = next(iter(alike or inside or firsts), None)
    shown = _TITLE_PARTS.split(told[-1]) if told else [""]
    site = bare(shown[-1]) if shown[-1] != max(shown, key=len) else ""
    if first is not None and bare(text_of(first)) != site:
        return first
    parts = {bare(part) for text in told for part in (text, *_TITLE_PARTS.split(text)) if len(part) >= _SHORTEST_TITLE}
    parts -= sites | {site}
    for node in tree.iter("h2", "h3"):
        own = bare(text_of(node))
        if own and any(own.endswith(part) for part in parts if 2 * len(part) > len(own)):
            return node
    wholes = list(map(bare, told))
    short = [node for node in tree.iterfind("body//*") if isinstance(node.tag, str) and len(node) <= 3]
    for node in short:
        if (node.text or "").strip() and node.tag not in ("a", "script", "style"):
            own = bare(text_of(node))
            ends = any(2 * len(own) > len(whole) and whole.endswith(own) for whole in wholes)
            if own in parts or (ends and len(own) >= _SHORTEST_TITLE):
                return node
    headed = (node for node in short if words_of(node) & marks("headline"))
    return next((node for node in headed if _SHORTEST_TITLE <= len(text_of(node)) <= _LONGEST_TITLE), first)


def _is_told(text: str, told: Sequence[str]) -> bool:
    own = bare(text)
    return any(own in bare(one) or bare(one) in own for one in told)


def _headline(title: Any, told: Sequence[str], outlets: Sequence[str]) -> tuple[str, str]:
    """(headline, the kicker that stands in one element with it)."""
    if title is None:
        return _from_title(told, outlets), ""
    text, kicker = text_of(title), ""
    node = title
    while len(node) == 1 and not (node.text or "").strip() and not (node[0].tail or "").strip():
        node = node[0]
    parts = [(part, text_of(part)) for part in node if isinstance(part.tag, str)]
    parts = [(part, own) for part, own in parts if own.strip(_EDGES)]
    direct = [node.text or "", *(part.tail or "" for part in node)]
    if parts and (len(parts) > 1 or any(piece.strip(_EDGES) for piece in direct)):
        first, own = parts[0]
        rest = text[len(own) :].strip(_EDGES) if text.startswith(own) else ""
        if rest and len(own) <= _LONGEST_TOPIC and not own.endswith((".", "!", "?")):
            exact = bare(rest) in {bare(part) for one in told for part in (one, *_TITLE_PARTS.split(one))}
            marked = bool(words_of(first) & marks("topic")) or _is_joined(own, rest, told)
            apart = len(parts) > 1 and words_of(first) != words_of(parts[-1][0]) and not "".join(direct).strip(_EDGES)
            if exact or marked or apart:
                text, kicker = rest, own.strip(_EDGES)
    bared = _TRAIL.sub("", text)
    return (bared if len(bared) >= _SHORTEST_TITLE else text), kicker


def _is_joined(kicker: str, rest: str, told: Sequence[str]) -> bool:
    """Does the title put a sign between the two that the headline does not have ("Verkehr: Rat beschließt Radwege")?"""
    return any(re.search(rf"{re.escape(kicker)}\s*[:|–-]\s+{re.escape(rest[:20])}", one) for one in told)


def _from_title(told: Sequence[str], outlets: Sequence[str]) -> str:
    """A headline that stands in no element of its own: the title without the site's name and what is before it."""
    if not told:
        return ""
    sites = set(map(bare, outlets))
    parts = [part for part in _TITLE_PARTS.split(told[0]) if bare(part) not in sites]
    return max(parts, key=len) if len(parts) > 1 or len(told) > 1 else told[0]


def _topic(lines: list[PageLine], at: list[int], headline: str) -> str:
    """The line above the headline, or beside it, that is marked as its topic."""
    if not at:
        return ""
    for line in lines[max(0, at[0] - _TOPIC_NEAR) : at[-1] + _TOPIC_NEAR]:
        if words_of(line.node) & marks("topic") and 0 < len(line.text) <= 80 and bare(line.text) not in bare(headline):
            return line.text.rstrip(" :|")
    return ""
