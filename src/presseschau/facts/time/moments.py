"""When something happened: the German phrase, and the day, month or year it means, counted from the day of publication.

heute, gestern Abend, am Montag, am 3. Mai, Ende Januar, im vergangenen Jahr, 2024. A weekday is the nearest one in the
direction of the verb: "am Montag sagte" lies behind the publication, "am Montag wird" before it. What needs a guess
beyond that has no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache, partial

from presseschau.facts.numbers.words import german_word
from presseschau.lang import SOURCE, Pattern, regex, rules, vocabulary
from presseschau.patterns import late

_rule = partial(regex, SOURCE, "moments")
_LONG_AGO = 1_000
_CLAUSE = late(r"[,;:](?=\s)")


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[Pattern, Callable[[re.Match[str], date, str], str | None]], ...]:
    settled_by = {
        "full_date": _full_date, "in_figures": _full_date, "month": _month, "day_word": _day_word,
        "on_weekday": _weekday, "in_year": _year, "year_alone": _year, "in_unit": _unit,
        "between_years": _bare_year, "span_of_years": _bare_year, "since_year": _bare_year, "bare_year": _bare_year,
        "span_of_months": _first_month, "old_year": _bare_year, "first_year": _bare_year, "ago": _ago,
    }  # fmt: skip
    return tuple(
        (rule.regex, settled_by[rule.id]) for rule in rules(SOURCE, "moments").values() if rule.kind == "phrase"
    )


def moment(sentence: str, published: str | None) -> tuple[int, int, str | None] | None:
    """Offsets of the first phrase of time in a German sentence, and its ISO date (day, month or year); None if none.

    `published` is the ISO date of the article; without it only phrases that name their year are settled.
    """
    return next(iter(moments(sentence, published)), None)


def moments(sentence: str, published: str | None) -> tuple[tuple[int, int, str | None], ...]:
    """All phrases of time of the sentence in text order, none within another; as `moment`."""
    day = date.fromisoformat(published[:10]) if published and re.match(r"\d{4}-\d\d-\d\d", published) else None
    found = [(match.start(), order, match, settle)
             for order, (form, settle) in enumerate(_phrases()) for match in form.finditer(sentence)]  # fmt: skip
    settled: list[tuple[int, int, str | None]] = []
    for start, _, match, settle in sorted(found, key=lambda item: item[:2]):
        if settled and start < settled[-1][1]:
            continue
        named = settle in (_bare_year, _first_month) or (settle in (_full_date, _month) and match["year"])
        resolved = settle(match, day or date(1, 1, 1), sentence) if day or named else None
        if resolved or settle is not _ago:  # vor vielen Jahren tells no time
            settled.append((start, match.end(), resolved))
    return tuple(settled)


def until(phrase: str) -> str | None:
    """The ISO year or month in which a span ends that a phrase of time names: zwischen 2019 und 2023."""
    for name in ("between_years", "span_of_years", "span_of_months"):
        if match := _rule(name).fullmatch(phrase):
            month = match.groupdict().get("last_month")
            return f"{match['last']}-{_number('months', month):02d}" if month else match["last"]
    return None


def _ahead(match: re.Match[str], sentence: str) -> bool:
    """Does the phrase look ahead, by its own words or by the verb of its clause?"""
    start, end = _clause(match, sentence)
    near = _rule("ahead").search(sentence, max(0, match.start() - 4), match.end())
    if near:
        return True
    return bool(_rule("future").search(sentence, start, end)) and not _rule("reported").search(sentence, start, end)


def _clause(match: re.Match[str], sentence: str) -> tuple[int, int]:
    """Where the clause that the phrase stands in begins and ends."""
    breaks = [0, *(m.end() for m in _CLAUSE.finditer(sentence)), len(sentence)]
    return max(b for b in breaks if b <= match.start()), min(b for b in breaks if b >= match.end())


def _number(table: str, word: str) -> int:
    return int(vocabulary(SOURCE, table)[word])


def _step(turn: str) -> int:
    """-1 for the past (im vergangenen Jahr), 1 for the future, 0 for this one."""
    return {"last": -1, "next": 1}.get(vocabulary(SOURCE, "turns").get(turn.lower(), ""), 0)


def _many(word: str) -> int | None:
    """The whole number that a word or figures are: drei, 20, einem."""
    if re.fullmatch("eine[mnr]?", word):
        return 1
    read = german_word(word)
    plain = read and read.role in ("cardinal", "hint") and len(read.values) == 1
    value = int(word) if word.isdecimal() else read.values[0] if read and plain else None
    return int(value) if value is not None and value == int(value) and 0 < value < _LONG_AGO else None


def _years(match: re.Match[str], today: date, sentence: str) -> list[int] | None:
    """The year that the phrase, or another word of its clause, names; [] if none is named, None if it is not to be
    told: im Mai desselben Jahres."""
    given = match.groupdict()
    if given.get("year"):
        return [int(given["year"])]
    if given.get("of"):
        turned = vocabulary(SOURCE, "turns").get(given["of"])
        return [today.year + _step(given["of"])] if turned else None
    if given.get("ago"):
        return None if (many := _many(given["ago"])) is None else [today.year - many]
    if other := _rule("other_year").search(sentence, *_clause(match, sentence)):
        return [int(other["year"])]
    return None if _rule("moved").search(sentence) else []


def _full_date(match: re.Match[str], today: date, sentence: str) -> str | None:
    day, written = int(match["day"]), match["month"]
    month = int(written) if written.isdecimal() else _number("months", written)
    if (named := _years(match, today, sentence)) is None:
        return None
    years = named or [today.year - 1, today.year, today.year + 1]
    try:
        days = [date(year, month, day) for year in years if year > 0]
    except ValueError:
        return None
    return min(days, key=lambda one: abs((one - today).days)).isoformat() if days else None


def _month(match: re.Match[str], today: date, sentence: str) -> str | None:
    month = _number("months", match["month"])
    if (named := _years(match, today, sentence)) or named is None:
        return f"{named[0]:04d}-{month:02d}" if named else None
    if step := _step(match["turn"] or ""):
        passed = month < today.month if step < 0 else month > today.month
        return f"{today.year if passed else today.year + step:04d}-{month:02d}"
    future = _ahead(match, sentence)
    if future and 0 < today.month - month <= 2:
        return None  # just past, with a verb that may look ahead
    year = today.year + (1 if future and month < today.month else -1 if not future and month > today.month else 0)
    return f"{year:04d}-{month:02d}"


def _day_word(match: re.Match[str], today: date, sentence: str) -> str | None:
    day = today + timedelta(days=_number("day_words", (match["word"] or match["tomorrow"]).lower()))
    if match["ago"] is None:
        return day.isoformat()
    many = _many(match["ago"])
    return None if many is None or (day.month, day.day) == (2, 29) else day.replace(year=day.year - many).isoformat()


def _weekday(match: re.Match[str], today: date, sentence: str) -> str | None:
    behind = (today.isoweekday() - _number("weekdays", match["weekday"])) % 7
    turn = match["turn"] or ""
    if match["weeks"]:
        weeks = _many(match["weeks"])
        away = timedelta(weeks=weeks * (-1 if match["way"] == "vor" else 1)) if weeks else None
        return (today - timedelta(days=behind) + away).isoformat() if away else None
    since = match[0].lower().startswith("seit ")  # looks back, whatever the verb does
    if _step(turn) > 0 or (not turn and not since and _ahead(match, sentence)):
        return (today + timedelta(days=(7 - behind) if behind or turn else 0)).isoformat()
    return (today - timedelta(days=behind or (7 if turn else 0))).isoformat()


def _year(match: re.Match[str], today: date, sentence: str) -> str | None:
    if match.groupdict().get("before"):
        return str(today.year - 1)
    return str(today.year + _step(match["turn"]))


def _unit(match: re.Match[str], today: date, sentence: str) -> str | None:
    if match["unit"] != "Monat":
        return None  # a week or a season is not an ISO date
    months = today.year * 12 + today.month - 1 + _step(match["turn"])
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def _bare_year(match: re.Match[str], today: date, sentence: str) -> str | None:
    return match["year"]


def _first_month(match: re.Match[str], today: date, sentence: str) -> str | None:
    first, last = (_number("months", match[name]) for name in ("month", "last_month"))
    return f"{int(match['year'] or match['last']) - (not match['year'] and first > last):04d}-{first:02d}"


def _ago(match: re.Match[str], today: date, sentence: str) -> str | None:
    many = _many(match["many"])
    if many is None:
        return None
    if match["unit"] == "Tag":
        return (today - timedelta(days=many)).isoformat()
    months = today.year * 12 + today.month - 1 - many * (12 if match["unit"] == "Jahr" else 1)
    return f"{months // 12:04d}" if match["unit"] == "Jahr" else f"{months // 12:04d}-{months % 12 + 1:02d}"
