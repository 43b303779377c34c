"""How surely the German says it: alleged, an opinion, predicted, planned or reported, where its words settle that."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from presseschau.facts.speech.reporting import subjunctives

Stance = Literal["reported", "alleged", "planned", "predicted", "opinion"]

_QUESTION = re.compile(r"\?\s*[“”\"«»]?$")
_REST = r"(?:[^,.;:]|(?<=\d)\.|,\s(?:so|heißt|wie)\s[^,.;:]{1,60},|,\s\w+,)"
"""What a clause goes on with: no other clause, but dates (am 3. Mai) and who says so (so der Vorwurf)."""

# Verbs whose perfect takes sein: "soll ... gekommen sein" alleges, "soll ... abgeschlossen sein" plans.
_MOVED = (
    r"(?:worden|gewesen|geworden|geblieben|\w*(?:gekommen|kommen|gangen|gefahren|geflohen|geflogen|geflossen|gelaufen"
    r"|gereist|gelangt|gezogen|gerückt|gewandert|geflüchtet|gestiegen|gesunken|gestürzt|gefallen|sprungen|treten|taucht|brochen|drungen|laufen)"
    r"|gestorben|ertrunken|verschwunden|verunglückt|entstanden|entkommen|erschienen|geschehen|passiert|geraten"
    r"|gelungen|explodiert|beteiligt|verwickelt|verstrickt)"
)
_HAD = r"(?!nicht|recht|jetzt|nichts|damit|dort|seit)[a-zäöüß]+(?:t|en)"


@lru_cache(maxsize=1)
def _alleged() -> re.Pattern[str]:
    """angeblich; soll or will with a perfect; charges, accusations, suspicion, rumours.

    An adjective (der mutmaßliche Täter) hedges its noun, and leaves the statement as sure as it is.
    """
    hedge = r"(?:angeblich|mutmaßlich|mutmasslich|vermeintlich)"
    forms = (
        rf"\b(?i:{hedge})\b",
        rf"\b[Ss]oll(?:en)?\b{_REST}{{0,160}}?\s(?:{_HAD}\shaben|{_MOVED}\ssein|stammen)\b",
        rf"\b(?:{_HAD}\shaben|{_MOVED}\ssein|stammen)\s(?:soll|sollen)\b",
        rf"\b[Ww](?:ill|ollen)\b(?!{_REST}*\b(?:bis|spätestens)\b){_REST}{{0,120}}?\s{_HAD}\shaben\b",
        r"\b(?:wirft|werfen|warf|warfen)\s(?:[^,.;]|\b[A-ZÄÖÜ]\.){1,160}\svor\b|\bvorgeworfen\b",
        r"\b(?:beschuldig|bezichtig|verdächtig)(?:t|te|en|ten)\b|\bzur Last\b|\b(?:im|unter|unter dem) Verdacht\b"
        r"|\bdes Verdachts\b",
        r"\b(?:dem|der|den) (?:Vorwurf|Vorwürfen)\b(?!.*\b(?:zurück\b|bestritt|bestreitet|entkräftet))",
        r"\bGerüchte(?:n)?\b|\b[Uu]nbestätigten\s(?:Berichten|Angaben|Meldungen|Informationen)\b"
        r"|\blaut (?:der )?Anklage(?:schrift)?\b",
    )
    return re.compile("|".join(forms))


@lru_cache(maxsize=1)
def _opinion() -> re.Pattern[str]:
    """hält für falsch, nannte das „fatal“, bezeichnete als peinlich, aus Sicht von."""
    judged = (
        r"(?:[„»\"]|ein(?:e|en|er|em)?\s|(?:zu|sehr|völlig|kaum|nicht|wenig|durchaus|viel zu|schlicht)\s[a-zäöüß]"
        r"|[a-zäöüß-]+(?=[.,;:]|\s(?:und|oder)\b))"
    )
    forms = (
        rf"\b(?:hält|halten|hielt|hielten)\s[^,.;]{{2,80}}?\sfür\s{judged}",
        rf"\b(?:bezeichne(?:t|te|n|ten)|lob(?:t|te|en|ten)|kritisier(?:t|te|en|ten)|verurteil(?:t|te|en|ten)"
        rf"|rüg(?:t|te|en|ten)|würdig(?:t|te|en|ten))\s[^,.;]{{2,100}}?\sals\s{judged}",
        r"\b(?:nannte|nannten|nennt|nennen)\s(?!als\b)[^.;]{2,80}?[„»\"]",
        r"\b(?:[Aa]us\s(?:der\s)?Sicht|[Nn]ach (?:Ansicht|Meinung)|(?:Ansicht|Meinung) nach)\b"
        r"|\bder (?:Ansicht|Meinung), ",
        r"\b(?:findet|finden|fand|fanden)\s[^,.;]{2,60}?\s(?:zu\s[a-zäöüß]+|gut|schlecht|richtig|falsch|fair|unfair"
        r"|gerecht|ungerecht|absurd|schade|überzogen|angemessen)[.,]",
    )
    return re.compile("|".join(forms))


@lru_cache(maxsize=1)
def _predicted() -> re.Pattern[str]:
    """What is expected, by the article or by whom it reports."""
    coming = r"(?:[Bb]is(?: zum Jahr)? 20\d\d|[Ii]n den (?:kommenden|nächsten)\s\w+|[Ii]m (?:kommenden|nächsten)\s\w+)"
    forms = (
        r"\b[Vv]oraussichtlich\b|\b[Dd]ürfte\b|\bwohl erst\b|\bsteht\s[^,.;]{0,30}\sbevor\b",
        r"\b[Rr]echne(?:t|n|te|ten)\s(?!ab\b)[^,.;]{0,60}?\bmit\b|\bMit\s[^,.;]{2,60}\s(?:gerechnet|zu rechnen)\b"
        r"|\b(?:wird|werden|ist|sei|war)\s(?:[^,.;]{2,60}\s)?mit\s[^,.;]{2,60}\s(?:gerechnet|zu rechnen)\b",
        r"\b(?:wird|werden)\s[^.;]{2,90}?\serwartet\b|\b(?:zu erwarten|erwartet werden)\b"
        r"|\berwarte(?:t|n)\s(?:für|bis|in|im|am|ein\w*|dass|nun|derzeit|weiter|\d|[A-ZÄÖÜ])",
        r"\b[Pp]rognostizier\w+|\b[Vv]orhergesagt\b|\bsag(?:t|en|te|ten)\s[^.;]{2,120}\svoraus\b"
        r"|\b(?:[Ll]aut|[Nn]ach)\s(?:\w+\s)?(?:Prognosen?|Vorhersagen?|Hochrechnung(?:en)?)\b",
        r"\bgeh(?:t|en)\s(?:\w+\s){0,3}?davon aus, dass\s(?:[^.;]|(?<=\d)\.){2,160}\s(?:wird|werden|dürften?)\b",
        r"\b(?:befürchte|fürchte|erwarte)(?:t|n),\sdass\s[^.;]{2,160}\s(?:wird|werden|könnten?|dürften?)\b",
        rf"{coming}\s(?:wird|werden|droht|drohen)\s[^,.;]{{2,120}}?(?<!\sge)[a-zäöüß]{{3,}}(?:en|ern|eln)?\b(?=[.,])",
        r"\b(?:wird|werden)\s(?:[^,.;]{0,60}\s)?nach\s(?:\w+\s)?(?:Einschätzung|Schätzung|Prognose|Berechnung)\w*\b",
    )
    return re.compile("|".join(forms))


_POSSIBLE = re.compile(
    r"(?<!als )\bkönnte(?:n)?\s(?:[^,.;]{0,80}\s)?[a-zäöüß]{3,}(?:en|ern|eln)\b(?=[.,;])"
    r"|\bdroh(?:t|en)\sein|\bdürften\b"
)
_DEMANDED = re.compile(
    r"\b(?:fordert|fordern|forderten|forderte|verlangt|verlangen|beabsichtig(?:t|en))\b"
    r"|\b(?:ha(?:t|ben)|wurden?)\s(?:[^.;]{0,80}\s)?(?:angekündigt|aufgerufen|vereinbart)\b"
    r"|\b(?:schlägt|schlagen|schlug|schlugen)\s(?:[^.;]{0,120}\s)?vor\b|\b(?:ruft|rufen|rief)\s[^.;]{2,80}\sauf\b"
    r"|\bkündig(?:t|te|en|ten)\s[^,.;]{0,80}an\b|\b(?:hat|haben)\s(?:[^,.;]{0,40}\s)?vor,"
)
_PLANNED = re.compile(
    r"\b(?:plan(?:t|en)|[Gg]eplant|[Vv]orgesehen|[Aa]ngesetzt|[Aa]ngekündigt|will|wollen|möchten?|soll(?:en)?)\b"
    r"|\bstreb(?:t|en)\s[^.;]{2,100}\san\b|\b[Kk]ünftig(?:e|en|er|es|em)?\b[^.;]*\b(?:wird|werden)\b"
)


def stance(sentence: str, voiced: bool) -> Stance | None:
    """What the German of one sentence settles; None if it is plainly stated or its words settle nothing.

    `voiced`: the sentence reports someone's words. A forecast, a demand and a judgement stay what they are in someone
    else's words; other plans are then no more than reported. "soll ... haben" alleges, "soll ... werden" plans.
    """
    if _QUESTION.search(sentence):
        return None
    if _alleged().search(sentence):
        return "alleged"
    if _opinion().search(sentence):
        return "opinion"
    if _predicted().search(sentence):
        return "predicted"
    if _DEMANDED.search(sentence):
        return "planned"
    if voiced or subjunctives(sentence):
        return "reported"
    if _POSSIBLE.search(sentence):
        return "predicted"
    return "planned" if _PLANNED.search(sentence) else None
