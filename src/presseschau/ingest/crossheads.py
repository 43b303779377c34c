"""Crossheads: short lines that head the paragraphs behind them; the questions of an interview are none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from presseschau.ingest.blocks import is_prose

_LONGEST: Final = 90
_MOST_WORDS: Final = 12
"""Of 309 crossheads of German publishers 92 % fit both (median 43, p90 74 characters), and 2 % of paragraphs."""
_OPEN_END: Final = tuple(".!…:;,")
_BULLETS: Final = tuple("•▪◦●■►*–—-")
_CLOSING: Final = "\"“”«»’‘›‹')]"
_TURNS: Final = 3
_SPEAKER: Final = re.compile(r"([A-ZÄÖÜ][\w .&-]{1,30}): ")
_ADDRESS: Final = re.compile(
    r"(?<=[\w,] )(?:Sie|Ihnen|Ihre?[nmrs]?)\b|^(?:Herr|Frau) [A-ZÄÖÜ]|\b(?:du|dir|dich|deine?)\b"
)
_CALLED_SO: Final = re.compile(r"\b(?:Interview|Gespräch)\b", re.IGNORECASE)


def crossheads(lines: Sequence[str], about: str = "", above: Sequence[str] = ()) -> set[int]:
    """Which of the body's paragraphs are crossheads: short, no end mark, running text behind them.

    Of several such lines in a row only the last can be one, the others are a list. The questions of an interview are
    body; those of an explainer ("Was ist passiert?") head its answers. `about` is the head of the article; `above` its
    lead, where the first question may stand.
    """
    short = [_could_be(line) for line in lines]
    found = {n for n in range(len(lines) - 1) if short[n] and not short[n + 1] and _heads(lines[n + 1])}
    if is_interview([*above, *lines], about):
        return {n for n in found if not lines[n].rstrip(_CLOSING).endswith("?")}
    return found


def is_interview(lines: Sequence[str], about: str = "") -> bool:
    """Three questions that stand alone and address somebody, or one speaker named before three turns."""
    questions = [line for line in lines if line.rstrip(_CLOSING).endswith("?")]
    if len(questions) >= _TURNS and (_CALLED_SO.search(about) or any(_ADDRESS.search(line) for line in questions)):
        return True
    speakers = Counter(match[1] for line in lines if (match := _SPEAKER.match(line)))
    return any(count >= _TURNS for count in speakers.values())


def _could_be(line: str) -> bool:
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
