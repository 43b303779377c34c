"""Compounds that name one thing: Emmertalbrücke, Lahnbank, Werrastadt are a name before a common noun.

Known by what is missing: no cut of the word leaves German on both sides. The nouns before which a foreign combining
form stands (Cyberangriff) are no names and listed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from presseschau.facts.kept_words import is_german, is_listed_noun

_SHORTEST = 4
"""Letters of the name and of the noun behind it."""
_FORMS = re.compile(
    r"(?:aero|agrar|astro|audio|bio|cyber|elektro|fahr|foto|heim|heiz|hydro|impf|intim|kita|makro|meta|mikro|mini|multi"
    r"|nuklear|öko|polit|protz|reit|sexual|solo|spezial|tele|thermo|video|wohn)"
)

_PREFIX = re.compile(r"(?:ab|an|auf|aus|be|ein|emp|ent|er|ge|miss|miß|mit|über|um|un|unter|ver|vor|zer|zu)")
"""Of verbs and of the nouns from them: Angreifer, Abfindung."""


@lru_cache(maxsize=32768)
def is_name_compound(lower: str) -> bool:
    """Is this word, in lower case, a common noun behind something that is no German word or stem?"""
    if "-" in lower or is_listed_noun(lower) or _FORMS.match(lower):
        return False
    if (prefix := _PREFIX.match(lower)) and any(is_german(lower[prefix.end() :] + end) for end in ("", "n", "en")):
        return False
    cuts = range(_SHORTEST, len(lower) - _SHORTEST + 1)
    if not any(is_listed_noun(lower[i:]) for i in cuts):
        return False
    return not any(is_german(lower[i:]) and _is_part(lower[:i]) for i in range(3, len(lower) - 3))


def _is_part(first: str) -> bool:
    """May it begin a compound: a word or stem, with a linking s, n, en, er or es, or itself a compound of such?"""
    forms = {first, *(first.removesuffix(link) for link in ("s", "n", "e", "en", "er", "es"))}
    return any(_is_word(form) for form in forms) or any(
        _is_word(first[:i]) and _is_word(first[i:]) for i in range(2, len(first) - 2)
    )


def _is_word(form: str) -> bool:
    return len(form) > 1 and (is_listed_noun(form) or is_listed_noun(form + "e") or _is_listed(form))


def _is_listed(form: str) -> bool:
    """Is it in the list as it is, or with en a verb?"""
    return is_german(form) or is_german(form + "en")
