"""German verbs of saying, and whether one reports in its sentence (`reporting_verbs.csv`)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.subjunctive import subjunctives
from presseschau.lang import table

# Verbs that report whatever follows; the others need something said, or their particle, to be read as reporting.
_ALWAYS = re.compile(r"sag|gesagt|mein|gemeint|behaupt|mitteil|mitgeteilt|beton|bekräftig")
_SAID = re.compile(
    r",\s+(?:dass|daß|ob|wie|warum|wer|was|wo|wann|weshalb|wonach)\b|:\s*\S|,\s[^,.;:]*\b(?:zu\s+[a-zäöüß]+n"
    r"|[a-zäöüß]{2,8}zu[a-zäöüß]{3,}en)\b"
    r"|,\s[^,.;:]*\b(?:soll(?:en|ten|te)?|hätten?|wären?|würden?|könnten?|müssten?|dürften?)\b"
    r"|[„“”\"»«](?:[^„“”\"»«\s]+\s+){3,}[^„“”\"»«\s]+[“”\"«»]"
)
# What may follow the speaker where the speech came first: ..., fügte Selenskyj am Montag hinzu.
_TAIL = re.compile(
    r"\s*(?:(?:weiter|hinzu|an|mit|fort|ein|aus|fest|klar|(?:am|im|in|gegenüber"
    r"|vor) (?:de[rmn] )?[\w-]+|[a-zäöüß]{2,}(?:lich|ig|end|gemein|mäßig|weise))\s*){0,3}[.!“”\"]*\s*"
)
_PROMISE = re.compile(r"\bzu[.,;]?$")


class SayingVerb(NamedTuple):
    """Forms as a regular expression; `particle`: what stands at the end of the clause (teilte ... mit)."""

    lang: str
    form: str
    particle: str


def has_said(sentence: str) -> bool:
    """Does something said go with the verbs of the sentence: a clause, a quotation, a colon, a Konjunktiv I?"""
    return bool(_SAID.search(sentence) or subjunctives(sentence))


@lru_cache(maxsize=4_096)
def is_reporting(lower: str) -> bool:
    """Is the word, in lower case, a form of a verb of saying?"""
    return verbs().fullmatch(lower) is not None


@lru_cache(maxsize=1)
def verbs() -> re.Pattern[str]:
    """All forms of the verbs of saying; a pattern on the lower-case word."""
    return re.compile("|".join(row.form for row in table("de_en", "reporting_verbs", SayingVerb) if row.lang == "de"))


def reports(sentence: str, found: re.Match[str], said: bool) -> bool:
    """Does the verb of saying that was `found` (group cue) report: with its particle, and with something `said`?"""
    verb = found["cue"].lower()
    particle = _particles().get(verb)
    behind = rf"\b(?:{particle})(?=\s*(?:[,.:;“”\"]|$))"
    before = rf"\b(?:{particle})\s*$"  # wie die Polizei bekannt gab
    if (
        particle
        and not re.search(behind, sentence[found.end("cue") :])
        and not re.search(before, sentence[: found.start("cue")])
    ):
        return False
    if said or (_ALWAYS.match(verb) and not _PROMISE.search(sentence)):
        return True
    return sentence[: found.start("cue")].rstrip().endswith(",") and bool(_TAIL.fullmatch(sentence, found.end()))


@lru_cache(maxsize=1)
def _particles() -> dict[str, str]:
    """Finite verb -> particles it needs (teilte: mit). Forms that hold their particle already (mitteilte) need
    none."""
    needs = {}
    for row in table("de_en", "reporting_verbs", SayingVerb):
        if row.lang == "de" and row.particle:
            for stem, endings in re.findall(r"(\w+)(?:\(\?:([^)]*)\))?", row.form):
                for ending in endings.split("|"):
                    if not re.match(r"mit|an|ein|hin|aus|vor|bekannt|zu", stem):
                        needs[stem + ending] = row.particle
    return needs
