"""German verbs of saying, whether one reports in its sentence (`reporting_verbs.csv`), and the Konjunktiv I."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

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


# Konjunktiv I only: könne is never "I can".
_PLAIN = "sei|seien|könne|müsse|dürfe|wolle|solle|möge|wisse|bedürfe|gebe es|halte|fahre|trage|verlasse|schlage|laufe"
# Also the first person of the present (habe, komme): not with "ich" beside it.
_FIRST_PERSON = (
    "habe|werde|gebe|komme|gehe|stehe|liege|lasse|mache|bleibe|sehe|brauche|nehme|bringe|finde|stelle|bedeute"
    "|gehöre|handele"
    "|handle|zeige|bestehe|erwarte|leide|fehle|drohe|gelte|helfe|sterbe|treffe|versuche|wirke|spiele|scheine"
    "|unterstütze"
    "|entspreche|führe|verfüge|sorge|lehne|setze|ziehe|beginne|rechne|erhalte|plane|arbeite|lebe|biete"
    "|hänge|beruhe"
    "|diene|reiche|wachse|steige|sinke|koste|stimme|verliere|gewinne|enthalte|betrage|folge|verdiene|bereite"
    "|kämpfe|prüfe"
    "|suche|bekomme|bestreite|verstoße|geschehe|ergebe|hege|zwinge|trete|spreche|verdanke|existiere"
    "|funktioniere|entstehe"
    "|befinde|betreffe|beziehe|sitze|kenne|nenne|vertrete|fordere|gefährde"
    r"|fühle|schaffe|lerne|schreibe|erkläre|[a-zäöüß]{3,}iere"
)
_FORM = re.compile(rf"(?<![\w-])(?:(?P<plain>{_PLAIN})|(?P<first>{_FIRST_PERSON}))(?![\w-])")
# "Habe das Paket erhalten": an I left out, not a Konjunktiv.
_OPENING = re.compile(r"(?:^|[.,;:!?–]\s|\b(?:und|aber|oder)\s)$")
_SUBJECT = re.compile(r"\s(?:(?:er|sie|es|man|sich|der|die|das|dies\w*|ein\w*|kein\w*|ihr\w*|sein\w*)\b|[A-ZÄÖÜ\d])")
_ICH = re.compile(r"\b[Ii]ch\b")
# Unreal comparisons, wishes and set phrases in the same mood.
_OTHER = re.compile(
    r"\b(?:als \w+e (?:er|sie|es|man|der|die|das)|als (?:ob\b[^,.;]*|wenn\b[^,.;]*)?(?:sei|seien|habe|werde"
    r"|könne|wolle|müsse|gebe|stehe)"
    r"|es sei denn|sei es|wie (?:dem|immer) (?:auch )?sei|gott sei dank|sei dank|seien sie|man (?:nehme|beachte"
    r"|gebe)|sei (?:nur |hier |noch |auch )?"
    r"(?:erwähnt|angemerkt|gesagt|darauf)|was auch immer|es (?:lebe|werde)|möge (?:er|sie|es|das|der|die))\b",
    re.IGNORECASE,
)


def subjunctives(sentence: str) -> tuple[tuple[int, int], ...]:
    """Offsets of the verbs of `sentence` that stand in an unmistakable Konjunktiv I (sei, habe, könne, komme).

    Forms that are Konjunktiv II as well (hätten, wären, könnten) are left out: they report in one case out of four.
    """
    set_phrases = [m.span() for m in _OTHER.finditer(sentence)]
    first_person = bool(_ICH.search(sentence))
    return tuple(
        m.span()
        for m in _FORM.finditer(sentence)
        if not (m["first"] and (first_person or _elliptical(sentence, m)))
        and not any(start <= m.start() < end for start, end in set_phrases)
    )


def _elliptical(sentence: str, verb: re.Match[str]) -> bool:
    """Does the verb open its clause with no subject behind it?"""
    return bool(_OPENING.search(sentence[: verb.start()])) and not _SUBJECT.match(sentence, verb.end())
