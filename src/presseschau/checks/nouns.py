"""German common nouns by the word list and by their suffix; names of places end like some of them."""

from __future__ import annotations

import re

from presseschau.checks.left_words import left_words
from presseschau.checks.lexicon import english, first_part, stem
from presseschau.facts.kept_words import is_listed_noun
from presseschau.lang import vocabulary

_SURELY = re.compile(r"(?:ig|lich|bar|sam|haftig)keit(?:en)?$|ierung(?:en)?$")
_NOUN = re.compile(r"(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|nis|nisse|nissen|ismus|tät|täten|chen)$")
PLACE = re.compile(
    r"^(?!.{2,}(?:ung|heit|keit|schaft|ion|tät)s)(?:.*-)?[a-zäöüß]{3,}"
    r"(?:berg|berge|burg|bürg|kirch|kirchen|dorf|stadt|stedt|hausen|häuser|hofen|werk|werke|stein|bach|feld|felde|heim|tal|hof"
    r"|see|haus|brück|brücken|furt|wald|werder|münde|hafen|platz|palast|land|lande|straße|strasse|allee|gasse|bahn|bank|post|zeitung|blatt"
    r"|spitze|horn|kogel|joch|klamm|gebirge|damm|viertel|turm|brücke|tunnel|park|garten|halle|arena|stadion"
    r"|theater|oper|philharmonie|museum|galerie|kirche|festspiele|funk|kurier|anzeiger|bote|schau|ticket|kreis)e?n?s?$"
)
"""Ends like a mountain, a building, a stage, a paper: names of such are kept. No name begins with an abstract noun
(Regierungsviertel, Gesundheitshaus)."""
_GERMAN_PLURAL = re.compile(r"(?:ionen|ilie|ilien|orien|täten|lemen|enten|iker|isten|oren|akten|onen)$")


def german_noun(low: str, *, bare: bool = False) -> bool:
    """A common noun by the word list or by its suffix; place names (Winterberg) and cognates (Ukraine) are not.

    `bare`: nothing stands before it in the German that a common noun in the singular needs, an article or the like.
    Then a compound may be a company (Zielpunkt), and a suffix must close a listed noun (Erwärmung, not Samsung).
    """
    if PLACE.search(low) or low.rstrip("s") in left_words().beginnings:
        return False
    if (
        (base := stem(low))
        and low[len(base) :] in vocabulary("de", "endings", "plural")
        and (low != base + "n" or base[-1] in "elr")
    ):
        cognate = any(low.startswith(word) for word in english(low) if len(word) > 3)
        return not cognate or bool(_GERMAN_PLURAL.search(low))
    if len(low) > 5 and _NOUN.search(low):
        sure = not bare or _SURELY.search(low)
        return bool(sure) or any(is_listed_noun(low[start:]) for start in range(len(low) - 5))
    return not bare and len(low) > 8 and bool(english(low)) and bool(first_part(low))
