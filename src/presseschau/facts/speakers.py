"""Who is named as the speaker in a German sentence, and the words that say so."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.noun_phrases import DETERMINER, FRONT, MEANWHILE, MEDIUM, NOUN_PHRASE, SUBJECT
from presseschau.facts.standpoints import standpoint
from presseschau.facts.subjunctive import subjunctives
from presseschau.facts.table import table
from presseschau.facts.words import words

_PRONOUN = r"(?:[Ee]r|[Ss]ie|[Mm]an|[Ee]s|[Dd]ieser|[Dd]iese|[Ll]etzterer|[Jj]ener)"
# What is no source of its own: nach den, ersten, eigenen Angaben.
_VAGUE = (
    r"(?:anderen|eigenen|ersten|den|diesen|bisherigen|vorläufigen|offiziellen|weiteren|neuesten|seinen|ihren|deren)"
)
_SOURCE = (
    r"(?:Angaben?|Worten|Aussagen?|Ansicht|Meinung|Einschätzung(?:en)?|Darstellung|Auffassung|Überzeugung"
    r"|Informationen?|Auskunft"
    r"|Wunsch|Wünschen|Erkenntnissen?|Zählung(?:en)?|Umfragen?|Berichten?|Schätzung(?:en)?|Berechnung(?:en)?"
    r"|(?:Mitteilung|Vorstellung(?:en)?)(?=\s+(?:der|des|von|vom)\b)|Ermittlungen"
    r"|[A-ZÄÖÜ][\w-]*(?:angaben|berichten|informationen|-Angaben|-Berichten|-Informationen|-Schätzungen"
    r"|bericht|meldungen|kreisen|aussagen))"
)
_ANGABEN = r"(?:Angaben|Berichten|Informationen|Aussagen|Medienberichten|Presseberichten)"


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
    who = rf"(?P<speaker>(?P<pronoun>{_PRONOUN}\b(?!\s+[A-ZÄÖÜ]))|{SUBJECT})"
    forms = (
        (
            "laut",
            r"(?P<cue>\b[Ll]aut)\s+(?P<speaker>(?:Mitteilung|Bericht|Studie|Umfrage|Gutachten|Statistik|Botschaft|Vertrag"
            rf"|Beschluss|Gesetz|Anklage)\b(?:\s+(?:der|des|von|vom)\s+{NOUN_PHRASE})?)",
        ),
        ("laut", rf"(?P<cue>\b[Ll]aut)\s+(?P<speaker>{NOUN_PHRASE})"),
        ("zufolge", rf"(?P<cue>\b{_VAGUE}\s+{_ANGABEN}\s+zufolge)\b"),
        ("zufolge", rf"(?!(?:{_VAGUE}\s+)?{_ANGABEN}\s+zufolge)(?P<speaker>{NOUN_PHRASE})\s+(?P<cue>zufolge)\b"),
        (
            "angaben",
            rf"^(?P<speaker>{SUBJECT})\s+[a-zäöüß]+\s+(?:[^,.;]{{0,60}}?\s)?(?P<cue>nach eigenen {_ANGABEN})\b",
        ),
        ("angaben", rf"(?P<cue>\b[Nn]ach eigenen {_ANGABEN})\s+[a-zäöüß]+\s+(?P<speaker>{SUBJECT})"),
        (
            "angaben",
            rf"(?P<cue>\b(?:[Nn]ach|[Ll]aut|[Uu]nter Berufung auf)\s+"
            rf"(?:{DETERMINER}\s+|(?!anderen)[\w-]+en\s+)?{_SOURCE})\s+(?:von\s+|aus\s+)?(?P<speaker>{NOUN_PHRASE})",
        ),
        (
            "angaben",
            r"(?P<cue>\b[Nn]ach)\s+(?P<speaker>[A-ZÄÖÜ][\w-]*(?:angaben|berichten|aussagen|meldungen|kreisen))\b",
        ),
        (
            "angaben",
            rf"(?P<cue>\b[Nn]ach)\s+(?P<speaker>(?!{_VAGUE}\b)[a-zäöüß-]+(?:ischen|lichen|nahen)\s+{_ANGABEN})\b",
        ),
        ("angaben", rf"(?P<cue>\b(?:[Nn]ach|[Ll]aut)\s+(?:{DETERMINER}\s+|[\w-]+en\s+)?{_SOURCE})(?!\s+zufolge)"),
        ("angaben", r"(?P<cue>\b(?:[Dd]emnach|[Dd]em Vernehmen nach))\b"),
        (
            "angaben",
            r"(?P<cue>\b(?P<pronoun>[Ss]einer|[Ii]hrer)\s+(?:Ansicht|Meinung|Auffassung|Einschätzung"
            r"|Überzeugung)\s+nach)\b",
        ),
        ("angaben", rf"(?P<cue>\b[Aa]us\s+(?:der\s+)?Sicht)\s+(?P<speaker>{NOUN_PHRASE})"),
        (
            "so",
            rf"(?P<cue>(?<=[,“”\"«»])\s*so)\s+(?P<speaker>(?={DETERMINER}\b"
            rf"|[A-ZÄÖÜ])(?!Sie\b){NOUN_PHRASE})(?=\s*[,.;:“„\"]|\s+(?:weiter|gegenüber|in|am"
            rf"|im|zu|auf)\b|$)",
        ),
        ("so", rf",\s+so\s+{verb}\s+(?P<speaker>{NOUN_PHRASE})"),
        (
            "wie",
            rf"\b[Ww]ie\s+(?:{MEANWHILE})(?P<speaker>(?P<pronoun>{_PRONOUN}\b)|{NOUN_PHRASE})(?:,[^,;:]{{1,80}},)?"
            rf"\s+(?:[^,.;:]{{0,60}}?\s)?{verb}",
        ),
        (
            "wie",
            rf"\b[Ww]ie\s+(?P<speaker>(?:der|die|das)\s+(?:im|in|am|an|auf|von|mit|aus|bei)\s[^,.;:]{{2,40}}?\s[a-zäöüß]+en?\s[A-ZÄÖÜ][\w-]+)\s+(?:[^,.;:]{{0,60}}?\s)?{verb}",
        ),
        ("wie", rf"\b[Ww]ie\s+(?P<speaker>{NOUN_PHRASE})\s+(?:[^,.;:]{{0,40}}?\s)?(?P<cue>zitiert)\b"),
        (
            "zitiert",
            rf"(?P<cue>\bzitier(?:t|te|en|ten))\s+(?:[^,;:]{{0,60}}?\s)?(?P<speaker>(?:den|die)\s{NOUN_PHRASE}|{NOUN_PHRASE})(?=\s+mit|[,.])",
        ),
        ("zitiert", rf"^(?P<speaker>{SUBJECT})\s+(?:wird|wurde|werden|wurden)\s[^,;:]{{0,80}}?(?P<cue>zitiert)\b"),
        (
            "verb",
            rf"(?P<cue>\bl(?:ieß|iess|ässt|ießen|iessen))\s+(?P<speaker>{SUBJECT})\s[^,;:]{{0,40}}?(?:verlauten|mitteilen|wissen|ausrichten|erklären)\b",
        ),
        (
            "es heißt",
            rf"\b(?:[Aa]us|[Vv]on|[Bb]ei|[Ii]m|[Ii]n|[Bb]eim)\s+(?P<speaker>{NOUN_PHRASE})\s+(?P<cue>heißt|hieß|hiess|heisst)\s+es\b",
        ),
        (
            "es heißt",
            rf"(?P<cue>\b(?:heißt|hieß|heisst|hiess)\s+es\b|\b[Ee]s (?:heißt|hieß|heisst|hiess)\b)"
            rf"(?:[^,.;]{{0,40}}?\s(?:in|im|aus|von|bei|beim|seitens)\s+(?P<speaker>{NOUN_PHRASE}))?",
        ),
        (
            "verb",
            rf"(?:^|(?<=[.;:–,]\s)|(?<=^[„\"»])|(?<=\bund\s)"
            rf"|(?<=\bdass\s)){who}(?:,[^;:„“]{{1,200}},)?\s+(?:{MEANWHILE})?{verb}",
        ),
        ("verb", rf"^(?P<speaker>{SUBJECT}(?:,[^,;:„“]{{1,80}},)?)(?P<cue>:)\s*[„\"»“]"),
        ("das", rf"^(?:Das|Dies)\s+{verb}\s+{MEANWHILE}(?P<speaker>{NOUN_PHRASE})"),
        (
            "das",
            rf"^(?:Das|Dies)\s+(?P<cue>gab(?:en)?)\s[^,;:.]{{0,20}}?(?:–[^–]*–\s)?(?P<speaker>{NOUN_PHRASE})\s[^,;.]{{0,30}}?bekannt",
        ),
        (
            "das",
            rf"^(?:Das|Dies)\s+(?P<cue>geht|ging)\s[^,;:.]{{0,20}}?aus\s+(?P<speaker>{NOUN_PHRASE})\s[^,;.]{{0,30}}?hervor",
        ),
        ("verb", rf"(?<=[,“”\"«»])\s*{verb}\s+{MEANWHILE}{who}"),
        ("verb", rf"^{FRONT}[^,.;:„“]{{0,80}}?(?:,[^;:„“]{{1,120}},)?\s*{verb}\s+{MEANWHILE}{who}"),
        ("verb", rf"^{who}\s+(?:hat|haben|hatte|hatten)\s[^.;:]{{0,100}}?{verb}"),
        ("verb", rf"(?:hat|haben|hatte|hatten)\s+{MEANWHILE}{who}\s[^.;:]{{0,80}}?{verb}"),
    )
    return tuple((kind, re.compile(form)) for kind, form in forms)


_APPOSITION = re.compile(r",\s[A-ZÄÖÜ][\w-]+(?:\s[A-ZÄÖÜ][\w-]+){1,2}(?=[.,;]|$)")
_DAY = r"(?:Abend|Morgen|Mittag|Nachmittag|Vormittag|Wochenende|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch)"
_AT = re.compile(
    rf"\s(?:beim?\s|am\s(?:\w+\s)?[A-Za-z]*{_DAY}|(?<=[A-ZÄÖÜ]\w\w\w\s)(?:der|dem)\s(?:[A-ZÄÖÜ][\w-]+\s)?{MEDIUM}\b)",
    re.I,
)


def whole_name(sentence: str, start: int, end: int) -> tuple[int, int]:
    """The mention with the name behind it (der Präsident, Ana Berg), without the place of the interview (bei Sky)."""
    behind = _APPOSITION.match(sentence, end)
    if behind and len(sentence[start:end].split()) < 7:
        return start, behind.end()
    beyond = _AT.search(sentence[start:end])
    return (start, start + beyond.start()) if beyond else (start, end)


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


_STRAY = re.compile(r"[!?.,;]*\s*[“”\"«]\s+(?=[A-ZÄÖÜ])")


def attributions(sentence: str) -> tuple[Attribution, ...]:
    """The attributions of a German sentence, the surest kind first; offsets count in the sentence.

    A reporting verb counts only if something said goes with it: a clause, a quotation, a colon, a Konjunktiv I. The
    end of the sentence before (!“ Der Minister sagte ...) is passed over.
    """
    stray = _STRAY.match(sentence)
    if stray is None:
        return _attributions(sentence)
    at = stray.end()
    return tuple(
        Attribution(
            one.kind,
            (one.cue[0] + at, one.cue[1] + at),
            (one.speaker[0] + at, one.speaker[1] + at) if one.speaker else None,
            one.pronoun,
        )
        for one in _attributions(sentence[at:])
    )


def _attributions(sentence: str) -> tuple[Attribution, ...]:
    kinds = _kinds_in(sentence)
    found: list[Attribution] = []
    seen: set[str] = set()
    said = bool(_SAID.search(sentence) or subjunctives(sentence))
    for kind, pattern in _patterns():
        if kind not in kinds or kind in seen:
            continue
        m = pattern.search(sentence)
        if m is None or (kind in ("verb", "wie", "so") and not _reports(sentence, m, said or kind != "verb")):
            continue
        if kind in ("laut", "zufolge"):
            seen.add(kind)  # the narrow pattern comes first
        groups = m.groupdict()
        pronoun = bool(groups.get("pronoun"))
        named = None if pronoun or not groups.get("speaker") else whole_name(sentence, *m.span("speaker"))
        found.append(Attribution(kind, m.span("cue"), named, pronoun))
    if not any(one.kind in ("verb", "so") for one in found) and (place := standpoint(sentence)):
        found.append(Attribution("verb", *place, False))
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
    if sentence.startswith(("Das ", "Dies ")):
        kinds.add("das")
    if _TURN.search(sentence) or re.search(r"\bl(?:ie(?:ß|ss)|ässt)", sentence):
        kinds.add("verb")
    if "zitier" in sentence:
        kinds |= {"zitiert", "wie"}
    return kinds


_TURN = re.compile(r":\s*[„\"»“]")


@lru_cache(maxsize=4_096)
def _is_reporting(lower: str) -> bool:
    return _verbs().fullmatch(lower) is not None


@lru_cache(maxsize=1)
def _verbs() -> re.Pattern[str]:
    return re.compile("|".join(row["form"] for row in table("reporting_verbs.csv") if row["lang"] == "de"))


def _reports(sentence: str, found: re.Match[str], said: bool) -> bool:
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
        rf"^(?:Auch\s+|Doch\s+)?(?P<speaker>{SUBJECT})\s+(?!(?:sei|seien|habe|werde|könne|müsse|solle|wolle"
        rf"|dürfe|hätten?|wären?|würden?|könnten?|müssten?|dürften?)\b)"
        r"[a-zäöüß]+(?:t|te|ten|en)\b[^,;:]*[,:]\s"
    )


def subject_before(sentence: str, mood: int) -> tuple[int, int] | None:
    """The subject of the clause that opens `sentence`, if the Konjunktiv I at offset `mood` stands in a later clause.

    "Die Opposition wirft ihm vor, er habe gelogen": the opposition says so.
    """
    found = _subject_first().match(sentence)
    return found.span("speaker") if found and found.end() <= mood else None
