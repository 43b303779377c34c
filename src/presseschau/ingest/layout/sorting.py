"""Sorting out: what on a page is not the article, and the lines beside it that say when, where and by whom."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import takewhile
from typing import Final

from presseschau.ingest.dates import iso, read_line
from presseschau.ingest.layout import furniture
from presseschau.ingest.layout import furniture as walls
from presseschau.ingest.layout.blocks import HEADING_LENGTH, OPEN, Part, ends_sentence, is_prose
from presseschau.ingest.layout.credits import (
    agency_in,
    credited_person,
    outlet_in,
    paper_in,
    read_byline,
    read_credit,
    trailing_credit,
)
from presseschau.ingest.layout.dateline import dateline_alone
from presseschau.ingest.layout.furniture import close, is_boilerplate
from presseschau.ingest.layout.head import is_topic, same_line
from presseschau.ingest.metadata import Imprint
from presseschau.lang import SOURCE, any_of, regex
from presseschau.patterns import late

_rule = partial(regex, SOURCE, "editors")
_any = partial(any_of, SOURCE, "editors")

_SHORT: Final = 700
_BRACKET_BEFORE: Final = late(r"[(\[][^)\]]*[)\]]\s*[\w„»]")
"""A bracket that text follows: a mark on a headline ("(Berichtigt: Zahl der Betten) Klinik schließt Station")."""


def is_note(text: str) -> bool:
    """Is the paragraph, or the sentence in brackets, a note of the editors?"""
    return len(text) <= _SHORT and _any("note").match(text) is not None and not _BRACKET_BEFORE.match(text)


def is_bracketed_note(sentence: str) -> bool:
    """Is the sentence wholly in brackets and a note? A note inside a sentence stays where it is."""
    return sentence[:1] in "([" and sentence.rstrip(".")[-1:] in ")]" and is_note(sentence)


def can_head(note: str) -> bool:
    """Could the note be the headline of a correction ("Berichtigung: Osterfeld hatte eine Versicherung")?

    A headline says what is true now; a note speaks of the text that was changed.
    """
    return (
        len(note) <= HEADING_LENGTH and bool(_rule("headline").match(note)) and not _rule("about_the_text").search(note)
    )


_PLACE: Final = late(r"[A-ZÄÖÜ][\w./-]*(?: [A-ZÄÖÜ(][\w./()-]*){0,2}")
_SOURCES: Final = late(r"[|\s]*[\w.-]+(?:\s*[,/|+]\s*[\w.-]+){0,4}")
_SEPARATED: Final = late(r"[,|·•]")
_TOPIC_WORDS: Final = 3
_FEWEST_RESUMING: Final = 2
_FIRST_LATER_STAMP: Final = 2
_MISSED: Final = 0.15
"""From this share of the running text on, what was left out is said."""
_OTHERS: Final = ("stop heading", "teaser", "later date")


def sort_out(parts: list[Part], imprint: Imprint) -> tuple[str | None, str | None]:
    """Drop what is not the article, name the lines beside it. Returns why the article is incomplete, and which large
    part was left out as other articles; each None if there is no such thing."""
    incomplete = _drop_furniture(parts)
    for part in parts:
        if part.is_open:
            _name_line(part, imprint)
    _reopen_headline(parts, imprint.given.headline)
    _drop_others(parts)
    _collect_stamps(parts, imprint)
    _drop_later(parts, imprint)
    close(parts, imprint)
    return incomplete, _missed(parts)


def _missed(parts: list[Part]) -> str | None:
    """What was taken for other articles by its place alone, if it is much of the running text."""
    if not any(part.reason in _OTHERS and is_prose(part.text) for part in parts):
        return None
    lost: Counter[str] = Counter()
    kept = 0
    heading = "a later date"
    for n, part in enumerate(parts):
        if part.reason == "stop heading":
            heading = f"“{part.text}”"
        elif is_prose(part.text):
            if part.kind != "dropped":
                kept += len(part.text)
            elif part.reason in _OTHERS and not furniture.marks([each.text for each in parts[n : n + 2]])[0]:
                lost[heading] += len(part.text)
    share = lost.total() / max(1, kept + lost.total())
    if share <= _MISSED:
        return None
    under = ", ".join(found for found, _ in lost.most_common(3))
    return f"{share:.0%} of the running text ({lost.total():,} characters) stands under {under}"


def _drop_furniture(parts: list[Part]) -> str | None:
    """Drop consent texts, pitches for a subscription and boilerplate; say what is missing if a wall stood there."""
    pitches: list[str] = []
    consents = 0  # characters
    for part in parts:
        if walls.is_consent(part.text):
            part.drop("cookie wall")
            consents += len(part.text)
        elif walls.is_pitch(part.text):
            part.drop("paywall")
            pitches.append(part.text)
        elif is_boilerplate(part.text):
            part.drop("boilerplate")
    for part in parts if pitches else ():
        if part.is_open and walls.is_offer(part.text):
            part.drop("paywall")
    running = [part.text for part in parts if part.is_open and is_prose(part.text)]
    length = sum(map(len, running))
    if pitches and (length < walls.STUB_LENGTH or any(map(walls.cuts_short, pitches))):
        return "It ends at a paywall."
    if consents and length < max(consents, walls.STUB_LENGTH // 4):
        return "Most of it is a request for consent to cookies."
    if running and length < walls.STUB_LENGTH and walls.breaks_off(running[-1]):
        return "It breaks off in the middle."
    return None


def _name_line(part: Part, imprint: Imprint) -> None:
    """Timestamp, byline, credit, caption or note, if the line is one."""
    text = part.text
    if _name_timestamp(part, imprint):
        return
    author = read_byline(text)
    if author is not None:
        part.kind = "byline"
        imprint.author = imprint.author or author or None
    elif is_note(text):
        part.kind = "note"
    else:
        credit = read_credit(text)
        if credit:
            part.kind = credit
        elif agency := dateline_alone(text):
            part.kind = "dateline"
            imprint.note_agency(agency, dateline=True)
        if credit == "credit" and not text.lower().startswith(("foto", "bild", "grafik", "video")):
            imprint.note_agency(agency_in(text))
            imprint.author = imprint.author or (credited_person(text) if text.startswith("(") else None)
            imprint.outlet = imprint.outlet or (None if text.startswith("(") else outlet_in(text))


def _reopen_headline(parts: list[Part], known: str | None) -> None:
    """The headline of a correction is not a note: the page's metadata names it, or nothing but a topic stands above it.

    One that ends in a full stop is the headline only if no other line could be it.
    """
    top = list(takewhile(lambda part: not (part.is_open and is_prose(part.text)), parts))
    if len(top) == len(parts):
        return
    for n, part in enumerate(top):
        if part.kind != "note":
            continue
        topics = all(is_topic(line) and len(line.split()) <= _TOPIC_WORDS for line in _open_lines(top[:n]))
        only = not ends_sentence(part.text) or not _open_lines(top)
        if same_line(part.text, known) if known else (topics and only and can_head(part.text)):
            part.kind = OPEN
            return


def _open_lines(parts: list[Part]) -> list[str]:
    return [part.text for part in parts if part.is_open]


def _name_timestamp(part: Part, imprint: Imprint) -> bool:
    stamps, rest = read_line(part.text)
    if not stamps:
        return False
    author = read_byline(rest) if rest else None
    dated = any(stamp.date for stamp in stamps)
    if author is not None and dated:
        part.kind = "byline"
        imprint.author = imprint.author or author or None
    elif dated and (paper := paper_in(rest)):
        part.kind = "credit" if read_credit(part.text) else "timestamp"
        imprint.outlet = imprint.outlet or paper
    elif not rest or (dated and len(rest) < 40 and _SEPARATED.search(part.text) and _says_where_from(rest)):
        part.kind = "timestamp"
        imprint.note_agency(agency_in(rest))
    return not part.is_open


def _says_where_from(rest: str) -> bool:
    """A place, or a few names among which is an agency ("dpa, t-online, mak")."""
    return _PLACE.fullmatch(rest) is not None or (agency_in(rest) is not None and _SOURCES.fullmatch(rest) is not None)


def _collect_stamps(parts: list[Part], imprint: Imprint) -> None:
    """Read the dates off timestamps and bylines that were not dropped: labelled lines first, then by place."""
    for part in parts:
        if part.kind in ("timestamp", "byline"):
            imprint.note_stamps(read_line(part.text)[0])
    for part in parts:
        if part.kind == "credit" and imprint.published is None:
            imprint.published = iso(part.text)


def _drop_others(parts: list[Part]) -> None:
    """Drop lists of other articles, links to them, and paragraphs that end in "weiterlesen..."."""
    for part in parts:
        if part.is_open and furniture.is_link_line(part.text):
            part.drop("link")
    headings = [furniture.stop_heading(part.text) if part.is_open else None for part in parts]
    last = len(parts) - 1 if "end" in headings else -1
    while last >= 0 and not (parts[last].is_open and furniture.is_full(parts[last].text)):
        last -= 1
    begun = False
    n = 0
    while n < len(parts):
        part = parts[n]
        heading = headings[n]
        if heading:
            n = _drop_list(parts, n, heading, begun, goes_on=last > n)
            continue
        begun = begun or (part.is_open and is_prose(part.text) and not furniture.reads_on(part.text))
        n += 1
    for part in parts if begun else ():
        if part.is_open and furniture.reads_on(part.text):
            part.drop("teaser")


def _drop_list(parts: list[Part], at: int, heading: furniture.Heading, begun: bool, goes_on: bool) -> int:
    """Drop the stop heading at `at` and what it heads; returns where the article goes on. `goes_on`: a full paragraph
    stands somewhere behind it."""
    parts[at].drop("stop heading")
    limit = next((n for n in range(at + 1, len(parts)) if _is_stop(parts[n])), len(parts))
    if begun and (heading == "notes" or (heading == "end" and not goes_on)):
        end = at + 1 if heading == "end" and _only_headed(parts, at) else len(parts)
    elif heading != "inline" and not begun:
        end = next((n for n in range(at + 1, limit) if is_prose(parts[n].text)), limit)
    else:
        end = _resumes(parts, at + 1, limit)
    for part in parts[at + 1 : end]:
        if part.kind != "dropped":
            part.drop("stop heading" if _is_stop(part) else "teaser")
    return end


def _only_headed(parts: list[Part], at: int) -> bool:
    """Is all behind the heading running text without a teaser's marks, and more than before it? Then it is the article
    itself, and the list that the heading belonged to got lost."""
    behind = [part.text for part in parts[at + 1 :] if part.is_open]
    before = [part.text for part in parts[:at] if part.is_open and is_prose(part.text)]
    plain = all(is_prose(text) and not furniture.is_teaser(text) for text in behind)
    return plain and len(behind) >= _FEWEST_RESUMING and sum(map(len, behind)) > sum(map(len, before))


def _resumes(parts: list[Part], start: int, limit: int) -> int:
    """Where between an inline heading and `limit` the article goes on. An agency's credit behind it closes the article,
    so that running text before the credit is not a teaser."""
    own = [n for n in range(start, limit) if parts[n].is_open]
    credited = any(parts[n].kind == "credit" and agency_in(parts[n].text) for n in range(start, limit))
    count = furniture.resumes_at([parts[n].text for n in own], credited)
    return own[count] if count < len(own) else limit


def _is_stop(part: Part) -> bool:
    return part.is_open and furniture.stop_heading(part.text) is not None


def _drop_later(parts: list[Part], imprint: Imprint) -> None:
    """Drop paragraphs that carry a date of their own later than the article's."""
    known = max(filter(None, (imprint.published, imprint.updated)), default=None)
    if known is None:
        return
    for part in parts:
        if part.is_open and trailing_credit(part.text) is None:
            own = furniture.own_date(part.text)
            if own and own[:10] > known[:10]:
                part.drop("later date")
    _drop_after_later_stamp(parts, known[:10])


def _drop_after_later_stamp(parts: list[Part], known: str) -> None:
    """Title, timestamp, text: where that begins amid the page with a later date, other articles begin."""
    seen = 0
    for n, part in enumerate(parts):
        seen += part.is_open and is_prose(part.text)
        if part.kind != "timestamp" or seen < _FIRST_LATER_STAMP:
            continue
        stamps, _ = read_line(part.text)
        if any((own := stamp.iso()) and not stamp.updated and own[:10] > known for stamp in stamps):
            first = n - 1 if parts[n - 1].is_open and not is_prose(parts[n - 1].text) else n
            for later in parts[first:]:
                if later.kind != "dropped":
                    later.drop("later date")
            return
