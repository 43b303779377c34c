"""What a German mention stands for: a thing, a document, a man or a woman; and where a person's name ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from presseschau.facts.kept_words import is_german, is_listed_noun
from presseschau.facts.name_words import first_names
from presseschau.facts.speech.noun_phrases import ADJECTIVE, DETERMINER

Gender = Literal["m", "f"]

_THING = (
    r"(?:(?:[A-ZÄÖÜ][\w-]*)?(?:[Zz]ahl|[Zz]ahlen|[Kk]osten|[Ss]chaden|[Ss]chäden|[Ss]umme|[Ss]ummen|[Aa]nteil|[Aa]nteile|[Vv]orwurf"
    r"|[Vv]orwürfe|[Pp]reise|[Bb]etrag|[Bb]eträge|[Vv]erlust|[Vv]erluste|[Uu]msatz|[Gg]ewinn|[Mm]enge|[Uu]rsache"
    r"|[Aa]nschuldigungen?|[Vv]erspätungen?|[Ss]törungen?|[Ee]innahmen|[Aa]usgaben|[Gg]erüchte)"
    r"|(?:[A-ZÄÖÜ][\w-]*)?[Hh]öhe|Dauer|Wert|Plan|Pläne|Preis|Grund|Gründe|Quote|Hinweise|Vorhaben|Angriff|Angriffe|Tat|Lage|Situation|Idee"
    r"|Vorschlag|Vorschläge|Entscheidung|Kritik|Forderung|Forderungen|Bedeutung|Gefahr|Risiko|Wahrscheinlichkeit)"
)
THING_FIRST = rf"(?:{DETERMINER}\s+)?(?:{ADJECTIVE}\s+){{0,2}}{_THING}(?![\w-])(?!\s+[A-ZÄÖÜ][\w-]+\s+[A-ZÄÖÜ])"
"""A phrase that opens a sentence and is no subject of a verb of saying; a pattern."""
_PHRASE = re.compile(THING_FIRST)
_HAPPENED = re.compile(
    r"(?:[A-ZÄÖÜ][\w-]*)?(?:[Ff]euer|[Bb]rand|[Uu]nfall|[Uu]nglück|[Ss]treit|[Pp]rozess|[Kk]rise|[Kk]rieg|[Dd]ebatte|[Uu]rteil"
    r"|[Aa]nschlag|[Ss]treik|[Ww]ahl|[Aa]tt?acke|[Ss]kandal|[Pp]rotest|[Rr]ücktritt|[Ii]nterview)"
)
_ABOUT = re.compile(r"\s(?:bei|beim|um|nach|über|gegen|in|im|an|am|vor|zu|zum|zur|mit|ohne|trotz|wegen)\s")
_DOCUMENT = re.compile(
    r"\b(?:[A-ZÄÖÜ][\w-]*)?(?:[Vv]ermerk|[Bb]ericht|[Bb]rief|[Ss]chreiben|[Ss]tudie|[Uu]mfrage|[Mm]itteilung|[Gg]utachten|[Pp]apier"
    r"|[Ee]rklärung|[Dd]okument|[Pp]rotokoll|[Bb]eschluss|[Ss]tatistik|[Aa]ngaben|[Aa]nklage|[Aa]nklageschrift|[Vv]ertrag"
    r"|[Ss]tellungnahme|[Ii]nformationen|[Aa]ussagen|[Bb]erichte|[Bb]erichten|[Nn]ews|[Bb]uch|[Uu]rteil)(?:s|es)?\b(?![\w-])"
)


def is_thing(mention: str) -> bool:
    """Is the head of the mention a number, a cost, a plan ..., which does not speak?"""
    return bool(_PHRASE.match(mention))


def is_topic(mention: str) -> bool:
    """Is it what a headline is about ("Feuer bei Nordlack: ...") rather than who speaks?"""
    return is_thing(mention) or bool(_HAPPENED.fullmatch(mention) or _ABOUT.search(mention))


def is_document(mention: str) -> bool:
    """A document may say something, but nobody means it with "sagte er"."""
    head = re.split(r"\s(?:der|des|von|vom|an|aus|für|über)\s", mention)[0]
    return bool(_DOCUMENT.search(head)) and not re.search(r"[A-ZÄÖÜ][\w-]+\s+[A-ZÄÖÜ]", head)


_FEMALE = re.compile(r"\b[A-ZÄÖÜ][\w-]+(?:in|frau|rätin)\b(?!\s+(?:der|des)\s)|^(?:[Dd]ie|[Ee]ine|Frau)\b")
_MALE = re.compile(
    r"^(?:[Dd]er|[Ee]in|[Hh]err)\b|\b(?:[A-ZÄÖÜ][\w-]*)?(?:[Mm]inister|[Pp]räsident|[Ss]precher|[Cc]hef|[Kk]anzler"
    r"|[Mm]eister|[Mm]ann)\b"
)


def gender(mention: str) -> Gender | None:
    """`f` or `m` if the article, or the word for the office, shows it; bodies are what their article is."""
    if _FEMALE.search(mention):
        return "f"
    return "m" if _MALE.search(mention) else None


def fits(pronoun: str, mention: str) -> bool:
    """Can er, sie or man stand for the mention? True unless it is a document, or the gender is known to be another."""
    if is_document(mention):
        return False
    known = gender(mention)
    return not known or pronoun.lower() not in ("er", "sie") or known == {"er": "m", "sie": "f"}[pronoun.lower()]


def means(pronoun: str, mention: str) -> bool:
    """Does er or sie surely fit the mention of a person?"""
    return not is_document(mention) and gender(mention) == {"er": "m", "sie": "f"}.get(pronoun.lower())


_RUN = re.compile(r"[A-ZÄÖÜ][\w'’-]+(?:\s[A-ZÄÖÜ][\w'’-]+){2,}$")
_PLURAL = re.compile(r"(?:en|nisse|[äöü]\w+er|[äöü]\w+e)$|^(?:Kosten|Daten|Geld|Hilfe|Strom|Wasser)$")
_OFFICE = re.compile(r"(?:in|er|chef|rat|wirt|mann|frau|ent|ant|ist|oge|anwalt|vorsitzende[rn]?)$")
_BODY = re.compile(
    r"(?:schaft|agentur|partei|verband|verein|bund|gesellschaft|zeitung|bank|amt|polizei|feuerwehr|universität|hochschule"
    r"|institut|ministerium|gericht|klinik|werk)$",
    re.IGNORECASE,
)


def without_noun(mention: str, sentences: Sequence[str]) -> str:
    """The beginning of `mention` that is the name, if its last word is a noun that only follows it.

    Office, first name, surname and a noun in the plural; or the article has the surname without that noun elsewhere.
    """
    run = _RUN.search(re.sub(rf"^{DETERMINER}\s", "", mention))
    if run is None:
        return mention
    *names, last = run.group().split()
    if not _is_noun(last) or _BODY.search(names[-2]):
        return mention
    office = len(names) > 2 and bool(_OFFICE.search(names[0]) and _PLURAL.search(last))
    if (office or _alone(names[-1], sentences)) and not _speaks(last, sentences):
        return mention[: -len(last)].rstrip()
    return mention


_OF_A_BODY = re.compile(
    rf"(?P<who>(?:{DETERMINER}\s)?(?:[a-zäöüß][\w-]*\s)*(?P<words>(?:[A-ZÄÖÜ][\w.'’-]*\s)*?[A-ZÄÖÜ][\w.'’-]*))\s"
    rf"(?:von|vom|bei|beim|an|am|aus|der|des)\s(?:{DETERMINER}\s)?(?:{ADJECTIVE}\s)*(?P<head>[„»\"]?[\w'’-]+).*"
)
_SHORTEST_BODY = 6
"""Letters from which a German noun behind "von der" is a body rather than a surname (Heide, Wiese, Berg)."""


def without_body(mention: str) -> str:
    """The beginning of `mention` that names a person, if the rest says only where the person belongs.

    "Ursula von der Leyen" and "die Sprecherin der Polizei" stay whole: a surname may follow a first name, and an office
    is no name.
    """
    found = _OF_A_BODY.fullmatch(mention)
    if found is None:
        return mention
    words = [word for word in found["words"].split() if not word.endswith(".")]
    while words and is_german(words[0].lower()) and words[0] not in first_names():  # an office
        words = words[1:]
    if not words or _BODY.search(words[-1]) or (len(words) == 1 and words[0] in first_names()):
        return mention
    surname_follows = len(words) == 1 or words[-1] in first_names()
    return mention if surname_follows and not _is_body(found["head"]) else found["who"]


def _is_body(head: str) -> bool:
    """Is it the noun or the initials of a body, and no surname?"""
    known = len(head) >= _SHORTEST_BODY and is_german(head.lower())
    return known or not head[:1].isalpha() or bool(_BODY.search(head) or re.search(r"[A-ZÄÖÜ].*[A-ZÄÖÜ]", head))


def _is_noun(word: str) -> bool:
    return is_listed_noun(word.lower()) or word.endswith("ungen")


def _alone(name: str, sentences: Sequence[str]) -> bool:
    """Does the surname stand somewhere without the noun?"""
    short = re.compile(rf"(?<![A-ZÄÖÜ]\w\s)\b{re.escape(name)}\b(?!\s+[A-ZÄÖÜ])")
    return any(short.search(one) for one in sentences)


def _speaks(noun: str, sentences: Sequence[str]) -> bool:
    """Is the noun someone's name after all (..., sagte Rosen)?"""
    said = re.compile(rf"[,“”\"«»]\s\w+t(?:e|en)?\s{re.escape(noun)}\b|^{re.escape(noun)}\s\w*(?:sagt|erklärt|meint)")
    return any(said.search(one) for one in sentences)
