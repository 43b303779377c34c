"""Which capitalised words are names: by ordinary words in English, by tables and company in German."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache, partial
from typing import NamedTuple

from presseschau.facts.fact import Lang
from presseschau.facts.names import acronyms, places
from presseschau.facts.names.kept_words import is_german, kept
from presseschau.facts.words import Word, shouts, words
from presseschau.lang import PAIR, SOURCE, cuts, listed, regex, table, vocabulary
from presseschau.patterns import late

_rule = partial(regex, "en", "names")

# What stands before the first word of a sentence, a headline or a quotation.
_SENTENCE_END = late(r"[.!?:…]['’\"”“»«)]*\s*[\"„“”'‘’»«(\[]*\s*$|^\W*$|(?:^|\s)[\"“„‘»«'(]$|[-–—•|]\s*$|\n\s*$")


LONG_SURNAME = 10
"""Letters above which a German word behind a first name is rather a noun (Jeremy Parteiführer wurde)."""


class Spelling(NamedTuple):
    """A name in each language; `also`: those of the German forms that are ordinary words or common names too."""

    de: tuple[str, ...]
    en: tuple[str, ...]
    also: tuple[str, ...] = ()


class Candidate(NamedTuple):
    """A word that should be the same name in the other language."""

    kind: str
    text: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    return listed("en", "words") | listed("en", "capitals")


@lru_cache(maxsize=4_096)
def is_ordinary(lower: str) -> bool:
    """Is this an English word that a capital does not make a name, in any inflection?"""
    known = _ordinary()
    if lower in known or _rule("common_ending").search(lower):
        return True
    stems = [stem for stem, _ in cuts("en", lower, "word")]
    stems += [lower[:-3] + "y"] if lower.endswith(("ies", "ied")) else []
    return any(len(stem) > 2 and stem in known for stem in stems) or (
        "-" in lower and all(len(part) < 3 or is_ordinary(part) for part in lower.split("-"))
    )


def english_names(text: str) -> list[Candidate]:
    """Capitalised words of an English text that are neither ordinary words nor places nor acronyms."""
    if shouts(text):
        return []
    taken = _taken(text, "en")
    tokens = words(text)
    found = []
    for i, word in enumerate(tokens):
        bare = without_genitive(word.text)
        if (
            len(bare) < 3
            or not bare[0].isupper()
            or word.start in taken
            or any(c.isdigit() for c in bare)
            or _clipped(word)
        ):
            continue
        if is_ordinary(bare.lower()) or (bare.isupper() and len(bare) < 7):
            continue
        weak = (bare.isascii() and bool(_SENTENCE_END.search(text[max(0, word.start - 6) : word.start]))) or _in_title(
            tokens, i, text
        )
        found.append(Candidate("weak name" if weak else "name", bare, word.start, word.start + len(bare)))
    return found


def _clipped(word: Word) -> bool:
    return "'" in word.lower and not _APOSTROPHE.search(word.lower)


def _in_title(tokens: tuple[Word, ...], i: int, text: str) -> bool:
    """Does an ordinary word written large stand beside it (Royal Botanic Gardens)? Then it may be translated."""
    for j, gap in ((i - 1, (i - 1, i)), (i + 1, (i, i + 1))):
        if 0 <= j < len(tokens) and text[tokens[gap[0]].end : tokens[gap[1]].start] == " ":
            other = tokens[j].text
            if (
                other[0].isupper()
                and is_ordinary(other.lower())
                and other.lower() not in vocabulary("en", "name_context", "title")
                and j > 0
            ):
                return True
    return False


def _taken(text: str, lang: Lang) -> set[int]:
    """Where words of places and acronyms begin: other files look after those."""
    facts = (*places.read(text, lang), *acronyms.read(text, lang))
    if not facts:
        return set()
    starts = [word.start for word in words(text)]
    inside = (starts[bisect_left(starts, fact.start) : bisect_left(starts, fact.end)] for fact in facts)
    return set().union(*inside)


def german_names(text: str) -> list[Candidate]:
    """Words of a German text that are names: public figures, what follows a first name, and words that English
    keeps."""
    tokens = words(text)
    taken = _taken(text, SOURCE)
    loud = shouts(text)
    found = []
    for i, word in enumerate(tokens):
        if not word.text[0].isupper() or word.start in taken or "n't" in word.lower:
            continue
        if (len(word.text) < 3 and not _is_short_name(tokens, i, text)) or _is_abbreviation(word, text):
            continue
        bare, kind = _known_name(tokens, i, text)
        if len(bare) < 3 <= len(word.text):  # Jus is not a genitive
            continue
        if kind is None and not loud and not _DIGIT.search(bare) and not (bare.isupper() and len(bare) < 7):
            kind = kept(tokens, i, text)
        if kind:
            found.append(Candidate(kind, bare, word.start, word.start + len(bare)))
    return found


_DIGIT = late(r"\d")
_FIGURE_BESIDE = late(r"\.? ?\d")
_APOSTROPHE = late(r"'s?$|^[od]'|^l'")


def without_genitive(word: str) -> str:
    """Merz for Merz' and Merz's."""
    return word[:-2] if word[-2:] in ("'s", "’s") else word[:-1] if word[-1:] in ("'", "’") else word


def _is_abbreviation(word: Word, text: str) -> bool:
    """Co., Anm., Red., Dez 2024."""
    if word.text in vocabulary(SOURCE, "months", "short"):
        return bool(_FIGURE_BESIDE.match(text, word.end))
    return text[word.end : word.end + 1] == "." and word.text in vocabulary(SOURCE, "abbreviations")


def _is_short_name(tokens: tuple[Word, ...], i: int, text: str) -> bool:
    """Hu, Xi, Li: two letters by themselves inside a sentence; beside another large word they may be part of a
    title."""
    if not i or not regex(SOURCE, "names", "short_name").fullmatch(tokens[i].text) or not tokens[i - 1].text.islower():
        return False
    return i + 1 == len(tokens) or not tokens[i + 1].text[0].isupper()


def _known_name(tokens: tuple[Word, ...], i: int, text: str) -> tuple[str, str | None]:
    """Word `i` without its genitive s, and "known" or "weak name" if a table or the first name before it says so."""
    first, figures = first_names(), _figures()
    word = tokens[i].text
    bare = word if word in figures or word in first else word.rstrip("'’").removesuffix("s").rstrip("'’")
    if bare in figures and (bare not in _also_words() or _after_a_name(tokens, i)):
        return bare, "weak name" if _inside_a_title(tokens, i, text) else "known"
    if i and tokens[i - 1].text in first and _follows(tokens, i, text):
        compound = is_german(bare.lower()) and ("-" in bare or len(bare) > LONG_SURNAME)
        return bare, "weak name" if compound else "known"
    if bare in first and not is_german(bare.lower()):
        return bare, "weak name" if _inside_a_title(tokens, i, text) else "known"
    return bare, None


def _inside_a_title(tokens: tuple[Word, ...], i: int, text: str) -> bool:
    """Between two other large words that are not German, as in Royal Shakespeare Company: the whole may be
    shortened."""
    return (
        0 < i < len(tokens) - 1
        and all(
            other.text[0].isupper()
            and text[min(other.end, tokens[i].end) : max(other.start, tokens[i].start)] == " "
            and not is_german(other.lower)
            for other in (tokens[i - 1], tokens[i + 1])
        )
        and tokens[i - 1].text not in first_names()
    )


def _after_a_name(tokens: tuple[Word, ...], i: int) -> bool:
    return i > 0 and tokens[i - 1].text in first_names()


def _follows(tokens: tuple[Word, ...], i: int, text: str) -> bool:
    """Is word `i` a surname: large, right behind a first name, and no compound of it?"""
    word = tokens[i].text
    return (
        text[tokens[i - 1].end : tokens[i].start] == " "
        and word[0].isupper()
        and len(word) > 2
        and not word.isupper()
        and word[-1].isalpha()
    )


@lru_cache(maxsize=1)
def first_names() -> frozenset[str]:
    """The German first names of the reviewed table."""
    return frozenset(name for row in table(PAIR, "first_names", Spelling) for name in row.de)


@lru_cache(maxsize=1)
def _figures() -> frozenset[str]:
    return frozenset(name for row in table(PAIR, "figures", Spelling) for name in row.de)


@lru_cache(maxsize=1)
def _also_words() -> frozenset[str]:
    return frozenset(name for row in table(PAIR, "figures", Spelling) for name in row.also)
