"""When something happened: the German phrase, and the day, month or year it means, counted from the day of publication.

heute, gestern Abend, am Montag, am 3. Mai, Ende Januar, im vergangenen Jahr, 2024. A weekday is the nearest one in the
direction of the verb: "am Montag sagte" lies behind the publication, "am Montag wird" before it. What needs a guess
beyond that has no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

MONTHS = {
    name: number
    for number, names in enumerate(
        ("Januar Jänner", "Februar Feber", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
         "November", "Dezember"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {"Montag": 0, "Dienstag": 1, "Mittwoch": 2, "Donnerstag": 3, "Freitag": 4, "Samstag": 5, "Sonnabend": 5,
            "Sonntag": 6}  # fmt: skip
_DAY_WORDS = {"vorgestern": -2, "gestern": -1, "heute": 0, "morgen": 1, "übermorgen": 2}
_MONTH = "|".join(MONTHS)
_PART = r"(?:abend|nachmittag|morgen|vormittag|mittag|nacht|früh)"
_LAST = r"(?:vergangenen?|letzten?|vorigen?|zurückliegenden?)"
_NEXT = r"(?:kommenden?|nächsten?)"
_FUTURE = re.compile(
    r"\b(?:wird|werden|soll(?:en)?|will|wollen|plan(?:t|en)|beginn(?:t|en)|findet|finden|droh(?:t|en)|angesetzt|geplant|vorgesehen|voraussichtlich)\b"
)
_AHEAD = re.compile(r"\b(?:[Bb]is|[Aa]b|[Ff]ür)\b")
"""In the phrase or just before it. Elsewhere ab is half of a verb (lehnte am Montag ab), bis another phrase's."""
_CLAUSE = re.compile(r"[,;:](?=\s)")


_YEAR = r"(?P<year>(?:19|20)\d\d)"
_WEEKDAY = "|".join(WEEKDAYS)
_TURN = rf"(?P<turn>{_LAST}|{_NEXT}|laufenden|diesem|diesen)"
_FULL_DATE = (
    rf"\b(?:(?:[Aa]m|[Vv]om|[Zz]um|[Bb]is|[Aa]b|[Ss]eit|[Dd]em)\s){{0,2}}(?:(?:{_WEEKDAY}),?\s(?:de[mn]\s)?)?"
    rf"(?P<day>\d{{1,2}})\.\s?(?P<month>{_MONTH})(?:\s{_YEAR})?"
)
_IN_FIGURES = (
    r"\b(?:(?:[Aa]m|[Vv]om|[Zz]um|[Bb]is|[Aa]b|[Ss]eit|[Dd]em)\s){1,2}(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\."
    r"(?:\s?(?P<year>(?:19|20)\d\d)\b)?"
)
_DAY_WORD = (
    rf"\b(?P<word>vorgestern|[Gg]estern|[Hh]eute|[Üü]bermorgen)(?:\s?(?:{_PART}|{_PART.title()}))?\b"
    r"|(?<=\bfür\s)(?P<tomorrow>morgen)\b"
)
_ON_WEEKDAY = (
    rf"\b(?:[Aa]m|[Vv]om|[Zz]um|[Bb]is|[Ss]eit|[Aa]b|[Ff]ür|[Dd]en|[Nn]acht (?:zum|auf))\s(?:(?:früh|spät)en\s)?"
    rf"(?:(?P<turn>{_LAST}|{_NEXT})\s)?"
    rf"(?P<weekday>{_WEEKDAY})(?:{_PART}|s)?\b"
)
_IN_YEAR = rf"\b(?:[Ii]m|[Ii]n|[Dd]es)\s(?:{_TURN}\s(?P<unit>Jahr)|(?P<before>Vorjahr))(?:es|s)?\b"
_YEAR_ALONE = r"\b(?P<turn>[Vv]ergangenes|[Ll]etztes|[Dd]ieses|[Nn]ächstes|[Kk]ommendes)\s(?P<unit>Jahr)\b"
_IN_UNIT = rf"\b(?:[Ii]m\s)?{_TURN}\s(?P<unit>Monat|Woche|Sommer|Winter|Herbst|Frühjahr|Wochenende)s?\b"
_SINCE_YEAR = rf"\b(?:[Ss]eit|[Ii]m Jahre?|[Bb]is|[Aa]b|[Aa]nfang|[Mm]itte|(?:[Ss]pätestens )?[Ee]nde)\s{_YEAR}\b"
_BARE_YEAR = rf"(?<![\d.,/-]){_YEAR}(?![\d.,/-]|\s(?:Menschen|Euro|Beschäftigte|Meter|Einwohner))\b"


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date, str], str | None]], ...]:
    month = rf"\b(?:Anfang|Mitte|Ende|[Ii]m|[Ss]eit|[Bb]is|[Aa]b)\s(?P<month>{_MONTH})(?:\s{_YEAR})?\b"
    forms = (
        (_FULL_DATE, _full_date), (_IN_FIGURES, _full_date), (month, _month), (_DAY_WORD, _day_word),
        (_ON_WEEKDAY, _weekday), (_IN_YEAR, _year), (_YEAR_ALONE, _year), (_IN_UNIT, _unit),
        (_SINCE_YEAR, _bare_year), (_BARE_YEAR, _bare_year),
    )  # fmt: skip
    return tuple((re.compile(form), settle) for form, settle in forms)


def moment(sentence: str, published: str | None) -> tuple[int, int, str | None] | None:
    """Offsets of the first phrase of time in a German sentence, and its ISO date (day, month or year); None if none.

    `published` is the ISO date of the article; without it only phrases that name their year are settled.
    """
    return next(iter(moments(sentence, published)), None)


def moments(sentence: str, published: str | None) -> tuple[tuple[int, int, str | None], ...]:
    """All phrases of time of the sentence in text order, none within another; as `moment`."""
    day = date.fromisoformat(published[:10]) if published and re.match(r"\d{4}-\d\d-\d\d", published) else None
    found = [(match.start(), order, match, settle)
             for order, (pattern, settle) in enumerate(_phrases()) for match in pattern.finditer(sentence)]  # fmt: skip
    settled: list[tuple[int, int, str | None]] = []
    for start, _, match, settle in sorted(found, key=lambda item: item[:2]):
        if settled and start < settled[-1][1]:
            continue
        named = settle in (_full_date, _month, _bare_year) and match.groupdict().get("year")
        resolved = settle(match, day or date(1, 1, 1), sentence) if day or named else None
        settled.append((start, match.end(), resolved))
    return tuple(settled)


def _ahead(match: re.Match[str], sentence: str) -> bool:
    """Does the phrase look ahead, by its own words or by the verb of its clause?"""
    breaks = [0, *(m.end() for m in _CLAUSE.finditer(sentence)), len(sentence)]
    start, end = max(b for b in breaks if b <= match.start()), min(b for b in breaks if b >= match.end())
    return bool(_AHEAD.search(sentence, max(0, match.start() - 4), match.end()) or _FUTURE.search(sentence, start, end))


def _full_date(match: re.Match[str], today: date, sentence: str) -> str | None:
    day, written = int(match["day"]), match["month"]
    month = int(written) if written.isdecimal() else MONTHS[written]
    years = [int(match["year"])] if match["year"] else [today.year - 1, today.year, today.year + 1]
    try:
        days = [date(year, month, day) for year in years if year > 0]
    except ValueError:
        return None
    return min(days, key=lambda one: abs((one - today).days)).isoformat() if days else None


def _month(match: re.Match[str], today: date, sentence: str) -> str | None:
    month = MONTHS[match["month"]]
    if match["year"]:
        return f"{match['year']}-{month:02d}"
    future = _ahead(match, sentence)
    if future and 0 < today.month - month <= 2:
        return None  # just past, with a verb that may look ahead
    year = today.year + (1 if future and month < today.month else -1 if not future and month > today.month else 0)
    return f"{year:04d}-{month:02d}"


def _day_word(match: re.Match[str], today: date, sentence: str) -> str | None:
    return (today + timedelta(days=_DAY_WORDS[(match["word"] or match["tomorrow"]).lower()])).isoformat()


def _weekday(match: re.Match[str], today: date, sentence: str) -> str | None:
    behind = (today.weekday() - WEEKDAYS[match["weekday"]]) % 7
    turn = match["turn"] or ""
    if re.fullmatch(_NEXT, turn) or (not turn and _ahead(match, sentence)):
        return (today + timedelta(days=(7 - behind) if behind or turn else 0)).isoformat()
    return (today - timedelta(days=behind or (7 if turn else 0))).isoformat()


def _year(match: re.Match[str], today: date, sentence: str) -> str | None:
    turn = (match.groupdict().get("turn") or "").lower()
    if match.groupdict().get("before") or re.match(_LAST + "|vergangenes|letztes", turn):
        return str(today.year - 1)
    if re.match(_NEXT + "|nächstes|kommendes", turn):
        return str(today.year + 1)
    return str(today.year) if turn or "diesem" in match.group().lower() else None


def _unit(match: re.Match[str], today: date, sentence: str) -> str | None:
    if match["unit"] != "Monat":
        return None  # a week or a season is no ISO date
    turn = match["turn"].lower()
    step = -1 if re.match(_LAST, turn) else 1 if re.match(_NEXT, turn) else 0
    months = today.year * 12 + today.month - 1 + step
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def _bare_year(match: re.Match[str], today: date, sentence: str) -> str | None:
    return match["year"]
