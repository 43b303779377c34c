"""Who wrote it and where it comes from: bylines, agencies, captions and credits."""

from __future__ import annotations

import re
from functools import partial
from typing import Final, Literal

from presseschau.ingest.dates import read_line
from presseschau.ingest.sentences import split
from presseschau.lang import SOURCE, any_of, regex, rules, vocabulary
from presseschau.patterns import late


def agency_in(text: str, *, dateline: bool = False) -> str | None:
    """The agencies named in a credit or dateline, in their usual spelling, joined by "/"; None if there is none.

    Desk marks ("dpa/lni") are not agencies and are left out. A name that is a word too counts in capitals or as a site
    ("@ sid.de").
    """
    known, also_words = (vocabulary(SOURCE, "agencies", use, lower=True) for use in ("", "also_word"))
    found = []
    for match in regex(SOURCE, "credits", "agency").finditer(text):
        name = known[match.group().lower()]
        site = re.match(r"\.[a-z]{2,3}\b", text[match.end() :]) is not None
        if dateline or site or match.group().lower() not in also_words or match.group() == name:
            found.append(name)
    return "/".join(dict.fromkeys(found)) or None


_byline = partial(regex, SOURCE, "byline")

_ADDRESS: Final = late(r"\s*[(\[<|,]?\s*[\w.+-]+@[\w.-]+\.\w{2,}\s*[)\]>]?$")
_LONGEST: Final = 140


def read_byline(line: str) -> str | None:
    """The authors named in a line that does nothing else; "" when it names an office ("Von unserer Redaktion")."""
    if len(line) > _LONGEST:
        return None
    line = _ADDRESS.sub("", line) if "@" in line else line
    for rule in rules(SOURCE, "byline").values():
        match = rule.regex.fullmatch(line) if rule.kind == "author" else None
        if match:
            return _writers(match["names"])
    staff = _byline("staff").fullmatch(line)
    if staff:
        return _writers(staff["names"] or "")
    return "" if _byline("office").fullmatch(line) else None


def _writers(names: str) -> str:
    """The names without those who took the pictures, and without the word for what the others did."""
    people = re.split(r"\s*[,/&|]\s*|\s+und\s+|\s+sowie\s+", names)
    writers = [re.sub(r"\s+\(.*\)$", "", name) for name in people if not _byline("pictures").search(name)]
    return ", ".join(writers)


def bare_names(line: str) -> str | None:
    """The line if it is nothing but one or two personal names, as authors stand under a headline."""
    return line if len(line) <= 60 and _byline("bare").fullmatch(line) and len(line.split()) <= 7 else None


_rule = partial(regex, SOURCE, "credits")

_LONGEST_CAPTION: Final = 350
_LONGEST_SIGNATURE: Final = 60
_LONGEST_CREDIT: Final = 120
_FEWEST_DESCRIBING: Final = 2


def read_credit(line: str) -> Literal["credit", "caption"] | None:
    """Is the line a credit ("@ dpa.de", "(dpa/lni)", "Foto: ...") or a caption that ends in one?"""
    if len(line) > _LONGEST_CAPTION:
        return None
    if len(line) <= _LONGEST_CREDIT and (
        any_of(SOURCE, "credits", "line").fullmatch(line) or _rule("dpa_id").search(line)
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
        if word[0].islower() and word not in vocabulary(SOURCE, "credits", "between")
    ]
    return len(lower) < _FEWEST_DESCRIBING or (agency_in(text) is not None and len(lower) <= _FEWEST_DESCRIBING)


def _is_caption(line: str) -> bool:
    end = line[-160:]
    credited = any(word in end.lower() for word in vocabulary(SOURCE, "credits", "picture")) and regex(
        SOURCE, "credits", "caption_end"
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
    match = _rule("trailing").search(text, max(0, len(text) - 110)) or regex(SOURCE, "credits", "trailing_bare").search(
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


def paper_in(rest: str) -> str | None:
    """The newspaper that a line with a date names beside it ("Heidebote", "Kleine Rundschau, Seite 4"), or None."""
    match = _rule("paper").fullmatch(rest)
    return match["name"] if match else None


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
