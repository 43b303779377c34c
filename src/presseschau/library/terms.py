"""Names, offices and compound terms of an archive and what they became in English; those rendered in two ways first.

A rendering is looked for in the English of the very sentence: a name by its spelling, an office or a compound by the
words that the lexicon has for its last part, with what it has for the first part before it (Haushaltsausschuss, budget
committee) or behind an "of". What is not found so is counted, not guessed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from presseschau.facts.lexicon import SHORTEST_PART, english, first_part, noun_stem
from presseschau.facts.names.name_words import english_names, german_names
from presseschau.facts.names.persons import SAME
from presseschau.facts.names.transliteration import likeness
from presseschau.lang import SOURCE, listed, vocabulary
from presseschau.library import words
from presseschau.library.search import Question, matching
from presseschau.library.store import Archive

TermKind = Literal["name", "office", "term"]
_TWICE = 2
"""How often a second rendering must stand to be one, and not a slip."""
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BEFORE = 2
"""Words before the last part's English that may belong to it."""


@dataclass(frozen=True)
class Rendering:
    """What a German term became in English, and in how many sentences."""

    english: str
    count: int


@dataclass(frozen=True)
class ArchiveTerm:
    """A German name, office or term: in how many sentences it stands, and its renderings, the most frequent first.
    The counts of these may add up to less: in the others nothing was found."""

    german: str
    kind: TermKind
    count: int
    renderings: tuple[Rendering, ...]

    @property
    def in_two_ways(self) -> bool:
        """Is there a second rendering that is no slip?"""
        return len(self.renderings) > 1 and self.renderings[1].count >= _TWICE


def terms(
    archive: Archive, question: Question | None = None, *, articles: int = 5000, least: int = 2
) -> list[ArchiveTerm]:
    """The terms of the newest `articles` that the filters of `question` leave, each in at least `least` sentences:
    those rendered in two ways first, by how often the second one stands, then by how often the term does.

    The English is as people decided.
    """
    counts: Counter[tuple[TermKind, str]] = Counter()
    shown: dict[tuple[TermKind, str], Counter[str]] = defaultdict(Counter)
    found: dict[tuple[TermKind, str], Counter[str]] = defaultdict(Counter)
    for german, told in _pairs(archive, question or Question(), articles):
        for kind, name, word, rendering in _of_sentence(german, told):
            counts[kind, name] += 1
            shown[kind, name][word] += 1
            if rendering:
                found[kind, name][rendering] += 1
    made = [
        ArchiveTerm(
            shown[one].most_common(1)[0][0], one[0], count,
            tuple(Rendering(text, n) for text, n in _as_written(found[one]).most_common()),
        )
        for one, count in counts.items()
        if count >= least and found[one]
    ]  # fmt: skip
    return sorted(made, key=lambda term: (-(term.in_two_ways and term.renderings[1].count), -term.count, term.german))


def glossary_rows(found: Iterable[ArchiveTerm]) -> Iterator[tuple[str, str, str, str]]:
    """Rows of a glossary: source, target, forbidden, note. The target is the most frequent rendering; a second one is
    named in the note, for a person to decide."""
    yield "source", "target", "forbidden", "note"
    for term in found:
        others = ", ".join(f"{one.english} ({one.count})" for one in term.renderings[1:])
        yield term.german, term.renderings[0].english, "", f"also: {others}" if others else ""


def _pairs(archive: Archive, question: Question, articles: int) -> Iterator[tuple[str, str]]:
    """German sentences and their English, article by article."""
    for number in matching(archive, question, articles):
        rows = archive.database.all("SELECT german, english FROM sentences WHERE article = ? ORDER BY n", number)
        german = [row[0] for row in rows]
        told = archive.as_decided(german, [row[1] for row in rows])
        yield from ((one, text) for one, text in zip(german, told, strict=True) if text)


def _of_sentence(german: str, told: str) -> Iterator[tuple[TermKind, str, str, str | None]]:
    """The terms of one sentence, each once: kind, key, the word as it stands, its rendering."""
    done: set[str] = set()
    names = {candidate.start: candidate.text for candidate in german_names(german) if candidate.kind != "weak name"}
    spelt = [candidate.text for candidate in english_names(told)] if names else []
    tokens = [(match[0], match[0].lower()) for match in _WORDS.finditer(told)]
    for match in words.WORD.finditer(german):
        word = match[0]
        if not word[0].isupper() or len(word) < SHORTEST_PART:
            continue
        if match.start() in names:
            name = word if word in spelt else names[match.start()]  # Pagels is no genitive where the English has it
            if name not in done:
                done.add(name)
                yield "name", name, name, _spelling(name, spelt)
            continue
        known = _term(word.lower())
        if known is not None and known[1] not in done:
            done.add(known[1])
            kept = any(token == word for token, _ in tokens)  # Nordlack is no paint where the English has it
            yield known[0], known[1], word, word if kept else _rendering(word.lower(), tokens)


def _spelling(name: str, spelt: Sequence[str]) -> str | None:
    best = max(spelt, key=lambda one: likeness(name, one), default=None)
    return best if best is not None and likeness(name, best) >= SAME else None


@lru_cache(maxsize=50_000)
def _term(lower: str) -> tuple[TermKind, str] | None:
    """The kind and the key of a word that is an office or a compound of known words; None for others."""
    own = words.asked(lower)[0]
    bare = noun_stem(lower) or lower
    if own in _offices() or bare in _offices():
        return "office", own
    parts = words.keys(lower.capitalize())[len(words.asked(lower)) :]
    if not parts or not english(lower):
        return None
    return "office" if parts[0] in _offices() else "term", own


@lru_cache(maxsize=1)
def _offices() -> frozenset[str]:
    found = {words.folded(office) for office in vocabulary(SOURCE, "offices", lower=True)}
    return frozenset(found | {words.asked(office)[0] for office in vocabulary(SOURCE, "offices", lower=True)})


def _rendering(german: str, tokens: Sequence[tuple[str, str]]) -> str | None:
    """The words of the English that stand for a German compound or office."""
    heads, firsts = english(german), first_part(german)
    small = listed("en", "function_words")
    places = [at for at, (_, low) in enumerate(tokens) if _begins(low, heads)]
    best: tuple[int, str] | None = None
    for at in places:
        start = next(
            (back for back in range(max(0, at - _BEFORE), at) if _begins(tokens[back][1], firsts)
             and not any(low in small for _, low in tokens[back:at])),
            at,
        )  # fmt: skip
        end = at + 1
        if start == at:
            end = _behind(tokens, at, firsts)
        text = " ".join(token for token, _ in tokens[start:end])
        if best is None or end - start > best[0]:
            best = end - start, text
    return best[1] if best else None


def _behind(tokens: Sequence[tuple[str, str]], at: int, firsts: Sequence[str]) -> int:
    """The end of head + of (the) + what stands for the first part: minister of finance."""
    for behind in (at + 2, at + 3):
        if behind < len(tokens) and tokens[at + 1][1] in ("of", "for") and _begins(tokens[behind][1], firsts):
            return behind + 1
    return at + 1


def _begins(word: str, beginnings: Sequence[str]) -> bool:
    return any(word.startswith(one) and len(word) - len(one) <= 4 for one in beginnings if len(one) >= 3)


def _as_written(found: Counter[str]) -> Counter[str]:
    """Singular and plural, small and large are one rendering, shown as it stands most often."""
    by_key: dict[str, Counter[str]] = defaultdict(Counter)
    for text, count in found.items():
        by_key[text.lower().removesuffix("s")][text] += count
    return Counter({texts.most_common(1)[0][0]: texts.total() for texts in by_key.values()})
