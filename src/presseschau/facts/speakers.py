"""Who is named as the speaker in a German sentence, and the words that say so."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.subjunctive import subjunctives
from presseschau.facts.table import table
from presseschau.facts.words import words

_DET = (
    r"(?:[Dd](?:er|ie|as|en|em|es)|[Ee]in(?:e[rsmn]?)?|[Ss]ein(?:e[rsmn]?)?|[Ii]hr(?:e[rsmn]?)?|[Mm]ehrere"
    r"|[Vv]iele|[Ee]inige|[Bb]eide"
    r"|[Zz]wei|[Dd]rei|[Uu]nser(?:e[rsmn]?)?|[Dd]ies(?:e[rsmn]?)|[Ee]twa|[Aa]lle)"
)
_ADJ = r"(?:[\w-]*[a-zäöüß](?:e|er|en|es|em)|\d+-[Jj]ährige[rn]?|US-amerikanische[rnsm]?|früher|stellvertretend\w*)"
# Words that open a German clause before its verb and are no names, though a capital may begin them.
_FRONT = (
    r"(?:Ab|Aber|Als|Am|An|Auch|Auf|Aus|Außerdem|Bei|Beim|Bereits|Bis|Bisher|Da|Dabei|Dadurch|Dafür|Dagegen"
    r"|Daher|Damit|Danach|Daneben"
    r"|Dann|Daran|Darauf|Daraufhin|Darin|Darüber|Das|Davon|Davor|Dazu|Dem|Den|Dennoch|Deshalb|Dies|Dort|Durch"
    r"|Ebenso|Erst|Es|Für|Gegen"
    r"|Gegenüber|Gestern|Gleichzeitig|Heute|Hierzu|Hingegen|Hinter|Im|In|Inzwischen|Jedoch|Jetzt|Laut|Mit"
    r"|Mittlerweile|Nach|Nachdem|Neben|Noch"
    r"|Nun|Nur|Ob|Obwohl|Ohne|Schließlich|Schon|Seit|Seitdem|So|Somit|Später|Statt|Trotz|Trotzdem|Über|Um|Und"
    r"|Unter|Unterdessen|Vom|Von|Vor"
    r"|Während|Was|Wegen|Weil|Weiter|Weiterhin|Weiters|Wenn|Wer|Wie|Wo|Zu|Zudem|Zuletzt|Zum|Zur|Zusätzlich"
    r"|Zuvor|Zwar|Zwischen)\b"
)
_CAP = rf"(?!{_FRONT})(?:dpa-|afp-|taz\b)?[A-ZÄÖÜ][\w'’-]*(?:\.(?= ?[A-ZÄÖÜ]))?"
_NOUNS = (
    rf"(?:[„\"»“]?{_CAP}[“\"«”]?(?:\s+[„\"»]?(?:{_CAP}|von|van|de|al|bin|zu)(?![a-zäöü])[“\"«]?){{0,5}}"
    r"(?:\s+\([^()]{1,30}\))?)"
)
_LINK = r"(?:der|des|von|vom|für|in|im|aus|bei|beim|am|an der|zur|zum|und|sowie|auf|eines|einer)"
_NP = rf"(?:{_DET}\s+)?(?:{_ADJ}\s+){{0,3}}{_NOUNS}(?:\s+{_LINK}\s+(?:{_DET}\s+)?(?:{_ADJ}\s+){{0,2}}{_NOUNS}){{0,3}}"
# A subject: no article that cannot stand in the nominative.
_SUBJECT = rf"(?!(?:[Dd]e[mns]|[Ee]ine[mns]|[Ss]eine[mns]|[Ii]hre[mns])\b){_NP}"
_PRONOUN = r"(?:[Ee]r|[Ss]ie|[Mm]an|[Ee]s|[Dd]ieser|[Dd]iese|[Ll]etzterer|[Jj]ener)"
_SOURCE = (
    r"(?:Angaben?|Worten|Aussagen?|Ansicht|Meinung|Einschätzung(?:en)?|Darstellung|Auffassung|Überzeugung"
    r"|Informationen?|Auskunft"
    r"|Erkenntnissen?|Berichten?|Schätzung(?:en)?|Berechnung(?:en)?|Mitteilung|Ermittlungen"
    r"|[A-ZÄÖÜ][\w-]*(?:angaben|berichten|informationen"
    r"|bericht|meldungen|kreisen|aussagen))"
)
_TIME = (
    r"(?:(?:am|im|in|auf|nach|bei|vor|gegenüber|zu|zum|zur|gegen)\s+(?:de[rmn]\s+|einer\s+"
    r"|eine[mn]\s+)?[\w-]+(?:\s+\([^)]*\))?\s+"
    r"|(?:gestern|heute|dazu|dagegen|auch|aber|jedoch|unterdessen|zuvor|später|weiter|daraufhin|außerdem|zudem"
    r"|hingegen|wörtlich|nun|sich|darauf|allerdings|bereits)\s+){0,3}"
)


class Attribution(NamedTuple):
    """Words that name a source. `speaker` is the span of its name, or None; `pronoun`: the speaker is only er, sie
    ..."""

    kind: str
    cue: tuple[int, int]
    speaker: tuple[int, int] | None
    pronoun: bool


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    verb = rf"(?P<cue>(?<![\w-])(?<!\bzu\s)(?:{_verbs().pattern})(?![\w-]))"
    who = rf"(?P<speaker>(?P<pronoun>{_PRONOUN}\b(?!\s+[A-ZÄÖÜ]))|{_SUBJECT})"
    forms = (
        ("laut", rf"(?P<cue>\b[Ll]aut)\s+(?P<speaker>{_NP})"),
        ("zufolge", rf"(?P<speaker>{_NP})\s+(?P<cue>zufolge)\b"),
        (
            "angaben",
            rf"(?P<cue>\b(?:[Nn]ach|[Ll]aut|[Uu]nter Berufung auf)\s+(?:{_DET}\s+|(?!anderen)[\w-]+en\s+)?{_SOURCE})"
            rf"(?:\s+(?:von\s+|aus\s+)?(?P<speaker>{_NP}))?",
        ),
        ("angaben", r"(?P<cue>\b(?:[Dd]emnach|[Dd]em Vernehmen nach))\b"),
        (
            "angaben",
            r"(?P<cue>\b(?P<pronoun>[Ss]einer|[Ii]hrer)\s+(?:Ansicht|Meinung|Auffassung|Einschätzung"
            r"|Überzeugung)\s+nach)\b",
        ),
        ("angaben", rf"(?P<cue>\b[Aa]us\s+(?:der\s+)?Sicht)\s+(?P<speaker>{_NP})"),
        (
            "so",
            rf"(?P<cue>(?<=[,“”\"«»])\s*so)\s+(?P<speaker>(?={_DET}\b"
            rf"|[A-ZÄÖÜ])(?!Sie\b){_NP})(?=\s*[,.;:“„\"]|\s+(?:weiter|gegenüber|in|am"
            rf"|im|zu|auf)\b|$)",
        ),
        ("so", rf",\s+so\s+{verb}\s+(?P<speaker>{_NP})"),
        ("wie", rf"\b[Ww]ie\s+(?:{_TIME})(?P<speaker>(?P<pronoun>{_PRONOUN}\b)|{_NP})\s+(?:[^,.;:]{{0,60}}?\s)?{verb}"),
        (
            "es heißt",
            rf"(?P<cue>\b(?:heißt|hieß)\s+es\b|\b[Ee]s (?:heißt|hieß)\b)"
            rf"(?:[^,.;]{{0,40}}?\s(?:in|im|aus|von|bei|beim|seitens)\s+(?P<speaker>{_NP}))?",
        ),
        (
            "verb",
            rf"(?:^|(?<=[.;:–,]\s)|(?<=^[„\"»])|(?<=\bund\s)"
            rf"|(?<=\bdass\s)){who}(?:,[^;:„“]{{1,200}},)?\s+(?:{_TIME})?{verb}",
        ),
        ("verb", rf"(?<=[,“”\"«»])\s*{verb}\s+{_TIME}{who}"),
        ("verb", rf"^{_FRONT}[^,.;:„“]{{0,80}}?(?:,[^;:„“]{{1,120}},)?\s*{verb}\s+{_TIME}{who}"),
        ("verb", rf"^{who}\s+(?:hat|haben|hatte|hatten)\s[^.;:]{{0,100}}?{verb}"),
        ("verb", rf"(?:hat|haben|hatte|hatten)\s+{_TIME}{who}\s[^.;:]{{0,80}}?{verb}"),
    )
    return tuple((kind, re.compile(form)) for kind, form in forms)


# Verbs that report whatever follows; the others need something said, or their particle, to be read as reporting.
_ALWAYS = re.compile(r"sag|gesagt|mein|gemeint|behaupt|mitteil|mitgeteilt|beton|bekräftig")
_SAID = re.compile(
    r",\s+(?:dass|daß|ob|wie|warum|wer|was|wo|wann|weshalb|wonach)\b|:\s*\S|,\s[^,.;:]*\b(?:zu\s+[a-zäöüß]+n"
    r"|(?:ab|an|auf|aus|ein|vor|zurück|weiter)zu[a-zäöüß]+en)\b"
    r"|[„“”\"»«](?:[^„“”\"»«\s]+\s+){3,}[^„“”\"»«\s]+[“”\"«»]"
)
# What may follow the speaker where the speech came first: ..., fügte Selenskyj am Montag hinzu.
_TAIL = re.compile(
    r"\s*(?:(?:weiter|hinzu|an|mit|fort|ein|aus|fest|klar|(?:am|im|in|gegenüber"
    r"|vor) (?:de[rmn] )?[\w-]+)\s*){0,3}[.!“”\"]*\s*"
)
_PROMISE = re.compile(r"\bzu[.,;]?$")


def attributions(sentence: str) -> tuple[Attribution, ...]:
    """The attributions of a German sentence, the surest kind first; offsets count in the sentence.

    A reporting verb counts only if something said goes with it: a clause, a quotation, a colon, a Konjunktiv I.
    """
    kinds = _kinds_in(sentence)
    if not kinds:
        return ()
    found = []
    said = bool(_SAID.search(sentence) or subjunctives(sentence))
    for kind, pattern in _patterns():
        if kind not in kinds:
            continue
        m = pattern.search(sentence)
        if m is None or (kind in ("verb", "wie") and not _reports(sentence, m, said or kind == "wie")):
            continue
        groups = m.groupdict()
        pronoun = bool(groups.get("pronoun"))
        named = None if pronoun or not groups.get("speaker") else m.span("speaker")
        found.append(Attribution(kind, m.span("cue"), named, pronoun))
    return tuple(found)


_CUES = {
    "laut": re.compile(r"\b[Ll]aut\b"),
    "zufolge": re.compile(r"\bzufolge\b"),
    "angaben": re.compile(r"\b(?:[Nn]ach|[Ll]aut|Berufung|[Dd]em(?:nach)?|Sicht)\b"),
    "so": re.compile(r"[,“”\"«»]\s*so\b"),
}


def _kinds_in(sentence: str) -> set[str]:
    """The kinds of attribution that can be in `sentence`: a cheap look before the long patterns."""
    kinds = {kind for kind, cue in _CUES.items() if cue.search(sentence)}
    if any(_is_reporting(word.lower) for word in words(sentence)):
        kinds |= {"verb", "wie", "es heißt", "so"}
    return kinds


@lru_cache(maxsize=20_000)
def _is_reporting(lower: str) -> bool:
    return _verbs().fullmatch(lower) is not None


@lru_cache(maxsize=1)
def _verbs() -> re.Pattern[str]:
    return re.compile("|".join(row["form"] for row in table("reporting_verbs.csv") if row["lang"] == "de"))


def _reports(sentence: str, found: re.Match[str], said: bool) -> bool:
    verb = found["cue"].lower()
    particle = _particles().get(verb)
    if particle and not re.search(rf"\b(?:{particle})(?=\s*(?:[,.:;“”\"]|$))", sentence[found.end("cue") :]):
        return False
    if said or (_ALWAYS.match(verb) and not _PROMISE.search(sentence)):
        return True
    return sentence[: found.start("cue")].rstrip().endswith(",") and bool(_TAIL.fullmatch(sentence, found.end()))


@lru_cache(maxsize=1)
def _particles() -> dict[str, str]:
    """Finite verb -> particles it needs (teilte: mit). Forms that hold their particle already (mitteilte) need
    none."""
    needs = {}
    for row in table("reporting_verbs.csv"):
        if row["lang"] == "de" and row["particle"]:
            for stem, endings in re.findall(r"(\w+)(?:\(\?:([^)]*)\))?", row["form"]):
                for ending in endings.split("|"):
                    if not re.match(r"mit|an|ein|hin|aus|vor|bekannt|zu", stem):
                        needs[stem + ending] = row["particle"]
    return needs


@lru_cache(maxsize=1)
def _subject_first() -> re.Pattern[str]:
    return re.compile(
        rf"^(?:Auch\s+|Doch\s+)?(?P<speaker>{_SUBJECT})\s+(?!(?:sei|seien|habe|werde|könne|müsse|solle|wolle"
        rf"|dürfe|hätten?|wären?|würden?|könnten?|müssten?|dürften?)\b)"
        r"[a-zäöüß]+(?:t|te|ten|en)\b[^,;:]*,\s"
    )


def subject_before(sentence: str, mood: int) -> tuple[int, int] | None:
    """The subject of the clause that opens `sentence`, if the Konjunktiv I at offset `mood` stands in a later clause.

    "Die Opposition wirft ihm vor, er habe gelogen": the opposition says so.
    """
    found = _subject_first().match(sentence)
    return found.span("speaker") if found and found.end() <= mood else None
