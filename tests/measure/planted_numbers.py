"""Planted number and date errors: one small change to the English of a good pair, seeded, so that a run repeats.

Each function returns the changed English, or None where the sentence offers nothing to change. They know nothing of
how `presseschau.facts` reads: only plain regular expressions and word lists.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SCALES = ("million", "billion", "trillion")
MONTHS = (
    "January", "February", "March", "April", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NUMERAL = re.compile(r"\d[\d.,]*\d|\d")


def _replace(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _pick(matches: list[re.Match[str]], rng: random.Random) -> re.Match[str] | None:
    return rng.choice(matches) if matches else None


def digit(text: str, rng: random.Random) -> str | None:
    """One digit of one numeral becomes another (no new leading zero)."""
    match = _pick(list(NUMERAL.finditer(text)), rng)
    if not match:
        return None
    figures = match[0]
    at = rng.choice([i for i, sign in enumerate(figures) if sign.isdigit()])
    choices = [sign for sign in "0123456789" if sign != figures[at] and (at > 0 or sign != "0")]
    return _replace(text, match, figures[:at] + rng.choice(choices) + figures[at + 1 :])


def deleted(text: str, rng: random.Random) -> str | None:
    """One numeral is left out."""
    match = _pick(list(NUMERAL.finditer(text)), rng)
    return _replace(text, match, "").replace("  ", " ") if match else None


def scale(text: str, rng: random.Random) -> str | None:
    """million, billion, trillion swapped."""
    match = _pick(list(re.finditer(r"\b(million|billion|trillion)(?=s?\b)", text)), rng)
    return _replace(text, match, rng.choice([word for word in SCALES if word != match[1]])) if match else None


def shift(text: str, rng: random.Random) -> str | None:
    """The decimal point or the thousands move: 1.5 -> 15 or 0.15, 20,000 -> 2,000 or 200,000."""
    decimals = list(re.finditer(r"(?<![\d.,:/-])(\d{1,3})\.(\d{1,2})(?![\d.,:/-]|\d|\s?[ap]\.?m)", text))
    grouped = list(re.finditer(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+)(?![\d.,]\d)", text))
    match = _pick(decimals + grouped, rng)
    if not match:
        return None
    if match in decimals:
        shifted = [f"{match[1]}{match[2]}".lstrip("0") or "0", f"0.{match[1]}{match[2]}"]
        return _replace(text, match, rng.choice(shifted))
    number = int(match[0].replace(",", ""))
    return _replace(text, match, f"{rng.choice([number * 10, number // 10 or 1, number // 1000 or 1]):,}")


def word(text: str, rng: random.Random) -> str | None:
    """A number word from two to twelve becomes another."""
    match = _pick(list(re.finditer(rf"\b({'|'.join(WORDS)})\b", text)), rng)
    return _replace(text, match, rng.choice([other for other in WORDS if other != match[1]])) if match else None


def tens(text: str, rng: random.Random) -> str | None:
    """A number word from twenty to ninety becomes another, alone or before a hyphen."""
    match = _pick(list(re.finditer(rf"\b({'|'.join(TENS)})\b", text)), rng)
    return _replace(text, match, rng.choice([other for other in TENS if other != match[1]])) if match else None


def money(text: str, rng: random.Random) -> str | None:
    """Euros become dollars, dollars and pounds become euros."""
    match = _pick(list(re.finditer(r"[€$£](?=\d)|\b(?:euros?|dollars?)\b", text)), rng)
    if not match:
        return None
    other = {"€": "$", "$": "€", "£": "€"}.get(match[0]) or ("dollars" if match[0].startswith("euro") else "euros")
    return _replace(text, match, other)


def points(text: str, rng: random.Random) -> str | None:
    """Per cent become percentage points."""
    match = _pick(list(re.finditer(r"(?<=\d)( ?%| per ?cent\b)(?! points?)", text)), rng)
    return _replace(text, match, " percentage points") if match else None


def hour(text: str, rng: random.Random) -> str | None:
    """a.m. and p.m. swapped."""
    match = _pick(list(re.finditer(r"(?<=\d)\s?([ap])(?=\.?m\b)", text)), rng)
    return _replace(text, match, " p" if match[1] == "a" else " a") if match else None


def month(text: str, rng: random.Random) -> str | None:
    match = _pick(list(re.finditer(rf"\b({'|'.join(MONTHS)})\b", text)), rng)
    return _replace(text, match, rng.choice([other for other in MONTHS if other != match[1]])) if match else None


def weekday(text: str, rng: random.Random) -> str | None:
    match = _pick(list(re.finditer(rf"\b({'|'.join(WEEKDAYS)})\b", text)), rng)
    return _replace(text, match, rng.choice([other for other in WEEKDAYS if other != match[1]])) if match else None


PLANTS: dict[str, Callable[[str, random.Random], str | None]] = {
    "digit": digit, "deleted": deleted, "scale": scale, "shift": shift, "word": word, "tens": tens, "money": money,
    "points": points, "hour": hour, "month": month, "weekday": weekday,
}  # fmt: skip
