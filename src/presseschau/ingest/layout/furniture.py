"""What of a page is no article: paywalls and cookie walls, which it shows instead of one; advertising and navigation,
other articles, and what stands behind the last credit.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final, Literal

from presseschau.ingest.dates import read_line
from presseschau.ingest.layout.blocks import BULLETS, Part, ends_sentence, is_prose
from presseschau.ingest.layout.credits import bare_names, is_signature, outlet_in, trailing_credit
from presseschau.ingest.metadata import Imprint
from presseschau.ingest.sentences import split
from presseschau.lang import SOURCE, any_of, listed, regex, vocabulary
from presseschau.patterns import late

_wall_rule = partial(regex, SOURCE, "walls")
_any_wall = partial(any_of, SOURCE, "walls")

_SHORT_CONSENT: Final = 60
STUB_LENGTH: Final = 900
"""Less running text than this beside a pitch for a subscription is a stub, not an article."""
_LONGEST_PITCH: Final = 500
_SHORT_OFFER: Final = 6


def is_pitch(line: str) -> bool:
    """Does the line ask its reader for a subscription or a login?"""
    if len(line) > _LONGEST_PITCH or not _holds(line, "pitch"):
        return False
    return _any_wall("pitch").search(line) is not None or (len(line.split()) <= _SHORT_OFFER and is_offer(line))


def is_offer(line: str) -> bool:
    """Does the line name terms of a subscription? Beside a pitch it is part of it; alone it may be a report on one."""
    return len(line) <= _LONGEST_PITCH and _holds(line, "pitch") and _any_wall("offer").search(line) is not None


def cuts_short(line: str) -> bool:
    """Does a pitch say that the article goes on behind it?"""
    return _any_wall("cut_short").search(line) is not None


def breaks_off(paragraph: str) -> bool:
    """Does the last paragraph end in dots or in "weiterlesen"?"""
    return _wall_rule("breaks_off").search(paragraph[-40:]) is not None


def is_consent(line: str) -> bool:
    """Does the paragraph ask for consent to cookies? Two of the usual phrases, or one in a short line."""
    if not _holds(line[:3000], "consent"):
        return False
    if len(line) > _SHORT_CONSENT and (not _wall_rule("addressed").search(line) or _wall_rule("reported").search(line)):
        return False
    found = len({match.group().lower()[:14] for match in _any_wall("consent").finditer(line[:3000])})
    return found >= 2 or (found == 1 and len(line) <= _SHORT_CONSENT and len(line.split()) <= 6)


def _holds(line: str, use: str) -> bool:
    """One of these words stands in every phrase of its kind: a look that costs a hundredth of the patterns."""
    lowered = line.lower()
    return any(word in lowered for word in vocabulary(SOURCE, "walls", use))


_rule = partial(regex, SOURCE, "furniture")
_any = partial(any_of, SOURCE, "furniture")

_EDGES: Final = ' \t.:;!?…»«›‹>→↓|*+-–—•#[](){}/\\"„“'

_LONGEST: Final = 400


def is_boilerplate(line: str) -> bool:
    """Is the whole line furniture of the page? Longer text is never called so, nor a line that only mentions it."""
    if len(line) > _LONGEST:
        return False
    known = listed(SOURCE, "boilerplate")
    entries = (entry.strip(_EDGES).casefold() for entry in line.split(" | "))
    return all(entry in known for entry in entries) or _any("boilerplate").match(line) is not None


_CLOSES: Final = frozenset({"credit", "note", "dropped"})
_FURNITURE: Final = frozenset({"boilerplate", "paywall", "stop heading", "teaser", "link", "later date"})
_RESULT: Final = late(r"\d\s?[:.]\s?\d|(?:\d+\D+){2}\d")
_NAME_WORDS: Final = 3


def close(parts: Sequence[Part], imprint: Imprint) -> None:
    """Name the signature behind the last paragraph; drop headlines of other articles that follow the credit.

    Lines with results or figures stay: tables close many sports and market reports.
    """
    last = max((n for n, part in enumerate(parts) if part.is_open and _is_text(parts, n)), default=None)
    if last is None:
        return
    _name_author([part for part in parts[last + 1 :] if part.is_open], imprint)
    closed = False
    before: Part = parts[last]
    for part in parts[last + 1 :]:
        credited = closed and before.kind == "credit"
        if part.is_open and (is_signature(part.text) or (credited and _is_name(part.text))):
            _sign(part, imprint)
        elif part.is_open and closed and not _RESULT.search(part.text):
            part.drop("teaser")
        closed = closed or (part.kind in _CLOSES and (part.kind != "dropped" or part.reason in _FURNITURE))
        before = part


def _is_text(parts: Sequence[Part], n: int) -> bool:
    """Is it running text, or a short sentence that goes on behind a link?"""
    text = parts[n].text
    return is_prose(text) or (n > 0 and parts[n - 1].reason == "link" and ends_sentence(text) and " " in text)


def _name_author(lines: Sequence[Part], imprint: Imprint) -> None:
    """A single line behind the text that is a personal name signs it."""
    if len(lines) == 1 and imprint.author is None and bare_names(lines[0].text):
        lines[0].kind = "byline"
        imprint.author = lines[0].text


def _sign(part: Part, imprint: Imprint) -> None:
    part.kind = "credit"
    imprint.outlet = imprint.outlet or outlet_in(part.text)


def _is_name(line: str) -> bool:
    words = line.split()
    return len(words) <= _NAME_WORDS and all(word[0].isupper() for word in words) and outlet_in(line) is not None


_TRIM: Final = " \t.:;!?…»«›‹>→|*+-–—•#"
_READ_ON_WORDS: Final = ("lesen", "mehr", "weiter", "artikel", "meldung")
_DATED: Final = late(r"\((?P<inside>(?:[^()]{2,40},\s*)?\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}[^()]{0,20})\)\s*$")
_OPENS_DATED: Final = late(r"\d{1,2}\.\d{1,2}\.\d{4}(?:\s*[-–|,]\s*\d{1,2}[:.]\d{2})?(?:\s*Uhr)?\s*[-–|:]\s")
_RESUMED_LENGTH: Final = 200
_FULL_LENGTH: Final = 120
_BARE: Final = 40
"""A line of this length that reads on belongs to the paragraph above it."""
_TURNS: Final = 2

Heading = Literal["end", "inline", "notes"]


def stop_heading(line: str) -> Heading | None:
    """Does the line head other articles, as a rule at the end of a page ("end") or amid the text ("inline"), or what
    is not meant for readers ("notes")?"""
    if len(line) > 80:
        return None
    bare = line.strip(_TRIM).casefold()
    if (
        bare in listed(SOURCE, "headings_end")
        or _rule("more_from").fullmatch(bare)
        or _rule("more_about").fullmatch(line)
    ):
        return "end"
    if bare in listed(SOURCE, "headings_notes"):
        return "notes"
    return "inline" if bare in listed(SOURCE, "headings_inline") else None


def is_link_line(line: str) -> bool:
    """A single line that points to another article: "Lesen Sie auch: ..."."""
    return len(line) <= 220 and _rule("link_line").match(line) is not None


def reads_on(text: str) -> bool:
    """Does the paragraph end in "weiterlesen..." or its like?"""
    end = text[-60:].lower()
    return any(word in end for word in _READ_ON_WORDS) and _rule("read_on").search(end) is not None


def own_date(text: str) -> str | None:
    """The date a teaser carries at its end "(Ausland, 29.01.2026 - 20:20)" or start, as ISO; None if it has none."""
    if ")" not in text[-140:] and not text[:1].isdigit():
        return None
    body = _rule("read_on").sub("", text[-140:]).rstrip()
    match = _DATED.search(body) or _OPENS_DATED.match(text)
    if match is None:
        return None
    stamps, _ = read_line(match.group())
    return next((iso for stamp in stamps if (iso := stamp.iso())), None)


def is_teaser(text: str) -> bool:
    """Does the paragraph show by its end that it introduces another article?"""
    if reads_on(text):
        return True
    closing = _DATED.search(text[-140:])
    return closing is not None and "," in closing["inside"] and trailing_credit(text) is None


def is_full(text: str) -> bool:
    """Is it a paragraph of an article: long, of several sentences, and without a teaser's marks?"""
    return len(text) > _FULL_LENGTH and is_prose(text) and len(split(text)) > 1 and not any(marks([text]))


def marks(lines: Sequence[str]) -> list[bool]:
    """For each line whether it shows that it introduces another article: a date of its own, "weiterlesen" in it or
    alone on the next line."""
    bare = [len(line) <= _BARE and reads_on(line) for line in lines]
    return [
        before or is_teaser(line) or own_date(line) is not None
        for line, before in zip(lines, [*bare[1:], False], strict=False)
    ]


def resumes_at(lines: Sequence[str], credited: bool = False) -> int:
    """How many of the lines behind a stop heading are links and teasers; the article goes on behind them.

    `lines` reach to the next stop heading or the end. It goes on where running text follows the heading itself or a
    list set with bullets, where two running paragraphs follow each other, or a single long or full one (`is_full`);
    where titles and short paragraphs take turns, all of it is teasers. `credited`: an agency is named behind them, so
    that running text before it is the article's.
    """
    marked = marks(lines)
    prose = [is_prose(line) and not mark for line, mark in zip(lines, marked, strict=True)]
    full = next((n for n, line in enumerate(lines) if prose[n] and is_full(line)), len(lines))
    first = max((n + 1 for n in range(full) if marked[n]), default=0)
    runs: list[tuple[int, int]] = []
    for n in range(first, len(lines)):
        if prose[n] and (n == first or not prose[n - 1]):
            runs.append((n, n + 1))
        elif prose[n]:
            runs[-1] = (runs[-1][0], n + 1)
    if not runs:
        return len(lines)
    listed = all(line.startswith(BULLETS) for line in lines[: runs[0][0]])
    if credited or listed or any(end - start > 1 for start, end in runs):
        return runs[0][0]
    lengths = [len(lines[start]) for start, _ in runs]
    if len(runs) >= _TURNS and min(lengths) <= _FULL_LENGTH and max(lengths) < _RESUMED_LENGTH:
        return len(lines)
    return next((n for n, _ in runs if n == full or len(lines[n]) >= _RESUMED_LENGTH), len(lines))
