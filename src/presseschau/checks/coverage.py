"""Which content words of a German sentence its English covers: the evidence for omission and for shifted sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from presseschau.checks.lexicon import english, first_part
from presseschau.checks.likeness import alike, skeleton
from presseschau.facts.words import Word, words

SHORTEST = 4
"""Letters of a lower-case German word that counts as content; shorter ones are mostly grammar."""

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_GRAMMAR = frozenset(
    """aber der die das den dem des ich wir sie ihr ihm ihn uns man mal als also auf aus bei bis ein für hat ist mit nun
    sei und von vor war was weg wer wie wird zum zur alle weder zuvor davor zuerst innerhalb darunter darüber statt zudem aber alle allem allen aller alles auch beim bist damit dann darauf daraus darin davon dazu dein deine denn deren dessen
    dich dies diese diesem diesen dieser dieses doch durch eine einem einen einer eines etwas euch euer eure gegen haben
    habe hast hatte hatten hätte hätten ihnen ihre ihrem ihren ihrer ihres jede jedem jeden jeder jedes kann kein keine
    keinem keinen keiner können könnte könnten konnte konnten mehr mein meine meinem meinen meiner mich müssen muss musste
    mussten nach nicht nichts noch nur oder ohne schon sehr sein seine seinem seinen seiner seines seit sich sind soll
    sollen sollte sollten sondern sowie über unser unsere unter viel wann waren wäre wären warum weil welche welcher wenn
    werden werde wird wurde wurden würde würden worden wieder will wollen wollte wollten während zwischen eher denen dass
    dabei dadurch dafür dagegen daran dort hier immer ebenso selbst sogar sodass wegen zwar dürfen darf durfte mögen
    möchte möchten gegenüber nachdem bevor obwohl indem laut rund etwa bereits""".split()
)
_ENGLISH_GRAMMAR = frozenset(
    """about above after again against also although among another because been before being below between both could
    does doing done down during each either even ever every from further have having here hers herself himself however
    into itself just least like made make many might more most much must neither never nonetheless only other others
    ought over quite rather same several shall should since some such than that their theirs them then there therefore
    these they thing things this those though through thus till today towards under until upon very wasn't well were
    what when where whether which while whom whose will with within without would your yours""".split()
)


@dataclass(frozen=True, slots=True)
class Content:
    """One content word of the German. `known`: the word list or a number says what its English must look like."""

    text: str
    start: int
    end: int
    covered: bool
    known: bool


@dataclass(frozen=True, slots=True)
class English:
    """The words of an English text, ready for look-up."""

    words: tuple[str, ...]
    skeletons: frozenset[str]
    numbers: frozenset[str]
    prefixes: frozenset[str]


@lru_cache(maxsize=512)
def read_english(en: str) -> English:
    """`en` as words, sounds and numbers."""
    low = tuple(part.removesuffix("'s") for item in words(en) for part in item.lower.split("-"))
    prefixes = frozenset(word[:size] for word in low for size in range(2, min(len(word), 12) + 1))
    return English(low, frozenset(map(skeleton, low)), numbers(en), prefixes)


def numbers(text: str) -> frozenset[str]:
    """The figures of `text` without their marks: 1.000,5 and 1,000.5 are both 10005."""
    return frozenset(re.sub(r"\D", "", match.group()) for match in _NUMBER.finditer(text))


@lru_cache(maxsize=512)
def german_content(de: str) -> tuple[Word, ...]:
    """The words of `de` that carry content: nouns, names, numbers, longer verbs and adjectives."""
    return tuple(item for item in words(de) if _is_content(item))


def _is_content(item: Word) -> bool:
    if item.text[0].isdigit():
        return True
    if item.lower in _GRAMMAR:
        return False
    return len(item.text) >= SHORTEST or (item.text[0].isupper() and len(item.text) >= 3 and item.start > 0)


def coverage(de: str, en: str) -> tuple[Content, ...]:
    """The content words of `de` in order, each with whether `en` has a counterpart (translation, cognate, name, figure)."""
    target = read_english(en)
    return tuple(_content(item, target) for item in german_content(de))


def _content(item: Word, target: English) -> Content:
    known, covered = False, False
    for part in re.split(r"[-‑]", item.lower):
        part_known, part_covered = _look_up(part, target)
        known, covered = known or part_known, covered or part_covered
    return Content(item.text, item.start, item.end, covered, known)


def _look_up(part: str, target: English) -> tuple[bool, bool]:
    if part[:1].isdigit():
        digits = re.sub(r"\D", "", part)
        return True, any(digits in number for number in target.numbers)
    if part in target.words:
        return False, True
    translations = english(part)
    if any(_stands(beginning, target) for beginning in translations):
        return True, True
    if any(_stands(beginning, target) for beginning in first_part(part)):
        return True, True
    return bool(translations), _sounds(part, target.skeletons)


def _stands(beginning: str, target: English) -> bool:
    """Short English words must stand whole (or with an s), so that `us` is not found in `use`."""
    if len(beginning) >= 4:
        return beginning[:12] in target.prefixes
    return beginning in target.words or beginning + "s" in target.words


def _sounds(word: str, others: frozenset[str]) -> bool:
    """One of the other skeletons is the same word."""
    own = skeleton(word)
    if own in others:
        return len(own) >= 3
    return len(own) >= 4 and any(alike(own, other) for other in others)


def leftover(de: str, en: str) -> int:
    """Letters of English content words that no German content word accounts for: free wording, or an addition."""
    sounds, beginnings, low = _german_sides(de)
    total = 0
    for word in read_english(en).words:
        if len(word) < SHORTEST or word in _ENGLISH_GRAMMAR or word[0].isdigit() or word in low:
            continue
        if any(word[:size] in beginnings for size in range(2, len(word) + 1)) or _sounds(word, sounds):
            continue
        total += len(word)
    return total


@lru_cache(maxsize=512)
def _german_sides(de: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    parts = [part for item in german_content(de) for part in re.split(r"[-‑]", item.lower) if part]
    beginnings = {word for part in parts for word in (*english(part), *first_part(part))}
    return frozenset(map(skeleton, parts)), frozenset(beginnings), frozenset(parts)
