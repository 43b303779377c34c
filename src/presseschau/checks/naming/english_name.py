"""The usual English name of a German mention, as far as tables and spelling settle it; else the German wording."""

from __future__ import annotations

import re
from functools import lru_cache

from presseschau.checks.naming.bodies import english_adjective, english_body, house_term
from presseschau.facts.gazetteer import gazetteer
from presseschau.facts.kept_words import is_german
from presseschau.facts.persons import english_first_name, english_surnames
from presseschau.facts.speech.mentions import without_article, without_body
from presseschau.facts.words import words as words_of

_AGENCIES = (
    (re.compile(r"Deutschen? Presse-?Agentur"), "dpa"),
    (re.compile(r"Katholischen? Nachrichten-?Agentur"), "KNA"),
    (re.compile(r"Evangelische[rnm]? Pressedienst"), "epd"),
    (re.compile(r"Austria Presse Agentur"), "APA"),
)
_TITLES = re.compile(r"\b(?:Dr\.-Ing\.|Dr\.|Prof\.|Dipl\.-\w+\.?|(?:Frau|Herrn?)(?=\s)|h\. ?c\.)\s*")
_MEDIUM = re.compile(
    r"(?:[a-zäöüß]+\s)?(?:Nachrichtenagentur|Agentur|Zeitung|Tageszeitung|Wochenzeitung|Magazin|Nachrichtenmagazin|Sender)"
    r"\s(?P<name>[„»\"]?[A-ZÄÖÜ].*)"
)
_RUN = re.compile(r"[A-ZÄÖÜ][\w'’-]+(?:(?:\s+(?:von|van|de|al|bin|zu)(?:\s+(?:der|den|dem))?)?\s+[A-ZÄÖÜ][\w'’-]+)+")
_ROLE = re.compile(
    r"(?:minister|präsident|sprecher|chef|kanzler|meister|vorstand|trainer|coach|leiter|führer|rat|richter|anwalt|sekretär"
    r"|experte|expertin|direktor|professor|obmann|verteidiger|berater|händler|abgeordnete|forscher|autor|manager|rätin"
    r"|steher|walter|wissenschaftler|politiker|ökonom|dezernent|referent|analyst|lehrer|pfarrer|bischof|kommandant|kommissar|general|inspektor|arzt|ärztin|vorsitzende)r?(?:in|s|n)?$|(?:log|er|ist|ent|or)in$",
    re.IGNORECASE,
)

_SOURCES = re.compile(r"(?P<people>\w+)\s+(?:Angaben|Quellen|Informationen|Berichten?|Kreisen?)")


@lru_cache(maxsize=2000)
def english_name(mention: str) -> str:
    """ "der ukrainische Präsident Wolodymyr Selenskyj" is Volodymyr Zelensky;

    "die Polizei" is police, "die Stadtwerke" stay Stadtwerke.
    """
    text = " ".join(_TITLES.sub("", re.sub(r"\([^)]*\)", "", mention)).split())
    bare = without_article(text)
    if agency := next((short for form, short in _AGENCIES if form.search(bare)), None):
        return agency
    if medium := _MEDIUM.fullmatch(bare):
        return medium["name"].strip('„“”»«"')
    if (person := without_body(bare)) != bare:
        return _person(person) or person.split()[-1]
    return _sources(bare) or english_body(bare) or _term(bare) or _person(bare) or bare


def _sources(text: str) -> str | None:
    """ "ukrainischen Angaben" are Ukrainian sources: whose word it is, though nobody is named."""
    match = _SOURCES.fullmatch(text)
    adjective = english_adjective(match["people"]) if match else None
    return f"{adjective} sources" if adjective else None


def _person(text: str) -> str | None:
    """First name and surname, or a surname behind an office; None if the words name no person."""
    runs = [match.group().split() for match in _RUN.finditer(text)]
    words = runs[0] if runs else text.split()[-1:]
    office = len(words) > 1 and bool(_ROLE.search(words[0]) or (len(words) > 2 and is_german(words[0].lower())))
    words = words[1:] if office else words
    if len(words) > 2 and any(_ROLE.search(word) for word in words[:-2]):
        words = words[-2:]
    if words and words[0][0].islower() and words[-1] in gazetteer("de").single:  # der Präsident von Belarus
        return None
    if (
        any(mark in text for mark in '„“»«"')
        or not words
        or (len(words) == 1 and not office and words[0] not in english_surnames())
    ):
        return None
    first = (english_first_name(word, words[-1].removesuffix("s")) for word in words[:-1])
    return " ".join([*first, _surname(words[-1])])


def _surname(word: str) -> str:
    for german in (word, word.removesuffix("s")):
        if german in english_surnames():
            return english_surnames()[german]
    return word


def _term(text: str) -> str | None:
    """The English of a term of the house's glossary, or of a place, that is the whole mention."""
    if term := house_term(text):
        return term
    for value, forms in gazetteer("de").forms.items():
        if text in forms and gazetteer("en").forms.get(value):
            return gazetteer("en").forms[value][0]
    return None


def in_german(speaker: str, english: str) -> bool:
    """Is the speaker given in German words ("Sprecher der Feuerwehr")? A name stands in the English as it is."""
    found = [word for word in words_of(speaker) if len(word.text) > 3 or word.text[0].isupper()]
    here = {word.lower for word in words_of(english)}
    return bool(found) and all(is_german(word.lower) and word.lower not in here for word in found)
