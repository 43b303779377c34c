"""A German text and its English, read once: what each says, and which words of the one the other accounts for.

Built at the door of `check_pair`, `check_claim` and the check of a note, and handed on instead of two strings.
Counterparts are found by figures, by a word list of the news (`lexicon.csv`), and by spelling (`skeleton`). They
are evidence, never a rule by themselves: a missing counterpart is normal in a free translation, several in a row are
not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from presseschau.facts import Difference, Fact, Facts, compare, facts
from presseschau.facts.lexicon import english, first_part, headwords, separated
from presseschau.facts.names.transliteration import SHORTEST_COGNATE, skeleton
from presseschau.facts.numbers.match import said_once
from presseschau.facts.numbers.value import Amount
from presseschau.facts.speech import english as spoken
from presseschau.facts.speech.german import Attribution, attributions
from presseschau.facts.words import Word, words
from presseschau.lang import SOURCE, listed
from presseschau.patterns import late

SHORTEST = 4
"""Letters of a lower-case word that counts as content; shorter ones are mostly grammar."""
LONGEST_BEGINNING = 12
STATED = ("numbers", "dates", "periods", "places", "persons", "acronyms")
"""Kinds of facts that a claim may not add."""
DIGITS = ("number.scale", "number.unit")
"""Codes of figures that have only digits in common."""

SIGNS = (
    (late(r"(?<=\d)%"), " per cent"), (late(r"(?<=\d)bn\b"), " billion"),
    (late(r"(?<=\d)m\b"), " million"),
    (late(r"€(?=\d)"), "euro "), (late(r"\$(?=\d)"), "dollar "), (late(r"£(?=\d)"), "pound "),
)  # fmt: skip
"""Signs and the words they stand for."""
_SIGNED = late(r"[%€$£]|\d(?:bn|m)\b")
_HYPHEN = late(r"[-‑]")
_NO_DIGIT = late(r"\D")
_NUMBER = late(r"\d+(?:[.,:]\d+)*")


class Content(NamedTuple):
    """One content word of the German. `known`: the word list or a number says what its English must look like."""

    text: str
    start: int
    end: int
    covered: bool
    known: bool


class Sounds:
    """How the words of a text sound, by `alignment.skeleton`."""

    def __init__(self, low: tuple[str, ...]) -> None:
        self.all = frozenset(map(skeleton, low))
        self.cut = frozenset(one[:-k] for one in self.all for k in (1, 2) if len(one) - k > SHORTEST_COGNATE)

    def __contains__(self, word: str) -> bool:
        """Is one of them the same word: as it is, or but for an ending of up to two consonants?"""
        own = skeleton(word)
        if own in self.all:
            return len(own) >= SHORTEST_COGNATE
        if len(own) <= SHORTEST_COGNATE:
            return False
        return own in self.cut or any(own[:-k] in self.all for k in (1, 2) if len(own) - k > SHORTEST_COGNATE)


class Sought(NamedTuple):
    """English words to look for: how the long ones begin; the short ones, with and without an s."""

    beginnings: tuple[str, ...]
    whole: tuple[str, ...]


@lru_cache(maxsize=16_384)
def _sought(words: tuple[str, ...]) -> Sought:
    short = [word for word in words if len(word) < SHORTEST]
    return Sought(
        tuple([word[:LONGEST_BEGINNING] for word in words if len(word) >= SHORTEST]),
        tuple([form for word in short for form in (word, word + "s")]),
    )


@lru_cache(maxsize=16_384)
def _renderings(german: str) -> tuple[Sought, Sought]:
    """What may stand in English for a lower-case German word, and for the first part of it."""
    return _sought(english(german)), _sought(first_part(german))


@dataclass(frozen=True, eq=False)
class German:
    """The German side. `content`: its nouns, names, numbers, longer verbs and adjectives."""

    text: str

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return words(self.text)

    @cached_property
    def at(self) -> dict[int, Word]:
        """Its words by where they start."""
        return {word.start: word for word in self.words}

    @cached_property
    def facts(self) -> Facts:
        return facts(self.text, SOURCE)

    @cached_property
    def amounts(self) -> dict[Amount, Fact]:
        """Those that it says just once."""
        return said_once(self.facts)

    @cached_property
    def attributions(self) -> tuple[Attribution, ...]:
        return attributions(self.text)

    @cached_property
    def content(self) -> tuple[Word, ...]:
        parted = {particle for particle, _ in self.separated.values()}
        return tuple(
            item
            for item in self.words
            if (_is_content(item) or item.start in self.separated) and item.start not in parted
        )

    @cached_property
    def separated(self) -> dict[int, tuple[int, str]]:
        """Where a separated verb starts -> where its particle starts, and its infinitive (nahm ... auf: aufnehmen)."""
        return separated(self.words, self.text)

    @cached_property
    def headwords(self) -> frozenset[str]:
        """What its words may be forms of."""
        return headwords(self.text)

    @cached_property
    def parts(self) -> frozenset[str]:
        return frozenset(part for item in self.content for part in _HYPHEN.split(item.lower) if part)

    @cached_property
    def sounds(self) -> Sounds:
        return Sounds(tuple(self.parts))

    @cached_property
    def renderings(self) -> frozenset[str]:
        """How English words may begin that stand for its content words."""
        verbs = (word for _, verb in self.separated.values() for word in english(verb))
        return frozenset((*verbs, *(w for part in self.parts for w in (*english(part), *first_part(part)))))


def _is_content(item: Word) -> bool:
    if item.text[0].isdigit():
        return True
    if item.lower in listed(SOURCE, "function_words"):
        return False
    return len(item.text) >= SHORTEST or (item.text[0].isupper() and len(item.text) >= 3 and item.start > 0)


@lru_cache(maxsize=8_192)
def _beginnings(word: str) -> tuple[str, ...]:
    return tuple(word[:k] for k in range(2, min(len(word), LONGEST_BEGINNING) + 1))


def _starts(words: tuple[Word, ...], forms: list[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for word, form in zip(words, forms, strict=True):
        found[form] = (*found.get(form, ()), word.start)
    return found


@dataclass(frozen=True, eq=False)
class English:
    """The English side. `low`, `known`: its words in lower case, compounds in parts; `content`: those that are no
    grammar and no figure; `beginnings`: of them all."""

    text: str

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return words(self.text)

    @cached_property
    def at(self) -> dict[int, Word]:
        """Its words by where they start."""
        return {word.start: word for word in self.words}

    @cached_property
    def order(self) -> dict[int, int]:
        """Where each word starts -> how many are before it."""
        return {word.start: i for i, word in enumerate(self.words)}

    @cached_property
    def heard(self) -> dict[str, tuple[int, ...]]:
        """Word in lower case -> where it starts."""
        return _starts(self.words, [word.lower for word in self.words])

    @cached_property
    def heard_sounds(self) -> dict[str, tuple[int, ...]]:
        """How a word sounds -> where it starts."""
        return _starts(self.words, [skeleton(word.lower) for word in self.words])

    @cached_property
    def facts(self) -> Facts:
        return facts(self.text, "en")

    @cached_property
    def amounts(self) -> dict[Amount, Fact]:
        """Those that it says just once."""
        return said_once(self.facts)

    @cached_property
    def attributions(self) -> tuple[spoken.EnglishAttribution, ...]:
        return spoken.attributions(self.text)

    @cached_property
    def speaker(self) -> str | None:
        return spoken.speaker(self.text)

    @cached_property
    def spelt(self) -> English:
        """The same with words for signs: 8 per cent for 8%."""
        if not _SIGNED.search(self.text):
            return self
        text = self.text
        for sign, word in SIGNS:
            text = sign.sub(word, text)
        return English(text)

    @cached_property
    def low(self) -> tuple[str, ...]:
        return tuple(part.removesuffix("'s") for item in self.words for part in item.lower.split("-"))

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(self.low)

    @cached_property
    def content(self) -> tuple[str, ...]:
        grammar = listed("en", "function_words")
        return tuple(w for w in self.low if len(w) >= SHORTEST and w not in grammar and not w[0].isdigit())

    @cached_property
    def beginnings(self) -> frozenset[str]:
        return frozenset().union(*map(_beginnings, self.known))

    @cached_property
    def openings(self) -> frozenset[str]:
        """The first letters of each word."""
        return frozenset([word.lower[:SHORTEST_COGNATE] for word in self.words])

    @cached_property
    def sounds(self) -> Sounds:
        return Sounds(self.low)

    @cached_property
    def figures(self) -> frozenset[str]:
        """Without their marks: 1.000,5 and 1,000.5 are both 10005."""
        return frozenset(_NO_DIGIT.sub("", match.group()) for match in _NUMBER.finditer(self.text))

    def has(self, beginning: str) -> bool:
        """Begins a word like this? A short one must stand whole (or with an s), so that `us` is not found in `use`."""
        return self.says(_sought((beginning,)))

    def says(self, sought: Sought) -> bool:
        """Is any of this there?"""
        return not (self.beginnings.isdisjoint(sought.beginnings) and self.known.isdisjoint(sought.whole))


class Heard(NamedTuple):
    """How a German word may be heard in English: by its own `sound` ("" if that is too short), in one of the `forms`,
    or in a word that begins like one of the `renderings`, which open with `openings`."""

    sound: str
    forms: tuple[str, ...]
    openings: tuple[str, ...]
    renderings: tuple[str, ...]


@lru_cache(maxsize=16_384)
def _heard_as(low: str) -> Heard:
    own, every = skeleton(low), english(low)
    return Heard(
        own if len(own) >= SHORTEST_COGNATE else "",
        (low, *every),
        tuple(dict.fromkeys(one[:SHORTEST_COGNATE] for one in every)),
        tuple(one for one in every if len(one) >= SHORTEST_COGNATE),
    )


@dataclass(frozen=True, eq=False)
class Bitext:
    """A German text (of a sentence, or of all that a claim rests on) and English that should say the same."""

    german: German
    english: English

    @cached_property
    def de(self) -> str:
        return self.german.text

    @cached_property
    def en(self) -> str:
        return self.english.text

    @cached_property
    def coverage(self) -> tuple[Content, ...]:
        """The content words of the German in order, each with whether the English has its translation, cognate, name or
        figure."""
        return tuple(self._covered(item) for item in self.german.content)

    @cached_property
    def leftover(self) -> tuple[str, ...]:
        """The English content words, in lower case, that no German content word accounts for: free wording, or an
        addition."""
        side = self.german
        return tuple(
            word
            for word in self.english.content
            if word not in side.parts
            and not any(word[:size] in side.renderings for size in range(2, len(word) + 1))
            and word not in side.sounds
        )

    @property
    def lost(self) -> float:
        """Share of the German content words that have no counterpart, 0 to 1; 0 if there are none."""
        return sum(not item.covered for item in self.coverage) / max(1, len(self.coverage))

    @property
    def unsourced(self) -> float:
        """Share of the English content words that no German one accounts for, 0 to 1; 0 if there are none."""
        return len(self.leftover) / max(1, len(self.english.content))

    @cached_property
    def added(self) -> dict[tuple[str, int, int], Difference]:
        """What the English states that the German does not, by code and place in the English. A figure of which the
        German has only the digits (85 billion for 85.000, 17 euros for 17 Prozent) is `number.added` too."""
        found = compare(self.german.facts, self.english.facts, "within", STATED)
        digits = (d._replace(code="number.added", source=None) for d in found if d.code in DIGITS)
        return {
            (d.code, d.target.start, d.target.end): d
            for d in (*found, *digits)
            if d.target is not None and d.source is None
        }

    @cached_property
    def places(self) -> dict[int, int]:
        """Where a German word, no grammar word, starts -> where the only English word does that may stand for it, or
        the last of those side by side (works council); without those that have none, or several."""
        found = ((item.start, self.place(item.start)) for item in self.german.words)
        return {start: place for start, place in found if place is not None}

    def place(self, start: int) -> int | None:
        """The same for one word."""
        places = self._alike(start)
        if len(places) > 1:
            own = [place for place in places if place not in self._taken]
            order = self.english.order
            places = own[-1:] if own and order[own[-1]] - order[own[0]] == len(own) - 1 else []
        return places[0] if places else None

    @cached_property
    def _taken(self) -> set[int]:
        """Where English words start that some German word can have for itself."""
        found = map(self._alike, self.german.at)
        return {places[0] for places in found if len(places) == 1}

    @cached_property
    def _found(self) -> dict[int, list[int]]:
        """What `_alike` found so far; to begin with, where places are that both texts name."""
        there: dict[object, list[int]] = {}
        for fact in self.english.facts.places:
            there.setdefault(fact.value, []).append(fact.start)
        return {fact.start: there[fact.value] for fact in self.german.facts.places if fact.value in there}

    def _alike(self, start: int) -> list[int]:
        """Where English words start that are the German one at `start`, its translation or cognate."""
        item = self.german.at.get(start)
        if item is None or item.lower in listed(SOURCE, "function_words"):
            return []
        if (known := self._found.get(start)) is not None:
            return known
        _, verb = self.german.separated.get(start, (0, ""))
        sound, forms, openings, renderings = _heard_as(verb or item.lower)
        found = {place for form in forms for place in self.english.heard.get(form, ())}
        if sound:
            found.update(self.english.heard_sounds.get(sound, ()))
        if not self.english.openings.isdisjoint(openings):
            found.update([word.start for word in self.english.words if word.lower.startswith(renderings)])
        self._found[start] = sorted(found)
        return self._found[start]

    def _covered(self, item: Word) -> Content:
        _, verb = self.german.separated.get(item.start, (0, ""))
        known, covered = self._look_up(verb) if verb else (False, False)
        for part in _HYPHEN.split(item.lower):
            part_known, part_covered = self._look_up(part)
            known, covered = known or part_known, covered or part_covered
        return Content(item.text, item.start, item.end, covered, known)

    def _look_up(self, part: str) -> tuple[bool, bool]:
        other = self.english
        if part[:1].isdigit():
            digits = _NO_DIGIT.sub("", part)
            return True, any(digits in figure for figure in other.figures)
        if part in other.known:
            return False, True
        if any(map(other.says, _renderings(part))):
            return True, True
        return bool(english(part)), part in other.sounds


@lru_cache(maxsize=64)
def german(text: str) -> German:
    """The German side; an article's text is held against each of its claims."""
    return German(text)


@lru_cache(maxsize=256)
def bitext(de: str, en: str) -> Bitext:
    """Both, to be read as the checks ask, and once more for the risk of each sentence of an article."""
    return Bitext(german(de), English(en))
