"""Sentences in which the paper speaks of what it printed: corrections, and earlier reports of its own."""

from __future__ import annotations

import re
from functools import lru_cache

_PRINTED = r"(?:Bericht|Artikel|Beitrag|Meldung|Ausgabe|Berichterstattung|Überschrift|Bildunterschrift|Grafik|Text)"
_REPORTED = r"(?:berichtet|geschrieben|gemeldet|behauptet|angegeben|veröffentlicht|bezeichnet|genannt|gedruckt)"
_WRONG = r"(?:unrichtig|falsch|fehlerhaft|unzutreffend|nicht korrekt|nicht richtig|irreführend)"
_QUOTED = re.compile(r"[„»«\"“][^„“”»«\"]*[“”«»\"]")


@lru_cache(maxsize=1)
def _forms() -> re.Pattern[str]:
    forms = (
        rf"\b[Uu]nser(?:e[rsmn]?)?\s(?:\w+e[rsmn]?\s)?{_PRINTED}s?\b",
        rf"\b(?:haben|hatten)\swir\b[^.;:]*\b{_REPORTED}\b|\bwir\s(?:haben|hatten)\b[^.;:]*\b{_REPORTED}\b",
        rf"\b(?:[Ii]m|[Ii]n\s\w+)\s(?:\w+\s)?{_PRINTED}\b[^.;:,]*\b(?:schrieben|berichteten|meldeten|nannten|behaupteten)\swir\b",
        r"(?<!\()\b(?:schrieben|berichteten|meldeten)\swir\b|(?<!\()\b[Ww]ir\s(?:schrieben|berichteten|meldeten)\b(?!\))",
        r"\b[Ii]n\s(?:einer|der)\s(?:früheren|ersten|vorherigen|älteren|ursprünglichen)\s(?:Version|Fassung)\b",
        r"\b[Ww]ir\s(?:bitten|bedauern)\b[^.]*\b(?:Fehler|Irrtum|Versehen|Entschuldigung|Verwechslung)\b",
        r"\bDie Redaktion\s(?:bedauert|bittet|entschuldigt)\b|^\(?Anm(?:\.|erkung)\s(?:d\.|der)\s(?:Red\b|Redaktion)",
        r"^\W{0,3}(?:Korrektur|Berichtigung|Richtigstellung|Korrigendum|Klarstellung|Gegendarstellung)\b[^:„]{0,30}:\s",
        rf"^(?:Der|Die|Ein|Eine)\s{_PRINTED}\b.*\b(?:war|ist)\s(?:\w+\s)?{_WRONG}[.!]?$",
    )
    return re.compile("|".join(forms))


def own_report(sentence: str) -> bool:
    """Does the paper itself speak ("In unserer Ausgabe vom 10. März hatten wir berichtet, ...")? Quotations, in which
    wir is someone else, are left out."""
    return bool(_forms().search(_QUOTED.sub(" ", sentence)))
