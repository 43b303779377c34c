"""Who says where it stands without a clause that follows: the verbs of `standing_verbs.csv`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.noun_phrases import CAPITALISED, FRONT, MEANWHILE, NOUN_PHRASE, SUBJECT
from presseschau.facts.things import THING_FIRST, is_thing
from presseschau.lang import table

_INVERTED = (
    r"(?P<cue>bezeichnet(?:en?)?|nannten?|nennt|nennen|kritisierten?|forderten?|verlangten?|beziffer(?:t|n|te|ten))"
)


class _Row(NamedTuple):
    form: str
    particle: str
    needs: str


@lru_cache(maxsize=1)
def _standing() -> tuple[re.Pattern[str], ...]:
    """A subject, or er or sie, and a verb of standing_verbs.csv, in either order."""
    verb = rf"(?P<cue>\b(?:{'|'.join(row.form for row in table('de', 'standing_verbs', _Row))})\b)"
    return (
        re.compile(
            rf"^(?!(?:Er|Sie|Es|Man)\b){NOUN_PHRASE}\s+(?P<cue>bezeichneten?|nannten?)\s+(?P<speaker>{CAPITALISED}(?:\s{CAPITALISED})*)\s+als\b"
        ),
        re.compile(
            rf"^(?:Auch |Selbst |Sogar |Doch )?(?:(?P<speaker>{SUBJECT})|(?P<pronoun>Er|Sie)\b)(?:,[^;:„“]{{1,120}},)?"
            rf"\s+(?:ha(?:t|ben|tten?)\s[^.;:]{{0,100}}?)?{verb}"
        ),
        re.compile(rf"^{THING_FIRST}[^,.;:„“]{{0,80}}?\s{verb}\s+{MEANWHILE}(?P<speaker>{SUBJECT})"),
        re.compile(
            rf"^(?:{FRONT}|{NOUN_PHRASE})(?:\s[^,.;:„“]{{0,60}}?)?\s{_INVERTED}\s+{MEANWHILE}(?P<speaker>{SUBJECT})"
        ),
        re.compile(rf"[“\"«],\s*{verb}\s+{MEANWHILE}(?P<speaker>{SUBJECT})"),
    )


def standpoint(sentence: str) -> tuple[tuple[int, int], tuple[int, int] | None, str] | None:
    """The verb and who says it, as offsets: Die Gewerkschaft fordert 7,5 Prozent; Conze nannte das „fatal“.

    None for the second where it is only er or sie, which is the third then.
    """
    for pattern in _standing():
        found = pattern.search(sentence)
        if found is None or is_thing(found["speaker"] or ""):
            continue
        if any(_meant(row, found, sentence) for row in _rows(found["cue"].lower())):
            pronoun = found.groupdict().get("pronoun") or ""
            return found.span("cue"), None if pronoun else found.span("speaker"), pronoun
    return None


def _rows(cue: str) -> list[_Row]:
    return [row for row in table("de", "standing_verbs", _Row) if re.fullmatch(row.form, cue)]


def _meant(row: _Row, found: re.Match[str], sentence: str) -> bool:
    """Does the sentence hold what the verb needs to report?"""
    if row.particle and not re.search(rf"\b{row.particle}\b", sentence[found.end("cue") :]):
        return False
    if row.needs == "quote":
        return any(mark in sentence for mark in '„“"»«')
    if row.needs == "figure":
        return any(mark in sentence for mark in '„“"»«') or bool(re.search(r"\d", sentence))
    return True
