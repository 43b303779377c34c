"""Who does it to whom in a clause: by the cases of German nouns and their order, by the order of English ones.

Read only where the German is plain: one pronoun at most, no verb that says what happens to its subject.
The one who does it comes before whom it is done to, unless only the later one can be the subject (den Verein verklagte
der Trainer); with werden it is the one behind von; whoever says or criticises that another one does it, does so to him.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.lexicon import SHORTEST_PART
from presseschau.facts.words import Word, words
from presseschau.lang import SOURCE, cuts, regex, vocabulary

ANY = "nad"
"""Cases of a noun without an article."""
MAN = "ngd"
"""Cases behind der, in which a man is the subject, a woman not."""


class Phrase(NamedTuple):
    """A noun, or names in a row; no noun, if it is a pronoun. `cases`: as in `articles.csv`; `preposition`: before it,
    or ""; `joined`: behind und; `first`: before the verb."""

    nouns: tuple[Word, ...]
    cases: str
    preposition: str
    joined: bool
    first: bool


NOBODY = Phrase((), "", "von", False, False)
"""Who does it, where only whom it is done to is known."""


class Deed(NamedTuple):
    """Who does it, and to whom, in German; `start`, `end`: of the clause; `relative`: that is about one of them;
    `sure`: by the cases, not only by their order."""

    doer: Phrase
    other: Phrase
    start: int
    end: int
    relative: bool = False
    sure: bool = True


def deeds(text: str, named: Collection[int] = ()) -> Iterator[Deed]:
    """What the clauses of a German text say; `named`: where the names of persons and places start."""
    speaker = head = None
    before = (0, 0)
    for clause in _clauses(text):
        start, end = place = clause[0].start, clause[-1].end
        relative = _relative(clause, head)
        phrases = list(_phrases(clause[1:] if relative else clause, named))
        head = phrases[-1] if phrases and phrases[-1].nouns[-1] == clause[-1] else None
        if not phrases and not relative:
            speaker = None
            continue
        pronouns = [match.group() for match in regex(SOURCE, "clauses", "pronoun").finditer(text, start, end)]
        if len(pronouns) > (not relative) or regex(SOURCE, "clauses", "unread").search(text, start, end):
            speaker = None
            continue
        passive = regex(SOURCE, "clauses", "passive").search(text, start, end)
        bare = [one for one in phrases if not one.preposition]
        if relative:
            bare = [relative, *bare]
        elif pronouns:
            cases = vocabulary(SOURCE, "articles", "pronoun").get(pronouns[0].lower(), "n" if passive else "")
            bare = [Phrase((), cases, "", False, True), *bare] if cases else []
        doer = next((one for one in bare if one.cases == "n"), next((one for one in bare if "n" in one.cases), None))
        if doer and passive:
            by = [one for one in phrases if one.preposition in vocabulary(SOURCE, "prepositions", "by")]
            yield from (Deed(one, doer, *place, relative is not None) for one in by[:1])
            if doer.nouns and not relative and not pronouns:
                yield Deed(NOBODY, doer, *place)
        elif doer and doer is not bare[0]:
            yield from (Deed(doer, one, *place, relative is not None) for one in bare if _other(one, doer))
        elif doer:
            others = [one for one in bare[1:] if not one.joined and _may_suffer(doer, one)]
            yield from (Deed(doer, one, *place, relative is not None, _plain(doer, one)) for one in others)
            whom = (one for one in phrases if one.preposition in vocabulary(SOURCE, "prepositions", "whom"))
            yield from (Deed(doer, one, *place, relative is not None, False) for one in whom)
            if speaker and doer.nouns and clause[0].lower == "dass":
                yield Deed(speaker, doer, *before)
        speaker = doer if bare == [doer] and not pronouns else None
        before = place


def _other(one: Phrase, doer: Phrase) -> bool:
    """Can it only be done to it, beside this doer?"""
    return "n" not in one.cases or (doer.cases == "n" and one.cases in ("na", ANY) and bool(one.nouns))


def _may_suffer(doer: Phrase, other: Phrase) -> bool:
    return _plain(doer, other) or other.cases != MAN


def _plain(doer: Phrase, other: Phrase) -> bool:
    """Only the first can be the subject, or it stands where a subject does (not die Lehrerin hatte der Schüler)."""
    return doer.cases in (MAN, "n") or "n" not in other.cases or (other.cases != MAN and not doer.first)


def _relative(clause: Sequence[Word], head: Phrase | None) -> Phrase | None:
    """Whom a relative clause is about, in the case in which it stands there, if it is one: the noun before it."""
    articles, low = vocabulary(SOURCE, "articles", "article"), [item.lower for item in clause[:2]]
    cases = articles.get(low[0], "")
    if head is None or len(low) < len(cases[:1]) + 1 or not cases:
        return None
    if low[1] not in articles and low[1] not in vocabulary(SOURCE, "prepositions"):
        return None
    if cases == MAN:
        cases = "n" if head.cases in (MAN, "n", "a", "d", "ad") else "d"
    return head._replace(cases=cases, preposition="", joined=False, first=True)


def _clauses(text: str) -> Iterator[list[Word]]:
    clause: list[Word] = []
    for item in words(text):
        blank = clause and text[clause[-1].end : item.start] == " "
        if clause and not blank and regex(SOURCE, "clauses", "edge").search(text, clause[-1].end, item.start + 1):
            yield clause
            clause = []
        clause.append(item)
    if clause:
        yield clause


def _phrases(clause: Sequence[Word], named: Collection[int]) -> Iterator[Phrase]:
    """Without genitives behind a noun; what follows und stands in the case of what is before it."""
    articles, prepositions = vocabulary(SOURCE, "articles", "article"), vocabulary(SOURCE, "prepositions")
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
                if own == MAN:
                    sort = gender(item.lower)
                    if sort == "f" or (not sort and regex(SOURCE, "clauses", "woman").search(item.text)):
                        own = "gd"
                    elif sort == "m" and not behind:
                        own = "n"
                preposition = preposition or (last.preposition if joined and last else "")
                last = Phrase((item,), own, preposition, joined, not verb)
            cases, preposition, behind, joined = "", "", True, False
        elif (
            item.text[0].isdigit()
            or preposition not in ("", "zu")
            or ((cases or preposition or joined) and regex(SOURCE, "clauses", "inflected").fullmatch(low))
        ):  # aus zehn Spielen
            continue
        else:
            verb = verb or at > 0
            cases, preposition, behind, joined = "", "", False, False
    if last:
        yield last


@lru_cache(maxsize=4_096)
def gender(noun: str) -> str:
    """m, f or n, of a lower-case German noun that may do something (`doers.csv`), in any form, or its last part; "" of
    any other."""
    known = vocabulary(SOURCE, "doers")
    if noun.endswith(("in", "innen")) and noun not in known and len(noun) > SHORTEST_PART + 2:
        return "f"
    forms = (noun, *(base for base, _ in cuts(SOURCE, noun, "listed")))
    for form in forms:
        if form in known:
            return known[form]
    parts = (form[at:] for form in forms for at in range(2, len(form) - SHORTEST_PART + 1))
    return next((known[part] for part in parts if part in known), "")


def english_active(text: str, subject: Word, verb: Word) -> bool:
    """Does the subject of an English clause, before this verb, do it, with hardly more than an auxiliary between?"""
    auxiliary = regex("en", "clauses", "auxiliary")
    if not auxiliary.fullmatch(text, subject.end, verb.start) or auxiliary.fullmatch(f" {verb.lower} "):
        return False
    if regex("en", "clauses", "be").search(text, subject.end, verb.end + 1):
        return False
    return regex("en", "clauses", "opening").fullmatch(text, 0, subject.start) is not None


def english_doer(text: str, first: Word, second: Word, verb: Word | None = None, loose: bool = False) -> Word | None:
    """Which of two English nouns does it to the other, if that is plain; `verb`: what is done, if it is known; `loose`:
    a preposition may stand between them (apologised to, parted with)."""
    if text[first.end : first.end + 1] in ("'", "’") or first.text[-2:] in ("'s", "’s"):
        return None
    between = text[first.end : second.start]
    if regex("en", "clauses", "whom").fullmatch(between):
        return second
    who = regex("en", "clauses", "who").match(between)
    between = regex("en", "clauses", "reported").sub("", between[who.end() :] if who else between)
    opens = who or regex("en", "clauses", "opening").fullmatch(text, 0, first.start)
    if not opens or regex("en", "clauses", "edge").search(between):
        return None
    passive = regex("en", "clauses", "be").search(between)
    inner = [item.lower for item in words(between)]
    if "by" in inner:
        return second if passive else None
    after = words(text[verb.end : second.start]) if verb and verb.start < second.start else words(between)
    whole = vocabulary("en", "prepositions", "whole")
    return None if passive or (not loose and any(item.lower in whole for item in after)) else first
