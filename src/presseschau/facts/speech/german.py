"""Who is named as the speaker in a German sentence, and the words that say so."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.speech.forms import patterns
from presseschau.facts.speech.mentions import THING_FIRST, is_thing, is_topic
from presseschau.facts.speech.noun_phrases import CAPITALISED, FRONT, MEANWHILE, MEDIUM, NOUN_PHRASE, SUBJECT
from presseschau.facts.speech.reporting import has_said, is_reporting, reports
from presseschau.facts.words import words
from presseschau.lang import table


class Attribution(NamedTuple):
    """Words that name a source. `speaker` is the span of its name, or None; `pronoun`: the er, sie ... that stands for
    the speaker, or ""."""

    kind: str
    cue: tuple[int, int]
    speaker: tuple[int, int] | None
    pronoun: str


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


_STRAY = re.compile(r"[!?.,;]*\s*[“”\"«]\s+(?=[A-ZÄÖÜ])")


@lru_cache(maxsize=64)
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
    said = has_said(sentence)
    for kind, pattern in patterns():
        if kind not in kinds or kind in seen:
            continue
        m = pattern.search(sentence)
        if m is None or (kind in ("verb", "wie", "so") and not reports(sentence, m, said or kind != "verb")):
            continue
        groups = m.groupdict()
        if kind == "verb" and groups.get("speaker") and _mute(groups["speaker"], m["cue"]):
            continue
        if kind in ("laut", "zufolge"):
            seen.add(kind)  # the narrow pattern comes first
        pronoun = groups.get("pronoun") or ""
        named = None if pronoun or not groups.get("speaker") else whole_name(sentence, *m.span("speaker"))
        found.append(Attribution(kind, m.span("cue"), named, pronoun))
    if not any(one.kind in ("verb", "so") for one in found) and (place := standpoint(sentence)):
        found.append(Attribution("verb", *place))
    return tuple(found)


def _mute(mention: str, cue: str) -> bool:
    """Is it the object that comes first (Die Zahl der Verletzten gab die Polizei ...), or a headline's topic?"""
    return is_topic(mention) if cue == ":" else is_thing(mention)


_CUES = {
    "laut": re.compile(r"\b[Ll]aut\b"),
    "zufolge": re.compile(r"\bzufolge\b"),
    "angaben": re.compile(r"\b(?:[Nn]ach|[Ll]aut|Berufung|[Dd]em(?:nach)?|Sicht)\b"),
    "so": re.compile(r"[,“”\"«»]\s*so\b"),
}


def _kinds_in(sentence: str) -> set[str]:
    """The kinds of attribution that can be in `sentence`: a cheap look before the long patterns."""
    kinds = {kind for kind, cue in _CUES.items() if cue.search(sentence)}
    if any(is_reporting(word.lower) for word in words(sentence)):
        kinds |= {"verb", "wie", "es heißt", "so"}
    if sentence.startswith(("Das ", "Dies ")):
        kinds.add("das")
    if _TURN.search(sentence) or re.search(r"\bl(?:ie(?:ß|ss)|ässt)", sentence):
        kinds.add("verb")
    if "zitier" in sentence:
        kinds |= {"zitiert", "wie"}
    return kinds


_TURN = re.compile(r":\s*[„\"»“]")


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
