"""What no translation has: an address that the German does not have (`content.url`), a loop (`repetition.loop`)."""

from __future__ import annotations

import re
from itertools import pairwise
from operator import eq

from presseschau.checks.bitext import Bitext
from presseschau.facts.words import Word
from presseschau.findings import Remark
from presseschau.lang import listed
from presseschau.models import Severity
from presseschau.patterns import late

URL = "content.url"

# A name has at most 64 letters, a server 20 parts: at each place so much is read, not all that follows.
_LINK = late(
    r"(?:https?://|www\.)[^\s<>()\[\]“”\"']+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
    r"|\b(?:[a-z0-9-]{1,63}\.){1,20}(?:com|org|net|de|at|ch|eu|info|io|gov|edu|ru|cn|uk|biz|app|dev|ly|me)\b(?:/[^\s<>()\[\]“”\"']*)?",
    re.IGNORECASE,
)


_MAY_LINK = late(r"""[@.][^\s"“”'’)\]]|://""")


def links(source: str, en: str) -> tuple[Remark, ...]:
    """One remark for each address of `en` that does not stand in `source` (upper and lower case are the same)."""
    if not _MAY_LINK.search(en):
        return ()
    known = source.lower()
    return tuple(
        Remark(URL, en=(match.start(), match.start() + len(address)))
        for match in _LINK.finditer(en)
        if (address := match.group().rstrip(".,;:!?")).lower() not in known
    )


LOOP = "repetition.loop"
LONGEST_UNIT = 12
"""Words in a repeated unit that are looked for; longer loops show as added content."""

SHORTEST = 4
"""Letters of a word that is seldom said twice in a row on purpose."""
STUCK = 6
"""Words of a loop from which it is an error; fewer may be a slip of the pen."""

_STUTTER = late(r"([^\W\d_]{1,4}?|[^\w\s])\1{8,}", re.IGNORECASE)  # "hahahahaha…", "!!!!!!!!!!"


STUTTERED = 8
"""Letters that a stutter has at least more than different ones."""
_MARKS = late(r"[^\w\s]{9}")


def repetition(pair: Bitext) -> tuple[Remark, ...]:
    """One remark at the longest loop of the English that the German does not have as well, else none."""
    loop = _loop(pair.en, _split(pair.english.words)) or _stutter(pair.de, pair.en)
    if loop is None:
        return ()
    start, end, times = loop
    if times <= 1 + _most_in_a_row(_split(pair.german.words)):
        return ()  # so says the German
    said = pair.en[start:end] if end - start <= 60 else pair.en[start : start + 57] + "…"
    grade: Severity = "error" if sum(start <= word.start < end for word in pair.english.words) >= STUCK else "warning"
    return (Remark(LOOP, en=(start, end), message=f"The English says the same {times} times: “{said}”.", grade=grade),)


def _split(items: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words, those with hyphens in their parts."""
    if not any("-" in item.lower for item in items):
        return items
    found: list[Word] = []
    for item in items:
        at = item.start
        for part in item.lower.split("-") if "-" in item.lower else (item.lower,):
            found.append(Word(part, at, at + len(part), part))
            at += len(part) + 1
    return tuple(found)


def _most_in_a_row(items: tuple[Word, ...]) -> int:
    """How often one word is said in a row; 0 if none is said twice."""
    most = run = 0
    for before, item in pairwise(items):
        run = run + 1 if item.lower == before.lower else 0
        most = max(most, run + 1 if run else 0)
    return most


def _stutter(de: str, en: str) -> tuple[int, int, int] | None:
    for match in _STUTTER.finditer(en) if _may_stutter(en) else ():
        if match.group(1) not in ".-–—_=*… " and not _STUTTER.search(de):
            return match.start(), match.end(), len(match.group()) // len(match.group(1))
    return None


def _may_stutter(text: str) -> bool:
    """A cheap look: nine marks in a row, or a word with the same few letters again and again."""
    return _MARKS.search(text) is not None or any(
        len(word) - len(set(word)) >= STUTTERED for word in text.lower().split() if len(word) > STUTTERED
    )


def _loop(text: str, items: tuple[Word, ...]) -> tuple[int, int, int] | None:
    """(start, end, times) of a unit said too often in a row: one word 4 times, two or three 3 times, more twice; up to
    three twice if nothing but blanks is between them."""
    low = [item.lower for item in items]
    again = len(low) - len(set(low))  # words that were said before
    for size in range(1, min(LONGEST_UNIT, len(low) // 2, again) + 1):
        if sum(map(eq, low, low[size:])) < size:
            continue
        need = 4 if size == 1 else 3 if size < 4 else 2
        run = 0
        for i in range(size, len(low)):
            run = run + 1 if low[i] == low[i - size] else 0
            if run >= size and (run >= size * (need - 1) or _is_slip(text, items[i - run - size + 1 : i + 1])):
                first = i - run - size + 1
                last = i
                while last + 1 < len(low) and low[last + 1] == low[last + 1 - size]:
                    last += 1
                return items[first].start, items[last].end, (last - first + 1) // size
    return None


def _is_slip(text: str, said: tuple[Word, ...]) -> bool:
    """Is a word of content said twice by mistake: no very, very, no had had, no over and over and over?"""
    unit = [word.lower for word in said[: len(said) // 2]]
    if not any(len(word) >= SHORTEST for word in unit) or any(word in listed("en", "said_twice") for word in unit):
        return False
    return all(text[word.end : after.start].isspace() for word, after in pairwise(said))
