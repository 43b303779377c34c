"""The lines of a page in order, what stands around the article, and which lines belong between its paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

# Words in class or id of what stands around an article. Whole words between `-`, `_`, blanks and capitals.
_AROUND = frozenset([
    "cookie", "cookies", "consent", "cmp", "gdpr", "dsgvo", "newsletter", "teaser", "teasers", "teaserbox",
    "teaserlist", "linkbox", "related", "relateds", "recommendation", "recommendations", "recommended", "empfehlung",
    "empfehlungen", "weitere", "mehr", "lesetipp", "lesetipps", "readmore", "social", "share", "sharing", "sharebar",
    "ad", "ads", "advert", "advertisement", "advertorial", "anzeige", "werbung", "promo", "promotion", "sponsored",
    "comment", "comments", "kommentare", "breadcrumb", "breadcrumbs", "paywall", "abo", "subscription", "subscribe",
    "registration", "login", "meistgelesen", "mostread", "popular", "trending", "outbrain", "taboola", "plista",
    "overlay", "modal", "popup", "banner", "sidebar", "widget", "toolbar", "votebox", "poll", "caption", "captions",
    "bildunterschrift", "bildtext", "figcaption", "absatzbild", "gallery", "bildergalerie", "slideshow",
])  # fmt: skip
LEAD = frozenset([
    "lead", "lede", "intro", "introduction", "vorspann", "standfirst", "subtitle", "anlauf", "einleitung",
    "abstract", "summary", "perex",
])  # fmt: skip
TOPIC = frozenset(["kicker", "dachzeile", "topline", "overline", "spitzmarke", "roofline", "supertitle", "catchword"])
_WORD = re.compile(r"[a-zäöü]+")
_MAX_HEADER = 150  # characters beside the headline in its header: a kicker, a date, a name
_SKELETON = frozenset(("html", "head", "body", "main"))
_NEVER_TEXT = frozenset(("script", "style", "noscript", "template", "nav", "footer", "form", "dialog", "button"))


def words_of(node: Any) -> set[str]:
    """The words of an element's class, id and usual marks, also those joined in camelCase."""
    names = (name for name in node.attrib if name in ("class", "id", "itemprop", "role") or name.startswith("data-"))
    marks = " ".join(value for value in map(node.get, names) if len(value) < 200)
    return set(_WORD.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", marks).lower())) if marks else set()


def prune(tree: Any, title: Any) -> None:
    """Take out what stands around the article; never an element with the headline or half of the page's text."""
    home = _article_of(title)
    weights = _weights(tree)
    total = weights.get(tree, 0) or 1
    for node in list(tree.iter()):
        if (
            isinstance(node.tag, str)
            and node.tag not in _SKELETON
            and node.getparent() is not None
            and (
                node.tag in _NEVER_TEXT
                or (
                    (_is_around(node) or _is_other_article(node, home))
                    and node.find(".//h1") is None
                    and weights.get(node, 0) < 0.5 * total
                )
            )
        ):
            _drop(node)


def _article_of(title: Any) -> Any:
    """The article element that holds the headline; None if there is none."""
    return next(title.iterancestors("article"), None) if title is not None else None


def _is_other_article(node: Any, home: Any) -> bool:
    """Whether this is a card or comment: an article element outside the one that holds the headline."""
    return home is not None and node.tag == "article" and home not in node.iterancestors()


def _is_around(node: Any) -> bool:
    """Whether an element stands around the article, by its kind, its names, or because it asks for an address."""
    words = words_of(node)
    if words & LEAD or "description" in words or is_below_headline(node):
        return False
    hidden = node.get("aria-hidden") == "true" or node.get("hidden") is not None
    asks = node.tag in ("div", "section") and node.find("form") is not None and node.find("form//input") is not None
    return node.tag in ("aside", "figcaption") or hidden or asks or bool(words & _AROUND)


def is_below_headline(node: Any) -> bool:
    """Whether this links nowhere and follows the headline at once, or is a paragraph beside it: a lead, even if its
    class says teaser."""
    before = node.getprevious()
    if before is None or node.find(".//a") is not None or node.tag not in ("p", "div", "h2"):
        return False
    if node.tag == "p" and "teaser" in words_of(node) and node.getparent().find("h1") is not None:
        return True
    title = before if before.tag == "h1" else before.find(".//h1")
    return title is not None and len(text_of(before)) < len(text_of(title)) + _MAX_HEADER


def _weights(tree: Any) -> dict[Any, int]:
    """Characters of paragraph text in every element, found in one pass from the leaves up."""
    weights: dict[Any, int] = {}
    for node in reversed(list(tree.iter())):
        if node.tag == "p":
            weights[node] = len(text_of(node))
        parent = node.getparent()
        if parent is not None and weights.get(node):
            weights[parent] = weights.get(parent, 0) + weights[node]
    return weights


def _drop(node: Any) -> None:
    if node.getparent() is not None:
        node.drop_tree()


def text_of(node: Any) -> str:
    """The text of an element in one line; `<br>`, trafilatura's `<lb>` and blocks inside it count as blanks."""
    from lxml import etree  # type: ignore[import-untyped]

    pieces: list[str] = []
    for event, part in etree.iterwalk(node, events=("start", "end", "comment", "pi")):
        is_element = isinstance(part.tag, str)
        if event == "start" and is_element and part.tag not in ("script", "style"):
            pieces += (" " if _is_block(part) else "", part.text or "")
        elif event != "start" and part is not node:
            pieces += (" " if is_element and _is_block(part) else "", part.tail or "")
    return " ".join("".join(pieces).split())


def _is_block(node: Any) -> bool:
    return node.tag in ("br", "lb", "div", "p", "li") or bool(words_of(node) & TOPIC)


_LINES = frozenset(("p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "time", "dt", "dd", "pre"))
_HEADS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_CLOCK = re.compile(r"(?:\d{1,2}\.\s?\d{1,2}\.(?:\d{2,4})?,?\s*)?\d{1,2}[.:]\d{2}(?:\s*Uhr)?\Z")
_MAX_HEAD = 120
_TICKER_ENTRIES = 3


@dataclass(frozen=True)
class PageLine:
    """One innermost block of the page."""

    tag: str
    text: str

    @property
    def leads_on(self) -> bool:
        """Whether it can stand above a paragraph as its crosshead or time, or before it in the text."""
        return (self.tag in _HEADS and len(self.text) <= _MAX_HEAD) or self.is_item or bool(_CLOCK.match(self.text))

    @property
    def is_item(self) -> bool:
        """Whether it is a sentence in a list; a link to another article has no full stop."""
        return self.tag == "li" and self.text.endswith(".")


def outline(tree: Any) -> list[PageLine]:
    """Every innermost block with text, in the order of the page."""
    lines = []
    for node in tree.iter():
        if isinstance(node.tag, str) and (node.tag in _LINES or (node.tag in ("div", "span") and _is_short(node))):
            text = text_of(node)
            if text and not any(part.tag in _LINES for part in node.iterdescendants()):
                lines.append(PageLine(node.tag, text))
    return lines


def _is_short(node: Any) -> bool:
    """Whether a div or span holds nothing but its own short text, as the time of a ticker entry does."""
    return len(node) == 0 and 0 < len((node.text or "").strip()) <= 20 and any(char.isdigit() for char in node.text)


def between(lines: list[PageLine], body: list[str]) -> list[str]:
    """The body's blocks with the crossheads, items and times that stand directly above one of them."""
    if not body:
        return body
    at = _places(lines, body)
    own = set(body)
    is_ticker = sum(bool(_CLOCK.match(line.text)) for line in lines) >= _TICKER_ENTRIES
    result: list[str] = []
    for number, block in enumerate(body):
        above: list[str] = []
        place = at.get(number)
        while place is not None and place > 0 and lines[place - 1].leads_on:
            if len(above) >= 2 and not lines[place - 1].is_item:
                break
            place -= 1
            above.insert(0, lines[place].text)
        if number == 0 and not (is_ticker and above and _CLOCK.match(above[0])):
            above = []  # above the first paragraph stand headline, date and names
        result += [text for text in above if (text not in own and text not in result[-3:]) or _CLOCK.match(text)]
        result.append(block)
    return result


def _places(lines: list[PageLine], body: list[str]) -> dict[int, int]:
    """Number of a body block -> number of its line; blocks are looked for in order."""
    where: dict[str, list[int]] = {}
    for n, line in enumerate(lines):
        where.setdefault(line.text, []).append(n)
    places: dict[int, int] = {}
    start = 0
    for number, block in enumerate(body):
        found = next((n for n in where.get(block, ()) if n >= start), None)
        if found is not None:
            places[number] = found
            start = found + 1
    return places
