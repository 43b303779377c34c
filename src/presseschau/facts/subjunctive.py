"""Konjunktiv I: the mood in which German papers report what someone else says."""

from __future__ import annotations

import re

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
