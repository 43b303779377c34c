"""Who does it to whom in a clause: by the cases of German nouns and their order, by the order of English ones.

Read only where the German is plain: no pronoun that may be the subject, no verb that says what happens to its subject.
The one who does it comes before whom it is done to, unless only the later one can be the subject (den Verein verklagte
der Trainer); with werden it is the one behind von; whoever says or criticises that another one does it, does so to him.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from presseschau.facts.words import Word, words
from presseschau.lang import SOURCE, regex, vocabulary

ANY = "nad"
"""Cases of a noun without an article."""
MAN = "ngd"
"""Cases behind der, in which a man is the subject, a woman not."""


class Phrase(NamedTuple):
    """A noun, or names in a row. `cases`: as in `articles.csv`; `preposition`: before it, or ""; `joined`: behind und;
    `first`: before the verb."""

    nouns: tuple[Word, ...]
    cases: str
    preposition: str
    joined: bool
    first: bool


class Deed(NamedTuple):
    """Who does it, and to whom, in German."""

    doer: Phrase
    other: Phrase


def deeds(text: str, named: Collection[int] = ()) -> Iterator[Deed]:
    """What the clauses of a German text say; `named`: where the names of persons and places start."""
    speaker: Phrase | None = None
    for clause in _clauses(text):
        said = text[clause[0].start : clause[-1].end]
        phrases = [] if regex(SOURCE, "clauses", "unread").search(said) else list(_phrases(clause, named))
        bare = [one for one in phrases if not one.preposition]
        doer = next((one for one in bare if "n" in one.cases), None)
        if doer and regex(SOURCE, "clauses", "passive").search(said):
            yield from [Deed(one, doer) for one in phrases if one.preposition in ("von", "vom")][:1]
        elif doer and doer is not bare[0]:
            yield Deed(doer, bare[0])
        elif doer:
            yield from (Deed(doer, one) for one in bare[1:] if not one.joined and _plain(doer, one))
            if speaker and clause[0].lower == "dass":
                yield Deed(speaker, doer)
        speaker = doer if bare == [doer] else None


def _plain(doer: Phrase, other: Phrase) -> bool:
    """Only the first can be the subject, or it stands where a subject does (not die Lehrerin hatte der Schüler)."""
    return doer.cases == MAN or "n" not in other.cases or (other.cases != MAN and not doer.first)


def _clauses(text: str) -> Iterator[list[Word]]:
    clause: list[Word] = []
    for item in words(text):
        if clause and regex(SOURCE, "clauses", "edge").search(text, clause[-1].end, item.start + 1):
            yield clause
            clause = []
        clause.append(item)
    if clause:
        yield clause


def _phrases(clause: Sequence[Word], named: Collection[int]) -> Iterator[Phrase]:
    """Without genitives behind a noun; what follows und stands in the case of what is before it."""
    articles, prepositions = vocabulary(SOURCE, "articles"), vocabulary(SOURCE, "prepositions")
    joints = vocabulary(SOURCE, "prepositions", "joint")
    last: Phrase | None = None
    cases = preposition = ""
    joined = behind = genitive = verb = False
    for at, item in enumerate(clause):
        low = item.lower
        if low in joints:
            joined = last is not None
        elif low in prepositions:
            preposition, cases, behind, joined = low, "", False, False
        elif low in articles:
            cases = cases or articles[low]
        elif item.text[0].isupper() and (at or item.start in named):
            if behind and not cases and not preposition and not joined:
                if last and not genitive:
                    last = last._replace(nouns=(*last.nouns, item))
                continue
            genitive = behind and "g" in cases and not preposition and not joined
            if not genitive:
                if last:
                    yield last
                own = cases or ANY
                if own == MAN and regex(SOURCE, "clauses", "woman").search(item.text):
                    own = "gd"
                preposition = preposition or (last.preposition if joined and last else "")
                last = Phrase((item,), own, preposition, joined, not verb)
            cases, preposition, behind, joined = "", "", True, False
        elif item.text[0].isdigit() or (
            (cases or preposition or joined) and regex(SOURCE, "clauses", "inflected").fullmatch(low)
        ):
            continue
        else:
            verb = verb or at > 0
            cases, preposition, behind, joined = "", "", False, False
    if last:
        yield last


def english_doer(text: str, first: Word, second: Word) -> Word | None:
    """Which of two English nouns does it to the other, if that is plain."""
    if text[first.end : first.end + 1] in ("'", "’") or first.text[-2:] in ("'s", "’s"):
        return None
    between = regex("en", "clauses", "reported").sub("", text[first.end : second.start])
    opens = regex("en", "clauses", "opening").fullmatch(text, 0, first.start)
    if not opens or regex("en", "clauses", "edge").search(between):
        return None
    passive = regex("en", "clauses", "be").search(between)
    inner = [item.lower for item in words(between)]
    if "by" in inner:
        return second if passive else None
    return None if passive or not vocabulary("en", "prepositions", "whole").keys().isdisjoint(inner) else first
