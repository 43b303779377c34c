"""The top of an article: topic line, headline, second headline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from presseschau.ingest.layout.blocks import BULLETS, HEADING_LENGTH, ends_sentence, is_prose
from presseschau.ingest.sentences import split
from presseschau.lang import SOURCE, vocabulary
from presseschau.patterns import late

_MOST_LINES: Final = 5
"""More lines than this at the top are the navigation of the page; the headline is among the last of them."""
_LONGEST_TOPIC: Final = 60
_MENU_WORDS: Final = 3
_LONGEST_CLOSED: Final = 90
"""A first line that ends like a sentence can still be a headline up to this length."""
_SAYS_MORE: Final = late(r"[:„»\"?!]")
_VERB: Final = late(r"[a-zäöüß]{2,}(?:t|ten|te|en|eln|ern)")


class Head(NamedTuple):
    """Indices into the lines given: the headline, the topic above it, the second headlines below it, and labels."""

    headline: int | None
    topic: int | None = None
    second: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()
    navigation: tuple[int, ...] = ()


def read_head(lines: Sequence[str], stamped: int | None = None, known: str | None = None) -> Head:
    """Find topic and headline among the lines before the first paragraph.

    `stamped` is how many lines stand before the first timestamp or byline: the headline is one of them, unless all are
    entries of a menu. `known` is the headline from the page's metadata. Without either: a first line shorter than 60
    characters without a verb, before a longer line, is the topic.
    """
    zone = _candidates(lines)
    if known is not None:
        index = next((n for n, line in enumerate(lines[:8]) if same_line(line, known)), None)
        if index is not None:
            return _arranged(lines, index, max(zone, index + 1))
    if not zone:
        return Head(0) if _closed_headline(lines, 0) else Head(None)
    if zone == len(lines) and zone > _MOST_LINES:
        zone = _MOST_LINES  # a list and nothing else: no running text says where the top ends
    above = min(zone, stamped) if stamped else zone
    if all(is_topic(line) and len(line.split()) <= _MENU_WORDS for line in lines[:above]):
        above = zone
    if above <= _MOST_LINES:
        return _arranged(lines, _headline(lines[:above]), zone)
    first = above - _MOST_LINES
    head = _arranged(lines, first + _headline(lines[first:above]), zone)
    return Head(head.headline, None, head.second, (), tuple(range(head.headline or 0)))


def _candidates(lines: Sequence[str]) -> int:
    """How many lines at the top could be headlines: no running text, no full stop."""
    count = 0
    for n, line in enumerate(lines):
        if line.startswith(BULLETS):
            break
        question = line.rstrip("\"“”«»'").endswith(("?", "!")) and _is_one_sentence(line)
        if len(line) > HEADING_LENGTH or (ends_sentence(line) and not question) or (question and n > 1):
            break
        count = n + 1
    return count


def _is_one_sentence(line: str) -> bool:
    return len(line) <= _LONGEST_CLOSED and len(split(line)) == 1


def _closed_headline(lines: Sequence[str], n: int) -> bool:
    """Is line `n` one short sentence before longer paragraphs?"""
    if len(lines) < n + 2 or len(lines[n]) > _LONGEST_CLOSED or not is_prose(lines[n + 1]):
        return False
    return len(split(lines[n])) == 1 and len(lines[n + 1]) > len(lines[n])


def _headline(lines: Sequence[str]) -> int:
    """Which of the candidate lines is the headline: the first that is not a topic line above a longer one."""
    for n, line in enumerate(lines[:-1]):
        longer = any(len(other) > len(line) for other in lines[n + 1 :])
        if not (longer and is_topic(line)):
            return n
    return len(lines) - 1


def is_topic(line: str) -> bool:
    """Is the line a label and not a clause: short, no colon inside, and no word that looks like a finite verb?"""
    if len(line) >= _LONGEST_TOPIC or ends_sentence(line) or ":" in line[:-1]:
        return False
    words = [word.strip(',:|/–-()„“"') for word in line.split()]
    if any(word in vocabulary(SOURCE, "head_words", "auxiliary") for word in words):
        return False
    return len(words) == 1 or not any(_is_verb(word, len(words)) for word in words)


def _is_verb(word: str, count: int) -> bool:
    """Words in -t or -te are verbs; those in -en are adjectives as often, so they count only in longer lines."""
    if not _VERB.fullmatch(word) or word in vocabulary(SOURCE, "head_words", "no_verb"):
        return False
    return word.endswith(("t", "te", "ten")) or count > 3


def _arranged(lines: Sequence[str], headline: int, zone: int) -> Head:
    topic = headline - 1 if headline else None
    second = tuple(n for n in range(headline + 1, zone) if len(lines[n].split()) > 3 or _SAYS_MORE.search(lines[n]))
    labels = tuple(n for n in range(zone) if n not in (headline, topic) and n not in second)
    return Head(headline, topic, second, labels)


def same_line(line: str, other: str) -> bool:
    """Are two lines the same but for case, spaces and punctuation?"""
    return plain(line) == plain(other)


def plain(line: str) -> str:
    """The letters and digits of a line alone, case folded."""
    return "".join(char for char in line.casefold() if char.isalnum())
