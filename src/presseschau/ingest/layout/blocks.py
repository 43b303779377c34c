"""Paragraphs of a plain text, however they are set apart and wrapped, and the crossheads among them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from presseschau.lang import SOURCE, regex
from presseschau.models import Role
from presseschau.patterns import late

_NARROWEST: Final = 40
_WIDEST: Final = 120
"""A wrapped text has its longest line between these widths; longer lines are paragraphs."""
_LINE_END: Final = late(r"[.!?…:;][\"“”«»‘’'›‹)\]]*$")
_ENDING: Final = late(r"[.!?…][\"“”«»‘’'›‹)\]]*(?: \([a-zäöü]{2,4}(?:/[a-zäöü]{2,4})?\))?$")
"""A writer's mark may follow: "... geprüft. (moe)"."""
_FIRST_WORD: Final = late(r"\S+")
_LINE: Final = late(r"[^\n]+")
_NAME: Final = r"[A-ZÄÖÜ][\w.-]++(?: [A-ZÄÖÜ][\w.-]++){1,3}"
_SIGNED: Final = late(rf"(?:dpa|red|apa|epd)(?:$|-[A-Z])|von {_NAME}(?:(?:,| und) {_NAME})*$")
"""A small letter that begins a line all the same: "dpa-Kontakte", "von Eva Muster"."""
PROSE_LENGTH: Final = 60
"""A line with an end mark and at least this long is running text; shorter ones need a second look."""
HEADING_LENGTH: Final = 180
"""No headline or crosshead is longer."""
BULLETS: Final = ("•", "▪", "◦", "●", "■", "►", "*", "- ", "– ")
OPEN: Final = "open"
_ROLES: Final[dict[str, Role]] = {"headline": "headline", "lead": "lead", "body": "body", "crosshead": "crosshead"}


class Block(NamedTuple):
    """A paragraph or a line that stands alone; `text` is `document[start:end]`, without outer white space."""

    start: int
    end: int
    text: str

    def tail(self, offset: int) -> Block:
        """The block without its first `offset` characters and the white space behind them."""
        rest = self.text[offset:]
        lead = len(rest) - len(rest.lstrip())
        return Block(self.start + offset + lead, self.end, rest.lstrip())

    def head(self, offset: int) -> Block:
        """The first `offset` characters of the block without trailing white space."""
        text = self.text[:offset].rstrip()
        return Block(self.start, self.start + len(text), text)


@dataclass(slots=True)
class Part:
    """A block and what it is: `kind` is open until named, `reason` why it was dropped, `when` its time in a ticker,
    `said` what its container says it is (`Document.roles`)."""

    block: Block
    kind: str = OPEN
    reason: str = ""
    when: str | None = None
    said: str = ""

    @property
    def text(self) -> str:
        return self.block.text

    @property
    def is_open(self) -> bool:
        return self.kind == OPEN

    @property
    def role(self) -> Role | None:
        """The role of its sentences, or None if they are not numbered."""
        return _ROLES.get(self.kind)

    def drop(self, reason: str) -> None:
        self.kind, self.reason = "dropped", reason


def blocks(text: str) -> list[Block]:
    """Every line of `text` that is not blank, as unwrap left it, without outer white space."""
    found = []
    for match in _LINE.finditer(text):
        line = match.group()
        stripped = line.strip()
        if stripped:
            start = match.start() + len(line) - len(line.lstrip())
            found.append(Block(start, start + len(stripped), stripped))
    return found


def ends_sentence(text: str) -> bool:
    """Does the line close with a full stop, question or exclamation mark, or an ellipsis?"""
    return _ENDING.search(text[-20:]) is not None


def is_prose(text: str) -> bool:
    """Is the line running text: the length of a sentence and a mark at its end, or longer than any heading?"""
    return len(text) > HEADING_LENGTH or (len(text) >= PROSE_LENGTH and ends_sentence(text))


def unwrap(text: str, width: int | None) -> tuple[str, int]:
    """`text` with the line breaks inside wrapped paragraphs turned into spaces, and how many; offsets do not move.

    `width` is what it was wrapped to; without one only a line that goes on in lower case is joined.
    """
    lines = text.split("\n")
    joined = [_joins(line, following, width) for line, following in pairwise(lines)]
    if not any(joined):
        return text, 0
    pieces = [line + (" " if join else "\n") for line, join in zip(lines, joined, strict=False)]
    return "".join(pieces) + lines[-1], sum(joined)


def wrap_width(text: str) -> int | None:
    """The width in characters that `text` was wrapped to, or None if its line ends are meant.

    It was wrapped if its breaks stand where the next word would not have fitted the widest line. To be measured before
    hyphenated words are joined, which lengthens lines.
    """
    lines = text.splitlines()
    width = max(map(len, lines), default=0)
    breaks = [(a, b) for a, b in pairwise(lines) if a.strip() and b.strip()]
    if not _NARROWEST <= width <= _WIDEST or len(breaks) < 3:
        return None
    forced = [a for a, b in breaks if _would_not_fit(a, b, width)]
    open_ended = [a for a in forced if not _LINE_END.search(a[-12:])]
    return width if len(forced) >= 0.6 * len(breaks) and len(open_ended) >= 0.5 * len(forced) else None


def _would_not_fit(line: str, following: str, width: int) -> bool:
    word = _FIRST_WORD.search(following[: width + 1])
    return word is not None and len(line) + 1 + len(word.group()) > width


def _joins(line: str, following: str, width: int | None) -> bool:
    if not line.strip() or not following.strip():
        return False
    if width is not None:
        return _would_not_fit(line, following, width)
    goes_on = following.lstrip()[:1].islower() and not _SIGNED.match(following.strip())
    return goes_on and len(line) >= _NARROWEST and not _LINE_END.search(line.rstrip()[-12:])


_LONGEST: Final = 90
_MOST_WORDS: Final = 12
"""Of 309 crossheads of German publishers 92 % fit both (median 43, p90 74 characters), and 2 % of paragraphs."""
_OPEN_END: Final = tuple(".!…:;,")
_BULLETS: Final = tuple("•▪◦●■►*–—-")
_CLOSING: Final = "\"“”«»’‘›‹')]"
_TURNS: Final = 3
_SPEAKER: Final = late(r"([A-ZÄÖÜ][\w .&-]{1,30}): ")


def crossheads(lines: Sequence[str], about: str = "", above: Sequence[str] = ()) -> set[int]:
    """Which of the body's paragraphs are crossheads: short, no end mark, running text behind them.

    Of several such lines in a row only the last can be one, the others are a list. The questions of an interview are
    body; those of an explainer ("Was ist passiert?") head its answers. `about` is the head of the article; `above` its
    lead, where the first question may stand.
    """
    short = [can_head(line) for line in lines]
    found = {n for n in range(len(lines) - 1) if short[n] and not short[n + 1] and _heads(lines[n + 1])}
    if is_interview([*above, *lines], about):
        return {n for n in found if not lines[n].rstrip(_CLOSING).endswith("?")}
    return found


def is_interview(lines: Sequence[str], about: str = "") -> bool:
    """Three questions that stand alone and address somebody, or one speaker named before three turns."""
    questions = [line for line in lines if line.rstrip(_CLOSING).endswith("?")]
    called_so = regex(SOURCE, "interview", "called_so")
    if len(questions) >= _TURNS and (called_so.search(about) or any(map(is_addressed, questions))):
        return True
    speakers = Counter(match[1] for line in lines if (match := _SPEAKER.match(line)))
    return any(count >= _TURNS for count in speakers.values())


def is_addressed(question: str) -> bool:
    """Does the question speak to somebody?"""
    return regex(SOURCE, "interview", "address").search(question) is not None


def is_own_word(answer: str) -> bool:
    """Does somebody speak of himself, outside quotation marks?"""
    return regex(SOURCE, "interview", "of_oneself").search(re.sub(r"[„»\"][^“”«\"]*[“”«\"]", "", answer)) is not None


def can_head(line: str) -> bool:
    bare = line.rstrip(_CLOSING)
    return (
        len(line) <= _LONGEST
        and len(line.split()) <= _MOST_WORDS
        and not bare.endswith(_OPEN_END)
        and not line.startswith(_BULLETS)
        and any(char.isalpha() for char in line)
        and _quotes_close(line)
    )


def _quotes_close(line: str) -> bool:
    """A line that only opens or only closes a quotation is part of a longer speech."""
    opened = line.count("„") + line.count("‚")
    closed = sum(line.count(mark) for mark in "“”‘")
    return line.count('"') % 2 == 0 and (opened > 0) == (closed > 0) and line.count("»") == line.count("«")


def _heads(following: str) -> bool:
    return is_prose(following) or following.rstrip(_CLOSING).endswith((".", "!", "?", "…", ":"))
