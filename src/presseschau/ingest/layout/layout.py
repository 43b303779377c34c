"""What each paragraph of a page is: headline, lead, body, crosshead; kept beside it; or no part of the article.

Furniture of the page goes first, then other articles, then the lines that say when, where and by whom; what is left is
the article, from the headline down. In doubt a paragraph stays body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from presseschau.ingest.dates import iso
from presseschau.ingest.layout import ticker
from presseschau.ingest.layout.blocks import (
    Part,
    blocks,
    can_head,
    crossheads,
    ends_sentence,
    is_addressed,
    is_interview,
    is_own_word,
    is_prose,
)
from presseschau.ingest.layout.credits import agency_in, bare_names, credited_person, inner_credit, trailing_credit
from presseschau.ingest.layout.dateline import Dateline, find_inside, read_dateline, read_place
from presseschau.ingest.layout.head import Head, plain, read_head
from presseschau.ingest.layout.sorting import sort_out
from presseschau.ingest.metadata import Imprint, Metadata
from presseschau.ingest.sentences import split
from presseschau.patterns import late

_LONGEST_LEAD: Final = 700
_SITE: Final = late(
    r"\s+(?:\|\s+(?P<site>[A-ZÄÖÜ][\w.&-]+(?: [\w.&-]+){0,3}|[\w-]+\.\w{2,3})"
    r"|[-–]\s+(?P<domain>[\w-]+\.(?:de|at|ch|com|net|online)))$"
)
_DATELINE_WITHIN: Final = 2
_CLOCK: Final = len("19:27")


class Layout(NamedTuple):
    """The paragraphs of a page in order, each with its kind, and what the page says about the article."""

    parts: tuple[Part, ...]
    metadata: Metadata
    incomplete: str | None = None
    missed: str | None = None

    def numbered(self) -> list[Part]:
        """The paragraphs whose sentences are numbered."""
        return [part for part in self.parts if part.role is not None]


def read_layout(text: str, given: Metadata, roles: Sequence[tuple[str, str]] = ()) -> Layout:
    """Class every paragraph of `text`. `given` metadata wins over what the text says, and so do the `roles` of some
    blocks (`Document.roles`)."""
    imprint = Imprint(given)
    said = {plain(block): role for role, block in roles}
    parts = [Part(block, said=said.get(plain(block.text), "") if said else "") for block in blocks(text)]
    incomplete, missed = sort_out(parts, imprint)
    _time_entries(parts, imprint)
    _name_head(parts, imprint)
    parts = _trim_outlet(parts, imprint)
    parts = _trim_dateline(parts, imprint, [text for role, text in roles if role == "place"])
    parts = _trim_credit(parts, imprint)
    _name_body(parts, imprint)
    return Layout(tuple(parts), imprint.metadata(), incomplete, missed)


def _open(parts: list[Part]) -> list[Part]:
    return [part for part in parts if part.is_open]


def _time_entries(parts: list[Part], imprint: Imprint) -> None:
    """Give every paragraph of a live ticker the moment of its entry, and take the printed time off it."""
    begun = next((n for n, part in enumerate(parts) if part.is_open and is_prose(part.text)), len(parts))
    entries = [ticker.read_entry(part.text) if _can_be_entry(part, n > begun) else None for n, part in enumerate(parts)]
    live = ticker.is_ticker(entries)
    timed = [(n, entry) for n, entry in enumerate(entries) if entry and (live or entry.update)]
    moments = ticker.moments([entry.stamp for _, entry in timed], imprint.published, imprint.updated)
    pieces: dict[int, list[Part]] = {}
    for (n, entry), moment in zip(timed, moments, strict=True):
        if entry.update and imprint.updated is None and len(moment) > _CLOCK:
            imprint.updated = moment
        pieces[n] = _entry_parts(parts[n], entry, moment)
    parts[:] = [piece for n, part in enumerate(parts) for piece in pieces.get(n, [part])]
    _spread(parts)


def _can_be_entry(part: Part, begun: bool) -> bool:
    """Paragraphs, lines with a bare time, and below the first paragraph lines with a date and a time."""
    return part.is_open or (part.kind == "timestamp" and (begun or len(part.text) <= len("(19.27 Uhr):")))


def _entry_parts(part: Part, entry: ticker.TickerEntry, moment: str) -> list[Part]:
    """The printed time, then the title of a "+++ ... +++" entry, then the entry itself."""
    pieces = [Part(part.block.head(entry.length), "timestamp", when=moment)]
    rest = part.block.tail(entry.length)
    if entry.title_end is not None:
        title = rest.head(entry.title_end - (rest.start - part.block.start))
        marks = len(part.text[entry.title_end :]) - len(part.text[entry.title_end :].lstrip(" +"))
        rest = part.block.tail(entry.title_end + marks)
        kind = "body" if is_prose(title.text) else "crosshead"
        pieces.append(Part(title, kind, when=moment))
    if rest.text:
        pieces.append(Part(rest, when=moment))
    return [piece for piece in pieces if piece.text]


def _spread(parts: list[Part]) -> None:
    """Paragraphs without a time of their own belong to the entry above them."""
    when = None
    for part in parts:
        when = part.when or when
        part.when = when


def _name_head(parts: list[Part], imprint: Imprint) -> None:
    """Topic, headline, second headlines, and the author's bare name under the headline."""
    first_entry = next((n for n, part in enumerate(parts) if part.when), len(parts))
    top = _open(parts[:first_entry])
    stamp = next((n for n, part in enumerate(parts) if part.kind in ("timestamp", "byline")), None)
    above = sum(part.is_open for part in parts[:stamp]) if stamp is not None else None
    lines = [part.text for part in top]
    head = read_head(lines, above, imprint.given.headline)
    if head.headline is not None and sum(part.is_open or part.role is not None for part in parts) == 1:
        head = Head(None)  # a single line is all there is: it is the text
    _apply_head(top, head, imprint)


def _apply_head(top: list[Part], head: Head, imprint: Imprint) -> None:
    if head.headline is not None:
        top[head.headline].kind = "headline"
        imprint.headline = top[head.headline].text
    if head.topic is not None:
        top[head.topic].kind = "topic"
        imprint.topic = imprint.topic or top[head.topic].text.rstrip(" :")
    for n in head.labels:
        names = bare_names(top[n].text) if head.headline is not None and n > head.headline else None
        top[n].kind = "byline" if names else "topic"
        imprint.author = imprint.author or names
    for n in head.second:
        top[n].kind = "lead"
    for n in head.navigation:
        top[n].drop("navigation")


def _trim_outlet(parts: list[Part], imprint: Imprint) -> list[Part]:
    """Take the name of the site off a headline that was the title of a page ("Haushalt steht | Werra-Bote")."""
    n = next((n for n, part in enumerate(parts) if part.kind == "headline"), None)
    match = _SITE.search(parts[n].text) if n is not None else None
    if n is None or match is None:
        return parts
    imprint.outlet = imprint.outlet or match["site"] or match["domain"]
    headline = Part(parts[n].block.head(match.start()), "headline")
    if imprint.given.headline is None:
        imprint.headline = headline.text
    return [*parts[:n], headline, Part(parts[n].block.tail(match.start()), "credit"), *parts[n + 1 :]]


def _trim_dateline(parts: list[Part], imprint: Imprint, places: Sequence[str] = ()) -> list[Part]:
    """Take the dateline off the first or second paragraph, or from inside a first one that holds lead and body.
    `places` are said to be one by the container."""
    article = "\n".join(part.text for part in parts if part.is_open or part.role is not None)
    prose = [n for n, part in enumerate(parts) if part.is_open and is_prose(part.text)][:_DATELINE_WITHIN]
    alone = [n for n, part in enumerate(parts[: prose[0]]) if part.is_open][-1:] if prose else []
    for n in alone:
        if read_place(parts[n].text, article) == len(parts[n].text):
            parts[n].kind = "dateline"
            return parts
    spoken = len(re.findall(r"^(?:\S+ ){0,2}[^\s:]+: ", article, re.MULTILINE)) > 1
    for n in prose:
        said = next((place for place in places if parts[n].text.startswith(f"{place} ")), None)
        found = Dateline(len(said), None, None) if said else None
        found = found or read_dateline(parts[n].text) or _placed(parts[n].text, article)
        if found and spoken and parts[n].text[: found.length].rstrip().endswith(":"):
            continue  # somebody who speaks
        if found:
            return parts[:n] + _split_dateline(parts[n], 0, found, imprint) + parts[n + 1 :]
    if prose:
        inside = find_inside(parts[prose[0]].text)
        if inside:
            n = prose[0]
            return parts[:n] + _split_dateline(parts[n], *inside, imprint) + parts[n + 1 :]
    return parts


def _placed(text: str, article: str) -> Dateline | None:
    length = read_place(text, article)
    return Dateline(length, None, iso(text[:length])) if length else None


def _split_dateline(part: Part, offset: int, found: Dateline, imprint: Imprint) -> list[Part]:
    """Lead before an inner dateline, the dateline, the rest."""
    imprint.note_agency(found.agency, dateline=True)
    imprint.published = imprint.published or found.date
    pieces = [Part(part.block.head(offset), "lead", when=part.when)] if offset else []
    tail = part.block.tail(offset)
    pieces.append(Part(tail.head(found.length), "dateline"))
    pieces.append(Part(tail.tail(found.length), when=part.when, said=part.said))
    return pieces


def _trim_credit(parts: list[Part], imprint: Imprint) -> list[Part]:
    """Take a credit such as "(APA, 28.4.2016)" off the last paragraphs."""
    for n in [n for n, part in enumerate(parts) if part.is_open][-2:]:
        text = parts[n].text
        inner = inner_credit(text)
        at = inner[0] if inner else trailing_credit(text)
        if at is None or at == 0:
            continue
        tail = parts[n].block.tail(at)
        length = inner[1] - at if inner else len(tail.text)
        credit = Part(tail.head(length), "credit")
        imprint.note_agency(agency_in(credit.text))
        imprint.published = imprint.published or iso(credit.text)
        imprint.author = imprint.author or credited_person(credit.text)
        body = Part(parts[n].block.head(at), when=parts[n].when, said=parts[n].said)
        behind = [Part(tail.tail(length), when=parts[n].when)] if inner else []
        return [*parts[:n], body, credit, *behind, *parts[n + 1 :]]
    return parts


def _name_body(parts: list[Part], imprint: Imprint) -> None:
    """Lead, crossheads and body among what is still open."""
    for part in parts:
        if part.is_open and part.said == "lead":
            part.kind = "lead"
    rest = _open(parts)
    about = " ".join(part.text for part in parts if part.kind in ("topic", "headline", "byline"))
    above = [part.text for part in parts if part.kind == "lead"]
    spoken = is_interview([*above, *(part.text for part in rest)], about) or _asks(parts)
    guessed = crossheads([part.text for part in rest], about, above)
    for n, part in enumerate(rest):
        asks = part.said == "question"
        says_so = part.said == "heading" or (asks and not spoken and len(split(part.text)) == 1)
        looks_so = n in guessed and (part.said in ("", "heading") or (asks and not spoken))
        if looks_so or (says_so and can_head(part.text)):
            part.kind = "crosshead"
    paragraphs = [part for part in rest if part.is_open]
    for part in paragraphs:
        part.kind = "body"
    led = any(part.kind == "lead" for part in parts)
    if not led and len(paragraphs) > 1 and rest[0] is paragraphs[0] and _can_lead(rest[0]):
        rest[0].kind = "lead"


def _asks(parts: list[Part]) -> bool:
    """Do most of the questions that the page sets apart speak to somebody?"""
    asked = [part.text for part in parts if part.said == "question"]
    answers = [after.text for part, after in pairwise(parts) if part.said == "question"]
    return len(asked) > 1 and (
        2 * sum(map(is_addressed, asked)) >= len(asked) or 2 * sum(map(is_own_word, answers)) > len(answers)
    )


def _can_lead(part: Part) -> bool:
    return ends_sentence(part.text) and len(part.text) <= _LONGEST_LEAD and part.when is None
