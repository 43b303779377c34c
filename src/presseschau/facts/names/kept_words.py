"""Which German words the English keeps as they are: names that no table knows.

Every German noun has a capital, so a capital makes no name. A word is taken for a name if it is no German word (nor a
compound, nor an inflected form of one) and if words like it, in places like this one, were kept in translations: a
linear score over letters and neighbours, learnt by `tests/tools/make_kept_words.py`. Whether a word that no list has is
German is judged by its letters alone (`tests/tools/make_german_letters.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from math import fsum

from presseschau.facts.words import Word
from presseschau.lang import PAIR, SOURCE, cuts, listed, regex, vocabulary, weights
from presseschau.patterns import cached_on_disk

LONGEST = 5
"""Letters of the longest piece that is weighed."""


def pieces(word: str) -> frozenset[str]:
    """Pieces of one to five letters, with a mark for the beginning, the end and a capital."""
    return frozenset(_pieces(word))


def _pieces(word: str) -> Iterator[str]:
    case = "A" if word[0].isupper() else "a"
    bounded = f"^{word.lower()}$"
    yield case
    for n in range(1, LONGEST + 1):
        for k in range(len(bounded) - n + 1):
            yield bounded[k : k + n]
    for n in range(2, LONGEST + 1):
        yield case + bounded[-n:]
    yield f"{case}{min(len(word), 14)}"


@lru_cache(maxsize=8192)
def german_score(word: str) -> float:
    """Logarithm of the odds that `word` is German rather than English or a name, as in the lists it was learnt on."""
    learnt = weights(SOURCE, "letters")
    return fsum(learnt[piece] for piece in pieces(word))


_rule = partial(regex, SOURCE, "names")

_UMLAUTS = str.maketrans("äöü", "aou")
COMPANY, FIRST, ALONE, RUN, BARE, DOUBTFUL = 0.0, 1.0, 2.5, -1.5, -2.0, -1.5
"""Scores from which a word is a name: among a name's neighbours, at the start of a sentence, behind an article,
beside another word that is no German word, behind a preposition without an article (in Versailles) or a verb of speech
(sagte Hu); and the score from which it may be one."""
LETTERS = 3.0
"""Score by letters from which a word is too German to be surely a name."""


@lru_cache(maxsize=1)
@cached_on_disk
def _german() -> tuple[frozenset[str], frozenset[str]]:
    nouns = listed(SOURCE, "nouns")
    return nouns | listed(SOURCE, "words"), frozenset(noun for noun in nouns if len(noun) > 3)


@lru_cache(maxsize=4_096)
def is_german(lower: str) -> bool:
    """Is this a German word in any inflection, or a compound whose last part is one, or built with a German
    ending?"""
    known, nouns = _german()
    head = lower.rsplit("-", 1)[-1].rstrip("'")
    if _rule("german_ending").search(head) or _rule("german_adjective").match(head):
        return True
    stems = _stems(head)
    if stems & known:
        return True
    if any(_rule("short_head").search(stem) and stem[:-3].rstrip("s") in known for stem in stems if len(stem) > 5):
        return True
    if (prefix := _rule("prefix").match(head)) and head[prefix.end() :] in known:
        return True
    return any(stem[-k:] in nouns for stem in stems for k in range(4, len(stem) - 2))


def _stems(lower: str) -> set[str]:
    stems = {stem for stem, _ in cuts(SOURCE, lower, "word")}
    return stems | {_plain(stem) for stem in stems}  # Bögen, Füße, Dächer


@lru_cache(maxsize=4_096)
def is_listed_noun(lower: str) -> bool:
    """Is this a German noun of `nouns.txt` or a case or plural of one (no compound; no Scherzer from Scherz)?"""
    nouns = _german()[1]
    return any(
        stem in nouns or (ending in ("", "e", "er", "en", "n") and _plain(stem) != stem and _plain(stem) in nouns)
        for stem, ending in cuts(SOURCE, lower, "noun")
        if ending not in ("er", "ern") or _plain(stem) != stem or stem in listed(SOURCE, "plurals_er")
    )


def _plain(stem: str) -> str:
    """Without umlauts, as the singular of Dächer and Füße."""
    return stem.translate(_UMLAUTS)


def features(tokens: tuple[Word, ...], i: int, text: str) -> Iterator[str]:
    """What the score looks at: pieces of one to four letters, and the neighbours of word `i`."""
    word = tokens[i]
    bounded = f"^{word.lower}$"
    for n in (1, 2, 3, 4):
        for k in range(len(bounded) - n + 1):
            yield "g" + bounded[k : k + n]
    before = text[tokens[i - 1].end : word.start] if i else "^"
    yield "p=" + tokens[i - 1].lower if before == " " else "b=" + before.strip()[:1]
    large_before = before == " " and tokens[i - 1].text[0].isupper()
    yield "large before" if large_before else "none before"
    after = text[word.end : tokens[i + 1].start] if i + 1 < len(tokens) else "."
    yield "n=" + tokens[i + 1].lower if after == " " else "a=" + after.strip()[:1]
    yield "large after" if after == " " and tokens[i + 1].text[0].isupper() else "none after"
    yield f"length {min(len(word.text) // 3, 6)}"
    if any(c in "äöüß" for c in word.lower):
        yield "umlaut"
    if not word.lower.isascii() and not any(c in "äöüß" for c in word.lower):
        yield "foreign"


def score(tokens: tuple[Word, ...], i: int, text: str) -> float:
    """How much word `i` is like words that translations keep; above 0 more than half of them were kept."""
    learnt = weights(PAIR, "kept_words")
    return fsum((learnt[""], *(learnt[feature] for feature in set(features(tokens, i, text)))))


def kept(tokens: tuple[Word, ...], i: int, text: str) -> str | None:
    """ "name" if word `i` of a German text is surely one that the English keeps, "weak name" if it may be one,
    else None."""
    word = tokens[i]
    if is_german(word.lower):
        return None
    value = score(tokens, i, text)
    if value >= _least(tokens, i, text):
        return "name" if german_score(word.text) < LETTERS else "weak name"
    return "weak name" if value >= DOUBTFUL else None


def _least(tokens: tuple[Word, ...], i: int, text: str) -> float:
    """The score that makes word `i` a name where it stands."""
    if _in_run(tokens, i, text):
        return RUN
    if i and text[tokens[i - 1].end : tokens[i].start] == " " and _rule("before_a_name").fullmatch(tokens[i - 1].lower):
        return BARE
    return FIRST if i == 0 else COMPANY if _in_company(tokens, i, text) else ALONE


def _in_run(tokens: tuple[Word, ...], i: int, text: str) -> bool:
    """German nouns do not stand side by side: two large words that are not German are a name together."""
    return any(
        0 <= j < len(tokens)
        and text[tokens[min(i, j)].end : tokens[max(i, j)].start] == " "
        and tokens[j].text[0].isupper()
        and len(tokens[j].text) > 2
        and not is_german(tokens[j].lower)
        for j in (i - 1, i + 1)
    )


def _in_company(tokens: tuple[Word, ...], i: int, text: str) -> bool:
    if i == 0:
        return False
    before = tokens[i - 1]
    if text[before.end : tokens[i].start] != " ":
        return True
    return before.lower in vocabulary(SOURCE, "name_context", "before") or (
        before.text[0].isupper() and (i > 1 or not is_german(before.lower))
    )
