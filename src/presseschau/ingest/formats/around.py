"""What on a page stands around the article: by the kind of its element, or by the words its classes are made of."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from presseschau.ingest.formats.outline import marks, text_of, words_of

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
