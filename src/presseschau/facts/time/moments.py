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

from presseschau.lang import SOURCE, Pattern, regex, rules, vocabulary

_rule = partial(regex, SOURCE, "moments")
_CLAUSE = re.compile(r"[,;:](?=\s)")


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[Pattern, Callable[[re.Match[str], date, str], str | None]], ...]:
    settled_by = {
        "full_date": _full_date, "in_figures": _full_date, "month": _month, "day_word": _day_word,
        "on_weekday": _weekday, "in_year": _year, "year_alone": _year, "in_unit": _unit,
        "between_years": _bare_year, "span_of_years": _bare_year, "since_year": _bare_year, "bare_year": _bare_year,
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
        named = settle in (_full_date, _month, _bare_year) and match.groupdict().get("year")
        resolved = settle(match, day or date(1, 1, 1), sentence) if day or named else None
        settled.append((start, match.end(), resolved))
    return tuple(settled)


def _ahead(match: re.Match[str], sentence: str) -> bool:
    """Does the phrase look ahead, by its own words or by the verb of its clause?"""
    breaks = [0, *(m.end() for m in _CLAUSE.finditer(sentence)), len(sentence)]
    start, end = max(b for b in breaks if b <= match.start()), min(b for b in breaks if b >= match.end())
    near = _rule("ahead").search(sentence, max(0, match.start() - 4), match.end())
    if near:
        return True
    return bool(_rule("future").search(sentence, start, end)) and not _rule("reported").search(sentence, start, end)


def _number(table: str, word: str) -> int:
    return int(vocabulary(SOURCE, table)[word])


def _step(turn: str) -> int:
    """-1 for the past (im vergangenen Jahr), 1 for the future, 0 for this one."""
    return {"last": -1, "next": 1}.get(vocabulary(SOURCE, "turns").get(turn.lower(), ""), 0)


def _full_date(match: re.Match[str], today: date, sentence: str) -> str | None:
    day, written = int(match["day"]), match["month"]
    month = int(written) if written.isdecimal() else _number("months", written)
    years = [int(match["year"])] if match["year"] else [today.year - 1, today.year, today.year + 1]
    try:
        days = [date(year, month, day) for year in years if year > 0]
    except ValueError:
        return None
    return min(days, key=lambda one: abs((one - today).days)).isoformat() if days else None


def _month(match: re.Match[str], today: date, sentence: str) -> str | None:
    month = _number("months", match["month"])
    if match["year"]:
        return f"{match['year']}-{month:02d}"
    future = _ahead(match, sentence)
    if future and 0 < today.month - month <= 2:
        return None  # just past, with a verb that may look ahead
    year = today.year + (1 if future and month < today.month else -1 if not future and month > today.month else 0)
    return f"{year:04d}-{month:02d}"


def _day_word(match: re.Match[str], today: date, sentence: str) -> str | None:
    return (today + timedelta(days=_number("day_words", (match["word"] or match["tomorrow"]).lower()))).isoformat()


def _weekday(match: re.Match[str], today: date, sentence: str) -> str | None:
    behind = (today.isoweekday() - _number("weekdays", match["weekday"])) % 7
    turn = match["turn"] or ""
    if _step(turn) > 0 or (not turn and _ahead(match, sentence)):
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
