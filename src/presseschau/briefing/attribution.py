"""Whom an English sentence names as the one who says it, and whether a voice of the cited claims is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from presseschau.briefing.overlap import content, key
from presseschau.checks.speaker import TITLES, names
from presseschau.facts import facts
from presseschau.facts.speech.pronouns import is_pronoun
from presseschau.facts.words import words

_SAYS = (
    r"(?:said|says|say|stated?|states|announce[ds]?|reports?|reported|claim(?:s|ed)?|warn(?:s|ed)?|stress(?:es|ed)?"
    r"|argue[ds]?|insist(?:s|ed)?|confirm(?:s|ed)?|den(?:y|ies|ied)|add(?:s|ed)|explain(?:s|ed)?|told|estimate[ds]?"
    r"|expect(?:s|ed)?|believe[ds]?|suspect(?:s|ed)?|declare[ds]?|complain(?:s|ed)?|critici[sz]e[ds]?|allege[ds]?"
    r"|writes?|wrote|spoke|puts?(?=\s[^,;:]{3,60}\sat\b)|rule[ds]? out|demand(?:s|ed)?|call(?:s|ed) for"
    r"|reject(?:s|ed)?|admit(?:s|ted)?|acknowledge[ds]?|emphasi[sz]e[ds]?)"
)
_VERB = re.compile(rf"\b{_SAYS}\b")
_ACCORDING = re.compile(r"\b(?:[Aa]ccording to|[Ii]n the (?:words|view) of|citing|cited by|quoted by|told)\s+")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|be|being|as|to|the|a|an|this|its|their|his|her)\s+(?:\w+ly\s+)?$")
_CUT = re.compile(
    r"[,;:.!?\n–—“”\"()]+|\s-\s"
    r"|\b(?:that|which|who|whose|while|whereas|but|and|because|after|before|when|where|if|though|although)\b"
)
_BE = re.compile(r"\b(?:is|are|was|were|been|be|being)\s+(?:\w+ly\s+)?$")
_IMPERSONAL = frozenset(
    ("said", "reported", "believed", "suspected", "alleged", "expected", "estimated", "thought", "feared", "planned",
     "considered", "understood", "predicted", "forecast", "called", "proposed", "demanded", "assumed")
)  # fmt: skip
"""Participles that leave open who says so, and yet that somebody does."""
_CLAUSE = re.compile(rf"[;:.!?]\s|,?\s(?:while|whereas|but|although|though)\s|,\s(?:and\s)?(?=[^,]{{3,60}}\s{_SAYS}\b)")
_NOBODY = frozenset(
    ("he", "she", "it", "they", "we", "you", "one", "this", "these", "those", "there", "both", "others", "some",
     "many", "all", "him", "her", "them", "what", "local", "media", "papers", "paper", "outlets", "initial", "early",
     "has", "have", "had", "will", "would", "not", "now")
)  # fmt: skip
_GENERIC = frozenset(
    ("company", "firm", "manufacturer", "club", "association", "party", "authority", "authorities", "ministry", "bank",
     "spokesman", "spokeswoman", "spokesperson", "officials", "sources", "report", "reports", "statement", "study",
     "letter", "newspaper", "agency", "operator", "owner", "document", "court", "organisers", "residents")
)  # fmt: skip
"""Words by which a text takes up a voice it has named before."""
_TIME = re.compile(
    r"^(?:on|in|at|by|late|early|last|this|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march"
    r"|april|may|june|july|august|september|october|november|december|morning|evening|afternoon|night|noon|\d+|\w+ly)$"
)
_MOST_WORDS = 9
_MOST_APPOSED = 6


@dataclass(frozen=True)
class Attribution:
    """One "X said" or "according to X". `names` are the words that may be X, the likeliest first; `clause` is the
    stretch of text that X is given."""

    names: tuple[str, ...]
    clause: str


def attributions(text: str) -> tuple[Attribution, ...]:
    """Everyone to whom the English `text` gives words; pronouns are nobody."""
    found = []
    for clause in clauses(text):
        found += [Attribution(named, clause) for named in _named(clause) if named]
    return tuple(found)


def clauses(text: str) -> tuple[str, ...]:
    """`text` cut where another speaker may begin."""
    return tuple(part.strip() for part in _CLAUSE.split(text) if part.strip())


def _named(clause: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [(_phrase(clause[match.end() :]),) for match in _ACCORDING.finditer(clause)]
    for match in _VERB.finditer(clause):
        before = clause[: match.start()]
        if _PASSIVE.search(before):
            continue
        pieces = [piece.strip() for piece in _CUT.split(before)]
        if pieces and pieces[-1]:
            candidates = [pieces[-1]]
        elif _apposed(near := [piece for piece in pieces if piece][-2:]):  # Berg, the mayor, said
            candidates = near
        else:  # ..., said Berg
            candidates = [_phrase(clause[match.end() :])]
        found.append(tuple(candidates))
    kept = (tuple(name for name in named if telling(name)) for named in found)
    return [named for named in kept if named]


def _apposed(pieces: Sequence[str]) -> bool:
    """Are these a name and what it is, both short?"""
    short = len(pieces) == 2 and all(len(piece.split()) <= _MOST_APPOSED for piece in pieces)
    return short and any(word[0].isupper() for piece in pieces for word in telling(piece))


def _phrase(text: str) -> str:
    piece = next((p for p in _CUT.split(text.strip()) if p.strip()), "")
    return " ".join(piece.split()[:_MOST_WORDS])


def telling(name: str) -> tuple[str, ...]:
    """The words that tell one speaker from another; none for a pronoun or a time."""
    if is_pronoun(name):
        return ()
    all_words = [w.text for w in words(name) if not _TIME.match(w.lower) and w.lower not in _NOBODY]
    own = [word for word in all_words if word.lower() not in TITLES]
    return tuple(own or [word for word in all_words if word.lower() not in ("the", "a", "an", "of", "for", "and")])


def voiced(text: str) -> bool:
    """Does the English `text` say that somebody says so, or quote? "Arson is ruled out" does not."""
    read = facts(text, "en")
    if read.quotes or _ACCORDING.search(text) or any(fact.value in ("alleged", "reported") for fact in read.hedges):
        return True
    return bool(attributions(text)) or any(
        not _BE.search(text[: one.start])
        or one.text.lower().endswith("ing")
        or one.text.lower() in _IMPERSONAL
        or text[one.end :].startswith(" by ")
        for one in read.voices
    )


def is_generic(name: str) -> bool:
    """Is this only a word such as "the company" or "officials", that may take up any voice?"""
    return all(word.lower() in _GENERIC | TITLES for word in telling(name))


def meant(name: str, voices: Sequence[str]) -> bool:
    """Is one of `voices` (English, or German mentions) whom `name` means?

    A name is known by its last word, or by two thirds of its words that have capitals (Kiel University Hospital); an
    office or role by half of its words. "Plant manager Berg" is not plant manager Asmus.
    """
    own = telling(name)
    if not own:
        return True
    proper = own[-1][0].isupper()
    counted = [word for word in own if word[0].isupper()] if proper else list(own)
    enough = 2 / 3 if proper else 1 / 2
    for voice in voices:
        others = {key(word) for word in telling(voice)}
        if key(own[-1]) in others or sum(key(word) in others for word in counted) >= enough * len(counted):
            return True
        if not proper and others and key(telling(voice)[-1]) in map(key, own):
            return True
        if names(own[-1] if proper else name, voice):
            return True
    return False


def named(speaker: str, text: str) -> bool:
    """Does `text` name the speaker, by the last word that tells (mostly the family name)?"""
    last = telling(speaker)[-1:]
    return bool(last) and key(last[0]) in {key(word) for word in content(text)}
