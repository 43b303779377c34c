"""Where German sentences end.

Every full stop, question mark, exclamation mark and ellipsis before a space is a candidate; what stands before and
after it decides. Single line breaks are spaces, blank lines and bullets are hard ends. One pass, no backtracking.

Behind a number the full stop may make an ordinal. In running text one stands where an adjective would: behind an
article, a possessive or a preposition that holds one ("am 3. Tag", "ihr neuer 17. Bezirk"). Behind any other word ("es
seien 268. Pichler ...") the number is a count.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from presseschau.lang import SOURCE, vocabulary
from presseschau.patterns import late

_DAY_MONTH: Final = late(r"\d{1,2}\.\d{1,2}")
_COUNTED_OFF: Final = late(r"[A-ZÄÖÜ][a-zäöüß]+-\d{1,3}")  # "der Weltranglisten-19. Thiem"
_LARGE: Final = late(r"\d{4,}|\d{1,3}(?:\.\d{3})+")
_BULLET: Final = late(r"[•▪◦●■►*–—-]?\s*\d{0,3}")
_INFLECTED: Final = late(r"(?!w[aäue]r|sei|ha[bt]|hät)[a-zäöüß-]{3,}e[rmns]?")
"""An adjective, not an auxiliary verb ("das seien 17.")."""
_SPELT_OUT: Final = 12
"""Counts up to this are written as words in German news, so that a figure and a full stop is rather an ordinal."""


def starts_sentence(word: str) -> bool:
    """Does the word begin a sentence rather than go on behind an abbreviation or an ordinal?"""
    return word in vocabulary(SOURCE, "sentence_words", "start")


@cache
def _counted_endings() -> tuple[str, ...]:
    nouns = vocabulary(SOURCE, "sentence_words", "ordinal")
    return tuple(noun.lower() for noun in nouns if len(noun) > 3 and noun.isalpha())


def number_ends(last: str, before: list[str], word: str, opening: str) -> bool:
    """Does a sentence end at the full stop behind the word `last`, which ends in a digit?

    `before` holds the words before `last`; `word` is the one behind the full stop, "" if none follows; `opening` the
    sentence up to the full stop, or as much of a longer one as shows that it is no mere number of a list.
    """
    prior = before[-1] if before else ""
    if _DAY_MONTH.fullmatch(last) or _COUNTED_OFF.fullmatch(last):
        return starts_sentence(word)
    if not last.isdigit() or len(last) > 3:
        if word in vocabulary(SOURCE, "months"):
            return not last[0].isdigit()
        return starts_sentence(word) or not (_LARGE.fullmatch(last) and _determined(before))
    if (
        word in vocabulary(SOURCE, "months")
        or word in vocabulary(SOURCE, "sentence_words", "ordinal")
        or _lists(opening)
    ):
        return False
    if starts_sentence(word) and not prior.endswith(":"):
        return True
    if prior.endswith(":"):
        return False
    if word[:1].isdigit():
        count = prior.isalpha() and len(word) == len("2024") and not _determined(before)
        return len(last) > 2 or prior[:1].isupper() or count
    return not _is_ordinal(last, before, word)


def _is_ordinal(last: str, before: list[str], word: str) -> bool:
    """Is the number an ordinal before a noun that need not be counted off?"""
    prior = before[-1] if before else ""
    bare = vocabulary(SOURCE, "sentence_words", "bare")
    if not prior or prior.endswith((".", ",")) or prior in bare or _determined(before):
        return True
    if prior in vocabulary(SOURCE, "sentence_words", "joins") and len(before) > 1 and before[-2].endswith("."):
        return True
    if prior[0].isupper() and not starts_sentence(prior):
        return False
    if word.lower().endswith(_counted_endings()):
        return True
    return int(last) <= _SPELT_OUT and prior[0].isalpha() and prior not in vocabulary(SOURCE, "sentence_words", "count")


def _determined(before: list[str]) -> bool:
    """Do the words close with an article or its like, perhaps with one adjective or adverb behind it?"""
    words = [word.lstrip("„\"“»«‚‘'›‹(").lower() for word in before[-2:]]
    articles = vocabulary(SOURCE, "sentence_words", "article")
    if words and words[-1] in articles:
        return True
    if len(words) < 2 or words[0] not in articles:
        return False
    return before[-1] in vocabulary(SOURCE, "sentence_words", "adverb") or _INFLECTED.fullmatch(before[-1]) is not None


def _lists(opening: str) -> bool:
    """Is all of the sentence so far the number of a list ("1. Dies ist ...", "• 3. Seien Sie ...")?"""
    head = opening.rstrip().rstrip(".")
    return len(head) < 8 and _BULLET.fullmatch(head) is not None


_CLOSING: Final = "\"“”«»‘’'›‹)\\]"
_OPENING: Final = "„\"“”»«‚‘'›‹`([¿¡,"
_HARD: Final = r"\n[^\S\n]*+\n\s*+|\n\s*+(?=[•▪◦●■►*]\s)"
_CANDIDATE: Final = late(
    rf"(?P<mark>(?<![.!?…])[.!?…]++)(?P<close>[{_CLOSING}]*+)(?P<gap>\s++|(?=[„»«\"]?[A-ZÄÖÜ][a-zäöüß]))"
    rf"|{_HARD}"
)
_BLANK_LINE: Final = late(r"\n[^\S\n]*+\n|\n\s*+[•▪◦●■►*]\s")
_NEXT_WORD: Final = late(r"[^\W_]++(?:[’'-][^\W_]++)*+")
_ROMAN: Final = late(r"[IVX]{1,6}")
_INITIALS: Final = late(r"(?:[^\W\d_]{1,2}\.-?)+(?:[^\W\d_]{1,2}|Chr|Sc|Ing|Zt)")
_SAYS: Final = late(r"[^\W_]")
_SPELT: Final = late(r"[a-zäöüß]{3}$|(?<![\d.,])(?:19|20)\d\d$")

_LONGEST_TOKEN: Final = 48


def split(text: str) -> list[tuple[int, int]]:
    """The sentences of `text` as (start, end): in order, not overlapping, nothing but white space between them."""
    spans: list[tuple[int, int]] = []
    begin = len(text) - len(text.lstrip())
    for match in _CANDIDATE.finditer(text, begin):
        mark = match["mark"]
        if mark is None:
            begin = _add(spans, text, begin, match.start(), match.end())
        elif _ends(text, begin, match, mark):
            begin = _add(spans, text, begin, match.start("gap"), match.end())
    _add(spans, text, begin, len(text), len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, begin: int, end: int, following: int) -> int:
    """Record text[begin:end] without trailing white space; returns where the next sentence begins.

    Marks without a letter or digit are not a sentence: they join the one before.
    """
    stripped = text[begin:end].rstrip()
    if spans and not _SAYS.search(stripped):
        if stripped:
            spans[-1] = (spans[-1][0], begin + len(stripped))
    elif stripped:
        spans.append((begin, begin + len(stripped)))
    return following


def _ends(text: str, begin: int, match: re.Match[str], mark: str) -> bool:
    """Does a sentence that began at `begin` end at this mark?"""
    gap, after = match["gap"], match.end()
    if after == len(text) or (gap.count("\n") and _BLANK_LINE.match(text, match.start("gap"))):
        return True
    if not gap:
        return _missing_space(text, match, mark)
    following = text[after]
    if following.islower() and not text[after + 1 : after + 2].isupper():
        return False
    before = text[max(begin, match.start() - _LONGEST_TOKEN) : match.start()].split()
    if following in "–—-":
        return not match["close"] and _dash_opens(text, after) and _word_ends(text, begin, before, after, mark)
    if following in ",;:/%" and not text.startswith(",,", after):
        return False
    if following in "([":
        return mark != "." or _word_ends(text, begin, before, after, mark)
    word = _next_word(text, after)
    if word and word[0].islower() and not word[1:2].isupper():
        return following == "„" and bool(before) and _is_plain(before[-1])
    if mark[-1] in "!?":
        return True
    if len(mark) > 1 or mark == "…":
        return not (before and before[-1] in ("[", "(")) and not (match["close"] and text[match.start() - 1] in "[(")
    return _word_ends(text, begin, before, after, mark)


def _missing_space(text: str, match: re.Match[str], mark: str) -> bool:
    """ "hervorgehoben.Merz", "2019.Niemand": between spelt-out words or behind a year, never inside an address or a
    gendered form. A word of two letters must be one that begins sentences."""
    start = match.start()
    if len(mark) > 1 or not _SPELT.search(text[max(0, start - 5) : start]):
        return False
    word = _next_word(text, match.end())
    if len(word) < 3 and not starts_sentence(word):
        return False
    around = text[max(0, start - _LONGEST_TOKEN) : start].rpartition(" ")[2]
    return word not in vocabulary(SOURCE, "sentence_words", "glued") and not any(
        sign in around for sign in ("://", "www.", "@", "/")
    )


def _dash_opens(text: str, after: int) -> bool:
    """Does a new sentence stand behind the dash at `after`?"""
    rest = text[after + 1 : after + 40].lstrip()
    return bool(rest) and not rest[0].islower() and (text[after + 1].isspace() or rest[0].isupper() or rest[0] in "„»`")


def _next_word(text: str, after: int) -> str:
    """The first word from `after` on, opening marks skipped; empty if something else stands there."""
    ahead = text[after : after + _LONGEST_TOKEN].lstrip(_OPENING)
    word = _NEXT_WORD.match(ahead)
    return word.group() if word else ""


def _word_ends(text: str, begin: int, before: list[str], after: int, mark: str) -> bool:
    """Does the sentence end after the word before a single full stop?"""
    if mark != ".":
        return True
    last = before[-1].lstrip(_OPENING + "([:-–—") if before else ""
    if not last:
        return True
    if _is_plain(last):
        return True
    prior = before[-2] if len(before) > 1 else ""
    word = _next_word(text, after)
    if last[-1].isdigit():
        in_front = [] if before[-1].startswith("(") else before[:-1]
        opening = text[begin : min(after, begin + _LONGEST_TOKEN)]
        return number_ends(last, in_front, word, opening)
    return _letters_end(last, prior, word)


def _is_plain(last: str) -> bool:
    """Is the last a word that is spelt out? Most are, and no other rule concerns them."""
    return (
        len(last) > 5
        and last.isalpha()
        and last not in vocabulary(SOURCE, "abbreviations")
        and not last.lower().endswith("str")
    )


def _letters_end(last: str, prior: str, word: str) -> bool:
    """The same for a short word, an abbreviation, an initial or a Roman numeral."""
    starts = starts_sentence(word)
    if _ROMAN.fullmatch(last) and (len(last) > 1 or prior[:1].isupper()):
        return starts or not word
    if len(last) == 1 and last.isalpha():
        return _initial_ends(last, prior, word)
    lowered = last[0].lower() + last[1:]
    never, perhaps = (vocabulary(SOURCE, "abbreviations", use) for use in ("never_end", "may_end"))
    if last in never or (lowered in never and lowered not in perhaps and len(last) < 6):
        return False
    if last in vocabulary(SOURCE, "abbreviations", "before_number") and (word[:1].isdigit() or _ROMAN.fullmatch(word)):
        return False
    if last.lower().endswith("str"):
        return starts and not word[:1].isdigit()
    if last in perhaps or last.endswith("-Pl") or ".-" in last or _INITIALS.fullmatch(last):
        return starts
    return not last.endswith(("-Ing", "-Kfm", "-Nr", "-Dr", "-Prof")) or starts


def _initial_ends(last: str, prior: str, word: str) -> bool:
    """A single letter ends a sentence only as a label ("Plan B.") or where a new sentence plainly begins."""
    labels = vocabulary(SOURCE, "sentence_words", "label")
    if prior in labels or prior.rpartition("-")[2] in labels:
        return True
    if f"{prior} {last}" in vocabulary(SOURCE, "abbreviations", "two_words") or last == "S":
        return False
    return starts_sentence(word) and (prior[:1].isupper() or prior.endswith(".")) and last not in "sz"
