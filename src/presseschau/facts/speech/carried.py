"""Whose words are these, if nobody is named: the last speaker's, the last subject's, or those of who is interviewed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from presseschau.facts.names.name_words import german_names
from presseschau.facts.speech.mentions import is_thing
from presseschau.facts.words import words
from presseschau.lang import SOURCE, any_of, regex, rules, vocabulary
from presseschau.patterns import late

CARRIED_AT_MOST = 5
"""A speaker is not carried further than this many sentences."""
_QUOTED = late(r"[„»«\"“][^„“”»«\"]*[“”«»\"]")
SUBJECT_AT_MOST = 3
"""A subject that did not speak may be meant by er or sie in the next so many sentences."""


class Place(NamedTuple):
    """A German mention of a speaker: its offsets in sentence `sentence` (an index)."""

    sentence: int
    start: int
    end: int


def subject(sentence: str) -> tuple[int, int] | None:
    """The subject of a German main clause that may go on to speak: a person, or who takes a stand; else None."""
    for rule in rules(SOURCE, "carrying").values():
        found = rule.regex.match(sentence) if rule.kind == "subject" else None
        if found is None or is_thing(name := found["speaker"]):
            continue
        stands = regex(SOURCE, "carrying", "stand").fullmatch(found["verb"])
        if (stands and name.lower() not in vocabulary(SOURCE, "articles", "impersonal")) or _person(name):
            return found.span("speaker")
    return None


def _person(mention: str) -> bool:
    """Is a person named: a public figure, or a first name with a surname behind it (Wirtin Rosi Bahlke)?"""
    found = german_names(mention)
    side_by_side = any(a.kind == "name" and b.start == a.end + 1 for a, b in pairwise(found))
    return side_by_side or any(one.kind == "known" or " " in one.text for one in found)


def turns(sentences: Sequence[str], paragraphs: Sequence[int]) -> dict[int, Place]:
    """Sentence index -> who is answering, in an interview whose turns begin "Name:"; a turn ends with its paragraph.

    A name must begin two turns, so that "Berlin: ..." or "Fazit: ..." alone is none.
    """
    turn = regex(SOURCE, "carrying", "turn")
    opened = {i: match for i, sentence in enumerate(sentences) if (match := turn.match(sentence))}
    names = [match["speaker"] for match in opened.values()]
    found: dict[int, Place] = {}
    for i, match in opened.items():
        if names.count(match["speaker"]) < 2:
            continue
        for j in range(i, len(sentences)):
            if paragraphs[j] != paragraphs[i] or (j > i and j in opened):
                break
            found[j] = Place(i, *match.span("speaker"))
    return found


QUESTIONS = 3
"""Paragraphs that end with a question, from which an article is an interview."""


def answers(sentences: Sequence[str], paragraphs: Sequence[int]) -> dict[int, Place]:
    """Sentence index -> who is answering, in an interview whose questions are paragraphs of their own and name nobody;
    the one person is meant whom it names before its second question. Empty for any other article."""
    last = {paragraph: i for i, paragraph in enumerate(paragraphs)}
    asked = {paragraph for paragraph, i in last.items() if sentences[i].rstrip(' “”"«»').endswith("?")}
    if len(asked) < QUESTIONS:
        return {}
    first, second = sorted(i for i, paragraph in enumerate(paragraphs) if paragraph in asked and i == last[paragraph])[
        :2
    ]
    persons = [Place(i, *place) for i in range(second) for place in _full_names(sentences[i])]
    if len({sentences[one.sentence][one.start : one.end] for one in persons}) != 1:
        return {}
    return {i: persons[0] for i, paragraph in enumerate(paragraphs) if i > first and paragraph not in asked}


def _full_names(sentence: str) -> list[tuple[int, int]]:
    """Where a first name stands with a surname behind it."""
    named = {name.start for name in german_names(sentence) if name.kind in ("name", "known")}
    beside = ((a, b) for a, b in pairwise(words(sentence)) if sentence[a.end : b.start] == " " and b.text[0].isupper())
    return [(first.start, surname.end) for first, surname in beside if first.start in named]


def in_a_later_clause(sentence: str, mood: int) -> bool:
    """Does the Konjunktiv I at offset `mood` stand behind a main clause of its own ("Gegen das Buch wurde eingewandt,
    es verletze ...", "Jemand rief, es brenne")? Then the words are not simply those of the last speaker."""
    before = sentence[:mood]
    own_clause = (regex(SOURCE, "carrying", sign).search(before) for sign in ("no_clause_of_his", "indefinite"))
    return re.search(r"[,:]\s[^,:]*$", before) is not None and any(own_clause)


def own_report(sentence: str) -> bool:
    """Does the paper itself speak ("In unserer Ausgabe vom 10. März hatten wir berichtet, ...")? Quotations, in which
    wir is someone else, are left out."""
    own = _QUOTED.sub(" ", sentence)
    return any(any_of(SOURCE, "corrections", kind).search(own) for kind in ("recalls", "owns"))
