"""The lines of a page in order: innermost blocks of text, each with the element that holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from presseschau.lang import SOURCE, vocabulary

_WORD = re.compile(r"[a-zäöü]+")
_SIGNS = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NEVER_TEXT = frozenset(
    ("head", "script", "style", "noscript", "template", "button", "select", "option", "svg", "textarea")
)
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var", "wbr", "img", "picture", "source", "input", "lb", "ref", "hi",
))  # fmt: skip
_HEADS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SENTENCE = re.compile(r"[.!?…:][\"“”«»‘’'›‹)\]]*$")
_CLOCK = re.compile(r"(?:\d{1,2}\.\s?\d{1,2}\.(?:\d{2,4})?,?\s*)?\d{1,2}[.:]\d{2}(?:\s*Uhr)?\Z")
_MAX_HEAD = 120
_MIN_CAPTION, _MAX_CAPTION = 30, 350
_NEAR_PICTURE = 3  # lines
_MENU = 12  # links from which navigation is no pager
_MAX_ROW = 200  # characters of boxes that stand side by side
_MOST_BREAKS = 3  # in a block whose first line may be a heading


@cache
def marks(use: str) -> frozenset[str]:
    """The words that mark an element as `use` (lang/de/page_marks.csv)."""
    return frozenset(vocabulary(SOURCE, "page_marks", use))


def words_of(node: Any) -> frozenset[str]:
    """The words of an element's class, id and usual marks, also those joined in camelCase, and of its own name if
    that is not HTML."""
    said = " ".join(
        value
        for name, value in node.attrib.items()
        if len(value) < 200 and (name in ("class", "id", "itemprop", "role") or name.startswith("data-"))
    )
    return _words(f"{said} {node.tag}" if "-" in node.tag else said)


@lru_cache(maxsize=4096)
def _words(said: str) -> frozenset[str]:
    return frozenset(_WORD.findall(_CAMEL.sub(" ", said).lower()))


def bare(text: str) -> str:
    """The letters and digits of `text` alone, case folded: what two writings of one line have in common."""
    return _SIGNS.sub("", text.casefold())


def is_block(node: Any) -> bool:
    """Whether the element begins and ends a line: all that are not inline elements of HTML."""
    return node.tag not in _INLINE


@dataclass(frozen=True, eq=False)
class PageLine:
    """One innermost block of the page, or a piece of it between line breaks. `node` is its element; `linked`, `bold`
    and `slanted` are shares of its characters; `around` says that it stands around the article; `opening` is the bold
    type it begins with, if the rest is plain."""

    tag: str
    text: str
    node: Any
    home: Any
    linked: float
    bold: float
    slanted: float
    around: str = ""
    opening: str = ""

    @property
    def is_head(self) -> bool:
        """Whether the element, or bold type in all of a short line, makes it a heading."""
        short = len(self.text) <= _MAX_HEAD
        return short and (self.tag in _HEADS or (self.bold > 0.95 and not _SENTENCE.search(self.text)))

    @property
    def is_clock(self) -> bool:
        """Whether it is the time of an entry in a live ticker."""
        return bool(_CLOCK.match(self.text))


def outline(tree: Any, around: dict[Any, str]) -> list[PageLine]:
    """Every innermost block with text, in the order of the page. `around`: element -> why it is not the article."""
    from lxml import etree  # type: ignore[import-untyped]

    lines: list[PageLine] = []
    open_blocks: list[tuple[Any, str]] = [(tree, "")]
    pieces: list[tuple[str, bool, bool, bool]] = []
    depth = {"a": 0, "b": 0, "i": 0, "-": 0}
    pictures: list[tuple[int, str]] = []  # (lines before it, what it says instead)
    rows: set[Any] = set()
    passed: set[Any] = set()

    def add(text: str | None) -> None:
        if text:
            pieces.append((text, depth["a"] > 0, depth["b"] > 0, depth["i"] > 0))

    def flush() -> None:
        if pieces:
            for line in _lines(*open_blocks[-1], pieces):
                is_caption = (
                    not line.around and pictures and _is_caption(line, len(lines) - pictures[-1][0], pictures[-1][1])
                )
                lines.append(replace(line, around="caption") if is_caption else line)
            pieces.clear()

    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if event in ("comment", "pi"):
            add(node.tail if node is not tree else None)
            continue
        kind, block = _KIND.get(node.tag), is_block(node) or node in rows or _is_topic(node)
        if event == "start":
            if node.tag in _NEVER_TEXT or _is_menu(node):
                walk.skip_subtree()
                passed.add(node)
                continue
            if node.tag == "br":
                add("\x01")
            elif node.tag == "img":
                pictures.append((len(lines), bare(node.get("alt") or "")))
            elif block:
                flush()
                open_blocks.append((node, around.get(node) or open_blocks[-1][1]))
                rows.update(_boxes(node))
            if kind:
                depth[kind] += 1
            add(node.text)
        else:
            if node in passed:
                add(" " if block else None)
            else:
                depth[kind or "-"] -= 1
                if node.tag != "br" and block:
                    flush()
                    if len(open_blocks) > 1:
                        open_blocks.pop()
            if node is not tree:
                add(node.tail)
    flush()
    return lines


def _is_topic(node: Any) -> bool:
    """Whether an inline element is marked as the topic, which stands apart from the headline beside it."""
    return node.tag in ("span", "a", "small") and bool(words_of(node) & marks("topic"))


def _is_menu(node: Any) -> bool:
    """Whether it is navigation, and no pager or byline."""
    return node.tag in ("nav", "footer") and len(node.findall(".//a")) > _MENU


def _is_caption(line: PageLine, behind: int, instead: str) -> bool:
    """Is the line, so many lines behind a picture, its caption: the text it shows instead, or slanted at once below?"""
    if line.tag in _HEADS or len(line.text) > _MAX_CAPTION:
        return False
    own = bare(line.text)
    same = len(own) >= _MIN_CAPTION and instead.startswith(own[: _MIN_CAPTION * 2])
    return (same and behind <= _NEAR_PICTURE) or (behind == 0 and line.slanted > 0.95)


_KIND = {"a": "a", "b": "b", "strong": "b", "i": "i", "em": "i"}


def _boxes(node: Any) -> list[Any]:
    """The inline elements that stand side by side in a block without text of its own: a name, a date, a topic, each
    a line."""
    if node.tag in ("p", "li", "dt", "dd", "blockquote", "td") or node.tag in _HEADS or len(node) < 2:
        return []
    if (node.text or "").strip() or any((part.tail or "").strip(" |·•,/\t\r\n") for part in node):
        return []
    inline = [part for part in node if isinstance(part.tag, str) and not is_block(part) and part.tag != "br"]
    if len(inline) == len(node) and len("".join(node.itertext())) > 2 * _MAX_ROW:
        return []
    return inline


def _lines(node: Any, around: str, pieces: list[tuple[str, bool, bool, bool]]) -> Iterator[PageLine]:
    """The lines of one block's text: parted at `<br>` where a sentence or a heading ends."""
    if not any(piece[0].strip() for piece in pieces):
        return
    runs: list[list[tuple[str, bool, bool, bool]]] = [[]]
    for text, in_link, strong, leaning in pieces:
        for number, part in enumerate(text.split("\x01")):
            if number:
                runs.append([])
            if part:
                runs[-1].append((part, in_link, strong, leaning))
    runs = [run for run in runs if any(part[0].strip() for part in run)]
    item = next((up for up in _near(node) if up.tag == "li"), None)
    home = (item if item is not None else node).getparent()
    joined: list[list[tuple[str, bool, bool, bool]]] = []
    for before, run in zip([[], *runs], runs, strict=False):
        if joined and not _breaks(before, run, len(runs)):
            joined[-1] += [(" ", False, False, False), *run]
        else:
            joined.append(list(run))
    for run in joined:
        text = " ".join("".join(part[0] for part in run).split())
        sizes = [len(part[0].strip()) for part in run]
        whole = sum(sizes) or 1
        linked, bold, slanted = (
            sum(size for size, part in zip(sizes, run, strict=True) if part[n]) / whole for n in (1, 2, 3)
        )
        tag = node.tag if item is None or node.tag in _HEADS else "li"
        opening = " ".join(run[0][0].split()) if run[0][2] and bold < 1 else ""
        yield PageLine(tag, text, node, home, linked, bold, slanted, around, opening)


def _near(node: Any) -> Iterator[Any]:
    """The element and the two above it."""
    for _ in range(3):
        if node is not None:
            yield node
            node = node.getparent()


def _breaks(before: list[tuple[str, bool, bool, bool]], after: list[tuple[str, bool, bool, bool]], count: int) -> bool:
    """Does a line end between two pieces of a block that `<br>` parts?"""
    text, following = ("".join(part[0] for part in run).strip() for run in (before, after))
    if _SENTENCE.search(text):
        return True
    first, second = (all(part[2] for part in run if part[0].strip()) for run in (before, after))
    if first != second:
        return True  # bold type begins or ends
    return (
        count <= _MOST_BREAKS
        and len(text) <= _MAX_HEAD
        and not text.endswith((",", "-", "–"))
        and following[:1].isupper()
        and len(following) > len(text)
        and _SENTENCE.search(following) is not None
    )


def text_of(node: Any) -> str:
    """The text of an element in one line; `<br>`, trafilatura's `<lb>` and blocks inside it count as blanks."""
    from lxml import etree

    pieces: list[str] = []
    for event, part in etree.iterwalk(node, events=("start", "end", "comment", "pi")):
        is_element = isinstance(part.tag, str)
        if event == "start" and is_element and part.tag not in ("script", "style"):
            pieces += (" " if _is_apart(part) else "", part.text or "")
        elif event != "start" and part is not node:
            pieces += (" " if is_element and _is_apart(part) else "", part.tail or "")
    return " ".join("".join(pieces).split())


def _is_apart(node: Any) -> bool:
    return node.tag in ("br", "lb", "div", "p", "li") or bool(words_of(node) & marks("topic"))
