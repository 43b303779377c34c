"""Units that stand beside a number, their names in both languages, and what they convert to.

Factors: international yard and pound agreement of 1959, US customary volumes; months and years as 365.25 days.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.fact import Lang


class Unit(NamedTuple):
    """`factor` x amount + `offset` = the amount in the dimension's base unit."""

    dimension: str
    factor: float = 1.0
    offset: float = 0.0


UNITS: dict[str, Unit] = {
    "points": Unit("share"), "%": Unit("share"),
    "km/h": Unit("speed"), "mph": Unit("speed", 1.609344), "knot": Unit("speed", 1.852),
    "km²": Unit("area", 1e6), "m²": Unit("area"), "sq mi": Unit("area", 2589988.11), "sq ft": Unit("area", 0.09290304),
    "ha": Unit("area", 1e4), "acre": Unit("area", 4046.8564),
    "m³": Unit("volume", 1000), "cu ft": Unit("volume", 28.316847), "l": Unit("volume"),
    "gallon": Unit("volume", 3.785411784), "pint": Unit("volume", 0.473176473),
    "nmi": Unit("length", 1852), "km": Unit("length", 1000), "cm": Unit("length", 0.01), "mm": Unit("length", 0.001),
    "mile": Unit("length", 1609.344), "inch": Unit("length", 0.0254), "foot": Unit("length", 0.3048),
    "yard": Unit("length", 0.9144), "m": Unit("length"),
    "kg": Unit("mass"), "g": Unit("mass", 0.001), "t": Unit("mass", 1000), "pound": Unit("mass", 0.45359237),
    "oz": Unit("mass", 0.028349523), "stone": Unit("mass", 6.35029318),
    "°C": Unit("temperature"), "°F": Unit("temperature", 5 / 9, -160 / 9),
    "°": Unit("temperature", 5 / 9, -160 / 9),  # "90 degrees" in American English
    "second": Unit("time", 1 / 86400), "minute": Unit("time", 1 / 1440), "hour": Unit("time", 1 / 24),
    "day": Unit("time"), "fortnight": Unit("time", 14), "week": Unit("time", 7), "month": Unit("time", 30.4375),
    "quarter": Unit("time", 91.3125), "decade": Unit("time", 3652.5), "century": Unit("time", 36525),
    "year": Unit("time", 365.25),
    "EUR": Unit("money"), "USD": Unit("money"), "GBP": Unit("money"), "CHF": Unit("money"), "JPY": Unit("money"),
    "RUB": Unit("money"), "CNY": Unit("money"), "cent": Unit("money"), "TRY": Unit("money"), "INR": Unit("money"),
    "PLN": Unit("money"), "UAH": Unit("money"), "HUF": Unit("money"), "crown": Unit("money"), "DEM": Unit("money"),
}  # fmt: skip

_SHARED = {
    "%": r"%", "EUR": r"€|EUR\b", "USD": r"US\$|\$|USD\b", "GBP": r"£|GBP\b", "CHF": r"CHF\b", "JPY": r"¥|JPY\b",
    "km²": r"km²|km2\b|qkm\b", "m²": r"m²|m2\b|qm\b|sqm\b", "m³": r"m³|m3\b", "km/h": r"km/h\b|kmh\b|kph\b",
    "mph": r"mph\b", "km": r"km\b", "cm": r"cm\b", "mm": r"mm\b", "kg": r"kg\b", "°C": r"[°º]\s?C(?:elsius)?\b|℃",
    "°F": r"[°º]\s?F(?:ahrenheit)?\b|℉", "ha": r"ha\b", "m": r"m\b", "g": r"g\b", "l": r"l\b", "t": r"t\b",
    "cent": r"cents?\b|Cents?\b|ct\b",
}  # fmt: skip
_NAMES: dict[Lang, dict[str, str]] = {
    "de": {
        "points": r"Prozentpunkt", "%": r"[Pp]rozent|v\. ?H\.", "EUR": r"[Ee]uro(?!p)", "USD": r"(?:US-)?[Dd]ollar",
        "GBP": r"britische[rsn]? Pfund|Pfund Sterling", "pound": r"Pfund", "CHF": r"(?:Schweizer )?Franken|Fr\.", "JPY": r"Yen", "RUB": r"Rubel",
        "CNY": r"Yuan|Renminbi", "TRY": r"(?:türkische )?Lira", "INR": r"Rupie", "PLN": r"Złoty|Zloty",
        "UAH": r"Hrywnja|Griwna", "HUF": r"Forint", "crown": r"Krone", "DEM": r"Mark\b|D-Mark|DM\b",
        "km²": r"Quadratkilometer", "m²": r"Quadratmeter", "m³": r"Kubikmeter", "km/h": r"Stundenkilometer|Kilometern? pro Stunde",
        "km": r"Kilometer", "cm": r"Zentimeter", "mm": r"Millimeter", "m": r"Meter", "mile": r"Meile", "foot": r"Fuß\b|Fuss\b",
        "inch": r"Zoll", "yard": r"Yard", "kg": r"Kilogramm|Kilo\b|Kilos\b", "g": r"Gramm", "t": r"Tonne", "oz": r"Unze",
        "°C": r"Grad(?: Celsius)?(?! Fahrenheit)\b|Celsius", "°F": r"(?:Grad )?Fahrenheit", "ha": r"Hektar", "l": r"Liter",
        "gallon": r"Gallone", "acre": r"Acre", "knot": r"Knoten", "second": r"Sekunde", "minute": r"Minute|Min\.", "hour": r"Stunde",
        "day": r"Tag", "week": r"Woche(?!nend)", "month": r"Monat", "year": r"Jahr(?!hundert|zehnt|tausend)|jährig", "decade": r"Jahrzehnt",
        "quarter": r"Quartal", "century": r"Jahrhundert",
    },
    "en": {
        "points": r"percentage[ -]points?|percent points?|pp\b|points?\b", "%": r"per ?cent\b|pct\b|pc\b", "EUR": r"[Ee]uros?\b",
        "USD": r"(?:US )?[Dd]ollars?\b|bucks\b", "GBP": r"British pounds?\b|pounds? sterling|quid\b", "pound": r"[Pp]ounds?\b|lbs?\b",
        "CHF": r"(?:Swiss )?[Ff]rancs?\b", "JPY": r"[Yy]en\b", "RUB": r"r(?:o)?ubles?\b", "CNY": r"[Yy]uan\b|renminbi\b",
        "TRY": r"(?:Turkish )?lira\b", "INR": r"rupees?\b", "PLN": r"z[lł]oty", "UAH": r"hryvnia", "HUF": r"forint",
        "crown": r"kron[ae]r?\b|crowns?\b", "DEM": r"(?:[Dd]eutsch)?[Mm]arks?\b|DM\b",
        "sq mi": r"(?:square|sq\.?)[ -](?:miles?|mi)\b", "sq ft": r"(?:square|sq\.?)[ -](?:foot|feet|ft)\b",
        "km²": r"(?:square|sq\.?)[ -](?:kilomet(?:re|er)s?|km)\b", "m²": r"(?:square|sq\.?)[ -](?:met(?:re|er)s?|m)\b",
        "m³": r"cubic[ -]met(?:re|er)s?\b", "cu ft": r"cubic[ -](?:feet|foot)\b",
        "km/h": r"(?:kilomet(?:re|er)s?|km) (?:per|an) hour\b", "mph": r"miles?(?: per | an )hour\b", "nmi": r"nautical miles?\b",
        "km": r"kilomet(?:re|er)s?\b|kms\b|klicks\b", "cm": r"centimet(?:re|er)s?\b", "mm": r"millimet(?:re|er)s?\b",
        "m": r"met(?:re|er)s?\b", "mile": r"miles?\b|mi\b", "foot": r"foot\b|feet\b|ft\b|'(?=\d)", "inch": r"inch(?:es)?\b|in\.",
        "yard": r"yards?\b|yd\b", "kg": r"kilograms?\b|kilos?\b", "g": r"grams?\b", "t": r"(?:metric )?ton(?:ne)?s?\b",
        "oz": r"ounces?\b|oz\b", "stone": r"stone\b", "°C": r"(?:degrees? )?(?:Celsius|centigrade)\b|C\b",
        "°F": r"(?:degrees? )?Fahrenheit\b|F\b", "°": r"degrees?\b", "ha": r"hectares?\b", "l": r"lit(?:re|er)s?\b",
        "gallon": r"gallons?\b", "pint": r"pints?\b", "acre": r"acres?\b", "knot": r"knots?\b",
        "second": r"seconds?\b|secs?\b", "minute": r"minutes?\b|mins?\b", "hour": r"hours?\b|hrs?\b", "day": r"days?\b",
        "week": r"weeks?\b", "fortnight": r"fortnights?\b", "month": r"months?\b", "year": r"years?\b|yr\b",
        "decade": r"decades?\b", "quarter": r"quarters?\b", "century": r"centur",
    },
}  # fmt: skip


class UnitPatterns(NamedTuple):
    """`before` matches a currency that ends where the number begins; `after` a unit that begins where it ends."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    names: dict[str, str]


@lru_cache(maxsize=2)
def unit_patterns(lang: Lang) -> UnitPatterns:
    """Compiled on first use; group names cannot hold signs, so `names` maps group to unit."""
    alternatives: list[str] = []
    names: dict[str, str] = {}
    for unit in UNITS:
        sources = [table[unit] for table in (_NAMES[lang], _SHARED) if unit in table]
        if sources:
            group = f"u{len(names)}"
            names[group] = unit
            alternatives.append(f"(?P<{group}>{'|'.join(sources)})")
    after = re.compile(rf"\.?[ \u00a0\u202f\u2009-]?(?:{'|'.join(alternatives)})")
    before = re.compile(r"(?P<EUR>€|EUR)|(?P<USD>(?:US|[ACS]|USD)?\$|USD)|(?P<GBP>£|GBP)|(?P<JPY>¥)|(?P<CHF>CHF|Fr\.)")
    return UnitPatterns(before, after, names)


def in_base(amount: float, unit: str) -> float:
    """The amount in the base unit of the unit's dimension."""
    known = UNITS[unit]
    return amount * known.factor + known.offset


def convert(amount: float, unit: str, other: str, difference: bool = False) -> float:
    """The amount in `other`. For a difference (12 degrees warmer) the offset of a temperature scale falls away."""
    if difference:
        return amount * UNITS[unit].factor / UNITS[other].factor
    return (in_base(amount, unit) - UNITS[other].offset) / UNITS[other].factor


def contradict(one: str, other: str) -> bool:
    """Different units of one sort; bare degrees and pounds (money or mass) contradict nothing of theirs."""
    if not one or not other or one == other or "°" in (one, other) or {one, other} == {"GBP", "pound"}:
        return False
    sorts = {UNITS[one].dimension, UNITS[other].dimension}
    return len(sorts) == 1 or ("pound" in (one, other) and "money" in sorts)


def convertible(one: str, other: str) -> bool:
    """Different units of one dimension that has a fixed rate (money has none)."""
    if one == other or one not in UNITS or other not in UNITS:
        return False
    dimension = UNITS[one].dimension
    return dimension == UNITS[other].dimension and dimension not in {"money", "share"}

