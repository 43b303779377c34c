"""Things that do not speak: what stands first in "Die Zahl der Verletzten gab die Polizei mit 17 an" is the object."""

from __future__ import annotations

import re

from presseschau.facts.noun_phrases import ADJECTIVE, DETERMINER

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
