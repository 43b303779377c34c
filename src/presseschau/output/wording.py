"""How dates, and on whose word a claim stands, are worded in English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from presseschau.lang import vocabulary
from presseschau.models import Article, Claim, Moment, TranslatedSentence

if TYPE_CHECKING:
    from presseschau.notes import Source

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?")


def in_words(iso: str | None, american: bool = False) -> str:
    """ "20 December 2025, 19:25" or "December 20, 2025, 7:25 p.m." for "2025-12-20T19:25:08"; "May 2026" for "2026-05".

    What is not an ISO date is returned as it is, None as "".
    """
    match = _ISO.fullmatch(iso or "")
    if not match or not _real(match):
        return iso or ""
    year, month, day, hour, minute, zone = match.groups()
    if not month:
        return year
    name = list(vocabulary("en", "months", "full"))[int(month) - 1]
    if not day:
        return f"{name} {year}"
    words = f"{name} {int(day)}, {year}" if american else f"{int(day)} {name} {year}"
    return f"{words}, {_time(hour, minute, american)}{_zone(zone)}" if hour else words


def period(since: str | None, until: str | None, american: bool = False) -> str:
    """ "5–18 March 2026" or "March 5–18, 2026"; "from ..." and "until ..." where one end is open; "" without dates."""
    first, last = ((iso or "")[:10] if _ISO.fullmatch(iso or "") else iso or "" for iso in (since, until))
    if first == last:
        return in_words(first, american)
    if not first or not last:
        return f"from {in_words(first, american)}" if first else f"until {in_words(last, american)}"
    ends = in_words(first, american), in_words(last, american)
    days = [match[3] for match in map(_ISO.fullmatch, (first, last)) if match]
    if first[:7] == last[:7] and all(days) and len(days) == 2 and first not in ends:
        return ends[0].replace(",", f"–{int(days[1])},") if american else f"{int(days[0])}–{ends[1]}"
    return " – ".join(ends)


def beside(metadata: Mapping[str, str], most: int = 8) -> tuple[str, ...]:
    """What came with an article, as "page: 5"; without its link, which is shown as one. The user's id is "own id"."""
    shown = {"own id" if name == "id" else name: value for name, value in metadata.items() if name != "url"}
    return tuple(f"{name}: {value if len(value) <= 80 else f'{value[:79]}…'}" for name, value in shown.items())[:most]


def clock(iso: str | None) -> str:
    """ "12:48" for "2026-02-11T12:48"; what holds no time is returned as it is, None as ""."""
    try:
        return datetime.fromisoformat(iso).strftime("%H:%M") if iso and len(iso) > len("2026-02-11") else iso or ""
    except ValueError:
        return iso or ""


def _real(match: re.Match[str]) -> bool:
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


def _time(hour: str, minute: str, american: bool) -> str:
    return (
        f"{int(hour) % 12 or 12}:{minute} {'p.m.' if int(hour) >= 12 else 'a.m.'}" if american else f"{hour}:{minute}"
    )


def _zone(zone: str | None) -> str:
    return {None: "", "Z": " UTC"}.get(zone, f" UTC{zone}")


@dataclass(frozen=True)
class ChainLink:
    """One link of the chain. `german` is how the article names the speaker, if it was found there."""

    part: str
    name: str
    german: str | None = None


def voices(claim: Claim, article: Article | Source) -> tuple[ChainLink, ...]:
    """The chain from the speaker outwards: "said by" or "stated by", "relying on", "via" ..., "carried by"."""
    carrier = carrier_of(article)
    source = (ChainLink("relying on", claim.relies_on),) if claim.relies_on else ()
    passed_on = (*source, *(ChainLink("via", name) for name in claim.via))
    if not claim.speaker:
        return (ChainLink("stated by", carrier or "the article"), *passed_on)
    german = claim.speaker_de.text if claim.speaker_de else None
    said = ChainLink("said by", claim.speaker, german)
    return (said, *passed_on, *((ChainLink("carried by", carrier),) if carrier else ()))


def in_a_line(chain: tuple[ChainLink, ...]) -> str:
    """ "said by Rustam Yusupov (“der Unterhändler Rustam Jussupow”), via Silkpress, carried by dpa"."""
    return ", ".join(f"{v.part} {v.name}" + (f" (“{v.german}”)" if v.german else "") for v in chain)


def decided_by(one: Claim | TranslatedSentence, american: bool = False) -> str:
    """ "edited by Anna Berg, 3 May 2026, 09:12 UTC; speaker, when corrected"; "" if no person decided."""
    if one.status != "human":
        return ""
    said = f"{one.decided or 'decided'} by {one.decided_by or 'a person'}"
    said += f", {in_words(one.decided_at, american)}" if one.decided_at else ""
    named = one.corrected if isinstance(one, Claim) else ()
    return f"{said}; {', '.join(named)} corrected" if named else said


def told_when(when: Moment, american: bool = False) -> str:
    """ "am Sonntag = 3 May 2026"; the date alone where a person gave it and no German does."""
    if when.text == when.date:
        return in_words(when.date, american)
    return f"“{when.text}” ({in_words(when.date, american) if when.date else 'date not settled'})"


def carrier_of(article: Article | Source) -> str | None:
    """Outlet and agency as "Mittelland-Kurier (dpa)", or the one that is known, or None."""
    outlet, agency = article.outlet, article.agency
    return f"{outlet} ({agency})" if outlet and agency and outlet != agency else outlet or agency
