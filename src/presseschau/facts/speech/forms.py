"""The forms in which a German sentence names whose words it gives, as regular expressions, the surest first."""

from __future__ import annotations

import re
from functools import lru_cache

from presseschau.facts.speech.mentions import THING_FIRST
from presseschau.facts.speech.noun_phrases import ADJECTIVE, DETERMINER, FRONT, MEANWHILE, NOUN_PHRASE, SUBJECT
from presseschau.facts.speech.pronouns import SUBJECT_PRONOUN
from presseschau.facts.speech.reporting import verbs

_PRONOUN = rf"(?:{SUBJECT_PRONOUN}\b(?!\s+(?:{ADJECTIVE}\s+){{0,2}}[A-ZÄÖÜ]))"
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
# Whose own word it is: the subject says so.
_OWN = r"(?:(?:ihren|seinen|ihrer|seiner)\s)?eigene[nrm]\s"
OWN_WORD = rf"\b(?:[Nn]ach|[Ll]aut)\s{_OWN}(?:{_SOURCE}|Bekunden)(?!\w)"


@lru_cache(maxsize=1)
def patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(kind, form): `cue` is the word that says so, `speaker` the mention, `pronoun` er, sie or man."""
    verb = rf"(?P<cue>(?<![\w-])(?<!\bzu\s)(?:{verbs().pattern})(?![\w-]))"
    who = rf"(?P<speaker>(?P<pronoun>{_PRONOUN})|{SUBJECT})"
    forms = (
        (
            "laut",
            r"(?P<cue>\b[Ll]aut)\s+(?P<speaker>(?:Mitteilung|Bericht|Studie|Umfrage|Gutachten|Statistik|Botschaft|Vertrag"
            rf"|Beschluss|Gesetz|Anklage)\b(?:\s+(?:der|des|von|vom)\s+{NOUN_PHRASE})?)",
        ),
        ("laut", rf"(?P<cue>\b[Ll]aut)\s+(?!{_OWN})(?P<speaker>{NOUN_PHRASE})"),
        ("laut", r"(?P<cue>\b[Ll]aut)\s+(?P<pronoun>ihm|ihr|ihnen|diesem|jenem|denen)\b(?!\s+[A-ZÄÖÜ])"),
        (
            "zufolge",
            rf"(?P<pronoun>\b(?:[Ii]hm|[Ii]hr|[Ii]hnen|[Dd]iesem|[Jj]enem|[Dd]enen|(?:[Ss]einer|[Ii]hrer|[Dd]essen|[Dd]eren)(?=\s+{_SOURCE})))"
            rf"(?:\s+{_SOURCE})?\s+(?P<cue>zufolge)\b",
        ),
        ("zufolge", rf"(?P<cue>\b{_VAGUE}\s+{_ANGABEN}\s+zufolge)\b"),
        ("zufolge", rf"(?!(?:{_VAGUE}\s+)?{_ANGABEN}\s+zufolge)(?P<speaker>{NOUN_PHRASE})\s+(?P<cue>zufolge)\b"),
        ("angaben", rf"^(?P<speaker>{SUBJECT})\s+[a-zäöüß]+\s+(?:[^,.;]{{0,60}}?\s)?(?P<cue>{OWN_WORD})"),
        ("angaben", rf"^(?P<cue>{OWN_WORD})\s+[a-zäöüß]+\s+(?P<speaker>{SUBJECT})"),
        (
            "angaben",
            rf"^{FRONT}[^,.;:]{{0,60}}?\s[a-zäöüß]+\s+(?P<speaker>{SUBJECT})\s+(?:[^,.;]{{0,40}}?\s)?(?P<cue>{OWN_WORD})",
        ),
        ("angaben", rf"(?P<cue>{OWN_WORD})"),
        (
            "angaben",
            rf"(?P<cue>\b(?:[Nn]ach|[Ll]aut|[Uu]nter Berufung auf)\s+"
            rf"(?:{DETERMINER}\s+|(?!anderen|eigenen)[\w-]+en\s+)?{_SOURCE})\s+(?:von\s+|aus\s+)?(?P<speaker>{NOUN_PHRASE})",
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
            r"(?P<cue>\b(?P<pronoun>[Ss]einer|[Ii]hrer|[Dd]essen|[Dd]eren)\s+(?:Ansicht|Meinung|Auffassung|Einschätzung"
            r"|Überzeugung|Darstellung|Aussage|Schilderung)\s+nach)\b",
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
            rf"\b[Ww]ie\s+(?:{MEANWHILE})(?P<speaker>(?P<pronoun>{_PRONOUN})|{NOUN_PHRASE})(?:,[^,;:]{{1,80}},)?"
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
        ("verb", rf"^(?:{FRONT}|{THING_FIRST})[^,.;:„“]{{0,80}}?(?:,[^;:„“]{{1,120}},)?\s*{verb}\s+{MEANWHILE}{who}"),
        ("verb", rf"^{who}\s+(?:hat|haben|hatte|hatten)\s[^.;:]{{0,100}}?{verb}"),
        ("verb", rf"(?:hat|haben|hatte|hatten)\s+{MEANWHILE}{who}\s[^.;:]{{0,80}}?{verb}"),
    )
    return tuple((kind, re.compile(form)) for kind, form in forms)
