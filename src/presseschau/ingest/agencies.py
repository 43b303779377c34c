"""News agencies: where a text names them as its source. The names are rows of `agencies.csv`."""

from __future__ import annotations

from presseschau.lang import regex, vocabulary


def agency_in(text: str, *, dateline: bool = False) -> str | None:
    """The agencies named in a credit or dateline, in their usual spelling, joined by "/"; None if there is none.

    Desk marks ("dpa/lni") are no agencies and are left out.
    """
    known, also_words = (vocabulary("de", "agencies", use, lower=True) for use in ("", "also_word"))
    found = []
    for match in regex("de", "credits", "agency").finditer(text):
        name = known[match.group().lower()]
        if dateline or match.group().lower() not in also_words or match.group() == name:
            found.append(name)
    return "/".join(dict.fromkeys(found)) or None
