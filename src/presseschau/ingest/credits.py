"""Captions and credits: what belongs to a picture, and who is named as the source of the text."""

from __future__ import annotations

import re
from functools import partial
from typing import Final, Literal

from presseschau.ingest.agencies import agency_in
from presseschau.ingest.dates import read_line
from presseschau.ingest.sentences import split
from presseschau.lang import any_of, regex, vocabulary

_rule = partial(regex, "de", "credits")

_LONGEST_CAPTION: Final = 350
_LONGEST_SIGNATURE: Final = 60
_LONGEST_CREDIT: Final = 120
_FEWEST_DESCRIBING: Final = 2


def read_credit(line: str) -> Literal["credit", "caption"] | None:
    """Is the line a credit ("@ dpa.de", "(dpa/lni)", "Foto: ...") or a caption that ends in one?"""
    if len(line) > _LONGEST_CAPTION:
        return None
    if len(line) <= _LONGEST_CREDIT and (
        any_of("de", "credits", "line").fullmatch(line) or _rule("dpa_id").search(line)
    ):
        return None if len(split(line)) > 1 and not line.startswith(("@", "©", "(")) else "credit"
    if _trailing_credit(line) and line.startswith("("):
        return "credit"
    if _rule("picture_line").fullmatch(line) and _names_only(line.partition(":")[2]):
        return "credit"
    return "caption" if _is_caption(line) else None


def _names_only(text: str) -> bool:
    """Do names stand behind "Foto:", and no description?"""
    lower = [
        word
        for word in re.findall(r"[^\W\d_]{2,}", text)
        if word[0].islower() and word not in vocabulary("de", "credits", "between")
    ]
    return len(lower) < _FEWEST_DESCRIBING or (agency_in(text) is not None and len(lower) <= _FEWEST_DESCRIBING)


def _is_caption(line: str) -> bool:
    end = line[-160:]
    credited = any(word in end.lower() for word in vocabulary("de", "credits", "picture")) and regex(
        "de", "credits", "caption_end"
    ).search(end)
    return bool(credited or _rule("caption_start").match(line)) and len(split(line)) <= 3


def _trailing_credit(line: str) -> bool:
    match = re.fullmatch(r"\((?P<inside>[^()]{2,90})[)=]?=?", line)
    return match is not None and _is_source(match["inside"])


def _is_source(inside: str) -> bool:
    """Does a bracket at the end of an article name agencies, a desk, or a person with a date?"""
    stamps, rest = read_line(inside)
    rest = rest.strip(" ,;/")
    if agency_in(rest) is not None:
        return len(rest.split()) <= 6
    if _rule("desk").fullmatch(rest):
        return bool(stamps) or rest.islower()
    names = re.split(r"[,/&]| und ", rest) if rest else []
    return bool(stamps) and all(_rule("person").fullmatch(name.strip()) for name in names)


def trailing_credit(text: str) -> int | None:
    """Where a credit begins that closes a paragraph ("... werden. (APA, 28.4.2016)"), or None."""
    match = _rule("trailing").search(text, max(0, len(text) - 110)) or regex("de", "credits", "trailing_bare").search(
        text, max(0, len(text) - 40)
    )
    if match and _is_source(match["inside"].strip("/")):
        return match.start("credit")
    return None


def inner_credit(text: str) -> tuple[int, int] | None:
    """Where a credit with a date stands that closes the article inside a paragraph, or None: in texts without line
    breaks the results of the matches follow it ("... werden. (APA, 28.4.2016) Tabelle: ...")."""
    for match in _rule("inner").finditer(text):
        if read_line(match["inside"])[0] and _is_source(match["inside"]):
            return match.start("inside") - 1, match.end("inside") + 1
    return None


def outlet_in(credit: str) -> str | None:
    """The newspaper or site in a credit ("© Oberelbe-Zeitung", "Donau-Anzeiger / kre"), or None."""
    match = _rule("outlet").fullmatch(credit)
    if match is None or agency_in(match["name"]) is not None:
        return None
    return match["name"]


def is_signature(line: str) -> bool:
    """Is a last line nothing but a name with a desk mark ("Thüringer Rundblick / rb")?"""
    return (
        len(line) <= _LONGEST_SIGNATURE
        and _rule("desk_at_end").search(line) is not None
        and outlet_in(line) is not None
    )


def credited_person(credit: str) -> str | None:
    """The author in a credit such as "(Maria Muster, 2.3.2016)", or None."""
    _, rest = read_line(credit.strip("()= "))
    names = [name.strip() for name in re.split(r"[,/&]| und ", rest) if name.strip()]
    people = [name for name in names if _rule("person").fullmatch(name) and agency_in(name) is None]
    return ", ".join(people) or None
