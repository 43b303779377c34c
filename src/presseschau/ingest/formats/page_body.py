"""Which lines of a page are its article: what trafilatura takes for it, what it lost between, and the lead above."""

from __future__ import annotations

import copy
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from presseschau.ingest.dates import read_line
from presseschau.ingest.formats.outline import PageLine, bare, marks, text_of, words_of
from presseschau.ingest.layout.blocks import HEADING_LENGTH, ends_sentence, is_prose
from presseschau.ingest.layout.credits import read_byline, read_credit
from presseschau.ingest.layout.furniture import (
    is_boilerplate,
    is_consent,
    is_full,
    is_link_line,
    is_pitch,
    stop_heading,
)
from presseschau.lang import SOURCE, regex

_SHORTEST_LEAD, _LONGEST_LEAD = 40, 1500
_LONG_ENOUGH = 30  # letters of a block that may be found inside a line
_LINKED = 0.6  # share of links from which a line points elsewhere
_TICKER_ENTRIES = 3
_MOST_HEADS = 2
_NEAR = 4
_MOST_LOST = 200  # blocks that stand nowhere in the lines, behind which none is looked for inside one
_PLACED = 2  # paragraphs in which a place may stand
_PLACE = re.compile(r"[A-ZÄÖÜ][\w-]+(?:[ /][A-ZÄÖÜ(][\w()-]+){0,2}[.:]")
_LONGEST_BYLINE = 100
_SCANTY, _PART = 1000, 0.3
"""Characters that may be too few for an article, and the share of the densest element's from which they are enough."""
_LARGEST_BOX, _OF_BOX = 800, 0.25  # characters of a box of teasers, and the share of them that are links
_ENOUGH = 0.5
"""From this share of the page's paragraphs on, trafilatura's quick way has found the article."""


@dataclass
class PageBody:
    """The article's lines: (role, text), and what prose stands between them that is not its own, (reason, text).

    Roles: lead, heading, item, question, text; "" where nothing but the text tells. `places` open the lead or the first
    paragraph in bold ("Werden. Der Rat ..."). `end`: number of the last line.
    """

    lead: list[str] = field(default_factory=list)
    blocks: list[tuple[str, str]] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    end: int = 0


def find_body(
    lines: Sequence[PageLine], tree: Any, around: Mapping[Any, str], title: int, description: str
) -> PageBody:
    """The body among the lines of `tree`. `around`: elements that are not the article; `title`: the number of the last
    line of the headline, -1 if there is none; `description`: what the page says the article is about."""
    found = _extracted(_without(tree, around), fast=True)
    running = sum(len(line.text) for line in lines[title + 1 :] if not line.around and line.tag == "p" and _runs(line))
    if sum(len(block) for block in found if is_prose(block)) < _ENOUGH * running:
        found = _extracted(_without(tree, around), fast=False)
    kept, loose = _matched(lines, found)
    if not any(is_prose(lines[n].text) for n in kept) and not any(is_prose(block) for block in loose.values()):
        kept, loose = _densest(lines, title), {}
    dense = _densest(lines, title) if kept and sum(len(lines[n].text) for n in kept) < _SCANTY else set()
    if sum(len(lines[n].text) for n in kept) < _PART * sum(len(lines[n].text) for n in dense):
        kept |= dense
    kept = {n for n in kept if n > title or title < 0}
    others = _second_article(lines, kept, title)
    kept -= others
    lines = lines[: min(others)] if others else lines
    if not kept:
        return PageBody(blocks=[("", block) for block in found])
    lead = _find_lead(lines, kept, title, description)
    _fill(lines, kept, lead, title)
    kept -= _in_boxes(lines, kept)
    if kept <= set(lead):
        lead = [n for n in lead if n not in kept]  # a single paragraph is all there is
    kept -= set(lead)
    above = [n for n in kept if lead and title < n < lead[0] and lines[n].is_head]  # a second headline
    result = PageBody(lead=[lines[n].text for n in [*above, *lead]])
    if result.lead and (signed := regex(SOURCE, "pages", "signed_lead").search(result.lead[-1])):
        result.beside.append(("byline", signed["names"]))
        result.lead[-1] = result.lead[-1][: signed.start()].rstrip()
    kept -= set(above)
    for n in sorted(kept | loose.keys()):
        if n in kept:
            result.blocks.append((_role(lines[n]), lines[n].text))
        if n in loose:
            result.blocks.append(("", loose[n]))
    result.places = [lines[n].opening for n in [*lead, *sorted(kept)[:_PLACED]] if _PLACE.fullmatch(lines[n].opening)]
    result.end = last = max([title, *kept, *lead, *above])
    own = {bare(text) for text in [*result.lead, *(text for _, text in result.blocks)]}
    for n in range(title + 1, last):
        line = lines[n]
        if n not in kept and n not in lead and n not in above and is_prose(line.text) and bare(line.text) not in own:
            reason = "box" if line.around in ("", "menu") else line.around
            result.beside.append(("boilerplate" if is_boilerplate(line.text) else reason, line.text))
    return result


def _without(tree: Any, around: Mapping[Any, str]) -> Any:
    """A copy of the tree without some of its elements."""
    twin = copy.deepcopy(tree)
    for node, double in zip(list(tree.iter()), list(twin.iter()), strict=True):
        if node in around and double.getparent() is not None:
            double.drop_tree()
    return twin


def _extracted(tree: Any, fast: bool) -> list[str]:
    """The body's blocks in order as trafilatura sees them: paragraphs, crossheads, list items, quotations."""
    import trafilatura

    found = trafilatura.bare_extraction(
        tree, favor_precision=True, include_comments=False, include_tables=False, fast=fast
    )
    body = getattr(found, "body", None)
    return [block for block in _blocks(body) if block] if body is not None else []


def _blocks(node: Any) -> list[str]:
    blocks: list[str] = []
    for child in node:
        if child.tag in ("list", "quote", "div") and len(child) and not (child.text or "").strip():
            blocks += _blocks(child)
        else:
            blocks.append(text_of(child))
    return blocks


def _matched(lines: Sequence[PageLine], blocks: list[str]) -> tuple[set[int], dict[int, str]]:
    """(numbers of the lines that hold the blocks, blocks that stand in no line by the number of the line before)."""
    starts: list[int] = []
    whole: list[str] = []
    length = 0
    first: dict[str, list[int]] = {}
    for n, line in enumerate(lines):
        own = "" if line.around else bare(line.text)
        starts.append(length)
        whole.append(own)
        length += len(own)
        if own:
            first.setdefault(own, []).append(n)
    text = "".join(whole)
    kept: set[int] = set()
    loose: dict[int, str] = {}
    at = last = lost = 0
    for block in blocks:
        own = bare(block)
        numbers = first.get(own, [])
        place = bisect_left(numbers, at, key=lambda n: starts[n])
        same = numbers[place] if place < len(numbers) else None
        if same is not None:
            kept.add(same)
            at, last = starts[same] + len(own), same
            continue
        start = text.find(own, at) if len(own) >= _LONG_ENOUGH and lost < _MOST_LOST else -1
        lost += start < 0
        if start < 0:
            if is_prose(block) and lost < _MOST_LOST and own not in text:
                loose[last] = f"{loose[last]}\n\n{block}" if last in loose else block
            continue
        end = start + len(own)
        n = last if starts[last] <= start else 0
        while n < len(lines) and starts[n] < end:
            inside = min(end, starts[n] + len(whole[n])) - max(start, starts[n])
            if whole[n] and inside > 0.5 * len(whole[n]):
                kept.add(n)
                last = n
            n += 1
        at = end
    return kept, loose


def _densest(lines: Sequence[PageLine], title: int) -> set[int]:
    """The lines of running text below the innermost element that holds most of the page's: for pages that are laid
    out with tables or without paragraphs, of which trafilatura sees nothing."""
    prose = [n for n, line in enumerate(lines) if n > title and not line.around and _runs(line)]
    total = sum(len(lines[n].text) for n in prose)
    weights: dict[Any, int] = {}
    for n in prose:
        for up in (lines[n].node, *lines[n].node.iterancestors()):
            weights[up] = weights.get(up, 0) + len(lines[n].text)
    most = [node for node, weight in weights.items() if weight >= 0.7 * total]
    if not most or total < 2 * HEADING_LENGTH:
        return set()
    home = min(most, key=lambda node: weights[node])
    return {n for n in prose if lines[n].node is home or home in lines[n].node.iterancestors()}


def _runs(line: PageLine) -> bool:
    """Is the line running text that does not point elsewhere?"""
    return is_prose(_unsigned(line.text)) and line.linked < _LINKED


def _is_beside(line: PageLine) -> bool:
    """Is the line a name, a date, a credit or furniture by what it says?"""
    text = line.text
    return (
        read_byline(text) is not None
        or read_credit(text) is not None
        or is_boilerplate(text)
        or is_consent(text)
        or is_pitch(text)
        or is_link_line(text)
        or (bool(read_line(text)[0]) and len(text) < _SHORTEST_LEAD)
    )


def _find_lead(lines: Sequence[PageLine], kept: set[int], title: int, description: str) -> list[int]:
    """The numbers of the lines that are the lead: marked so, equal to the description, or running text between the
    headline and the body; else a first paragraph in bold."""
    first = min((n for n in kept if is_prose(lines[n].text)), default=min(kept))
    above = [n for n in range(max(0, title + 1), first) if _can_lead(lines[n])]
    said = [n for n in above if _is_marked(lines[n], title, lines) or _same_start(lines[n].text, description)]
    if not said and title >= 0:
        said = [
            n
            for n in above
            if not lines[n].around and _runs(lines[n]) and not _is_beside(lines[n]) and not _has_picture(lines[n])
        ]
    if said:
        home = lines[said[0]].home  # one box: a second marked line far below is another teaser
        said = [n for n in said if n == said[0] or lines[n].home is home][:_NEAR]
        return [*_points(lines, title, said[0]), *said]
    head = lines[first]
    is_bold = len(kept) > 1 and head.bold > 0.95 and ends_sentence(_unsigned(head.text))
    told = is_bold or _is_marked(head, title, lines)
    return [*_points(lines, title, first), first] if told and _can_lead(head) else []


def _can_lead(line: PageLine) -> bool:
    text = line.text
    return (
        _SHORTEST_LEAD <= len(text) <= _LONGEST_LEAD
        and line.linked < _LINKED
        and line.tag != "li"
        and (ends_sentence(_unsigned(text)) or len(text) > HEADING_LENGTH // 2)
        and line.around in ("", "teaser")
    )


def _points(lines: Sequence[PageLine], title: int, end: int) -> list[int]:
    """The items of a list between headline and lead that sums up the article: sentences that point nowhere."""
    items = [n for n in range(max(0, title + 1), end) if lines[n].tag == "li"]
    sums_up = all(lines[n].linked == 0 and not lines[n].around and ends_sentence(lines[n].text) for n in items)
    return items if sums_up and len(items) > 1 else []


def _unsigned(text: str) -> str:
    """The lead without the names behind it."""
    signed = regex(SOURCE, "pages", "signed_lead").search(text)
    return text[: signed.start()] if signed else text


def _is_marked(line: PageLine, title: int, lines: Sequence[PageLine]) -> bool:
    """Is the element, or one of the two around it that do not hold the headline, marked as a lead?"""
    holds = set(lines[title].node.iterancestors()) | {lines[title].node} if title >= 0 else set()
    node = line.node
    for _ in range(3):
        if node is None or node in holds or node.tag in ("body", "main", "article"):
            return False
        words = words_of(node)
        if words & marks("lead") or (title >= 0 and "teaser" in words and node.find(".//a") is None):
            return True
        node = node.getparent()
    return False


def _has_picture(line: PageLine) -> bool:
    """Does a picture stand in the same small box, so that the line may be its caption?"""
    box = line.node
    for _ in range(2):
        if box is None or not _holds_little(box, len(line.text) + _SHORTEST_LEAD):
            return False
        if box.find(".//img") is not None or box.find(".//picture") is not None:
            return True
        box = box.getparent()
    return False


def _holds_little(node: Any, most: int) -> bool:
    """Has the element at most so many characters of text? It is read no further than needed."""
    size = 0
    for text in node.itertext():
        size += len(text.strip())
        if size > most:
            return False
    return True


def _same_start(text: str, description: str) -> bool:
    start, own = (bare(part.rstrip(". …"))[:120] for part in (description, text))
    return len(start) >= _SHORTEST_LEAD and (own.startswith(start) or (len(own) >= 60 and start.startswith(own)))


def _second_article(lines: Sequence[PageLine], kept: set[int], title: int) -> set[int]:
    """The kept lines from a second h1 on that has a date or a name of its own: another article."""
    first = min((n for n in kept if n > title and is_prose(lines[n].text)), default=len(lines))
    for n in range(first + 1, max(kept, default=0)):
        if lines[n].tag == "h1":
            below = [line.text for line in lines[n + 1 : n + 3] if len(line.text) < _LONGEST_BYLINE]
            if any(read_line(text)[0] or read_byline(text) is not None for text in below):
                return {k for k in kept if k >= n}
    return set()


def _in_boxes(lines: Sequence[PageLine], kept: set[int]) -> set[int]:
    """The kept lines that stand in boxes of their own, in which much of the text points elsewhere: teasers, offers."""
    prose = [n for n in kept if is_prose(lines[n].text)]
    weights: dict[Any, int] = {}
    for n in prose:
        weights[lines[n].home] = weights.get(lines[n].home, 0) + len(lines[n].text)
    main = max(weights, key=lambda node: weights[node], default=None)
    if main is None:
        return set()
    above = {main, *main.iterancestors()}
    boxes: dict[Any, list[int]] = {}
    for n in range(min(kept), max(kept) + 1):
        line = lines[n]
        if line.node in above:
            continue
        box = next((node for node in (line.node, *line.node.iterancestors()) if node.getparent() in above), None)
        if box is not None and box.tag not in ("p", "ul", "ol", "blockquote", "header"):
            boxes.setdefault(box, []).append(n)
    found: set[int] = set()
    for box, numbers in boxes.items():
        whole = sum(len(lines[n].text) for n in numbers)
        linked = sum(len(lines[n].text) * lines[n].linked for n in numbers)
        if whole <= _LARGEST_BOX and (linked > _OF_BOX * whole or box.find(".//button") is not None):
            found.update(kept.intersection(numbers))
    return found if len(found) < 0.5 * len(kept) else set()


def _fill(lines: Sequence[PageLine], kept: set[int], lead: list[int], title: int) -> None:
    """Add crossheads, list items, times and paragraphs that stand between the body's lines or go on behind them."""
    prose = [n for n in kept if is_prose(lines[n].text)] or list(kept)
    homes = {lines[n].home for n in prose} | {lines[n].node for n in prose if lines[n].tag in ("div", "td", "section")}
    lists = {lines[n].home for n in kept if lines[n].tag == "li"}
    looks = {_look(lines[n]) for n in prose}
    ticker = sum(line.is_clock for line in lines) >= _TICKER_ENTRIES
    first, last = min(kept), max(kept)
    own = {bare(lines[n].text) for n in kept}
    for n in range(max([title, *lead]) + 1, len(lines)):
        line = lines[n]
        if n < first and title < 0:
            continue
        if n > last and (line.home not in homes or stop_heading(line.text)):
            break
        if n in kept or line.around or line.linked >= _LINKED or bare(line.text) in own or n in lead:
            continue
        if line.tag == "li":
            around = line.home.getparent() if line.home is not None else None
            good = line.home in lists or around in homes
        else:
            looks_so = n < last and line.linked == 0 and _look(line) in looks
            good = is_prose(line.text) and (line.home in homes or line.node in homes or is_full(line.text))
            good = (good or (looks_so and n > first)) and not (n < first and _has_picture(line))
        if good and not _is_beside(line):
            kept.add(n)
    for n in range(max(kept), max(first - 2, title), -1):
        line = lines[n]
        if n in kept or n in lead or line.around or n + 1 not in kept:
            continue
        timed = ticker and line.is_clock
        if n < first and not timed:
            continue
        heads = sum(k in kept and lines[k].is_head for k in range(n + 1, n + 1 + _MOST_HEADS))
        if timed or (line.is_head and heads < _MOST_HEADS and (line.linked < _LINKED) and bare(line.text) not in own):
            kept.add(n)


def _look(line: PageLine) -> tuple[Any, ...]:
    """What a line looks like: the kinds and classes of its element and of the one around it."""
    return tuple((node.tag, node.get("class")) for node in (line.node, line.home) if node is not None)


def _role(line: PageLine) -> str:
    """What the element says of its text."""
    if line.tag == "li":
        return "item"
    if line.text.rstrip("\"“”«»'").endswith("?") and (line.bold > 0.95 or line.tag in ("h3", "h4", "h5", "dt")):
        return "question"
    if line.is_head:
        return "heading"
    return "text" if line.tag == "p" and len(re.findall(r"\w+", line.text)) > 1 and ends_sentence(line.text) else ""
