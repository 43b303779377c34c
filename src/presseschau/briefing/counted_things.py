"""What the news counts: the German words for it, its English name, and whether all reports of an event count the same.

The dead and the injured of an event they do; jobs and people not: 420 may go while 1,150 exist. Written for this
project.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Thing(NamedTuple):
    """`strong`: two figures for it in reports of one event are figures for the same. `people`: it counts persons."""

    name: str
    english: str
    strong: bool
    people: bool
    words: re.Pattern[str]


def _thing(name: str, english: str, words: str, *, strong: bool = True, people: bool = False) -> Thing:
    return Thing(name, english, strong, people, re.compile(rf"(?:{words})\Z"))


COUNTED = (
    _thing("dead", "people killed", r"tote[nr]?|todesopfern?|todesfälle?n?|getötet\w*|gestorbenen?|starb(?:en)?"
           r"|leichen?|umgekommen", people=True),
    _thing("injured", "people injured", r"\w*verletzt(?:e[nr]?)?", people=True),
    _thing("missing", "people missing", r"vermisst(?:e[nr]?)?|vermißt(?:e[nr]?)?", people=True),
    _thing("arrested", "people arrested", r"fest(?:ge)?nahmen?|festgenommen\w*|verhaftet\w*|verhaftungen", people=True),
    _thing("infected", "people infected", r"\w*infiziert\w*|\w*infektionen|erkrankt\w*", people=True),
    _thing("evacuated", "people evacuated", r"evakuiert\w*|evakuierungen", people=True),
    _thing("rescued", "people rescued", r"gerettet\w*", people=True),
    _thing("aboard", "people on board", r"\w*fahrgästen?|\w*passagieren?|insassen", people=True),
    _thing("demonstrators", "demonstrators", r"demonstrant\w*|demonstrier\w*|protestier\w*|\w*teilnehmern?"
           r"|\w*teilnehmerinnen", people=True),
    _thing("visitors", "visitors", r"\w*besucher(?:n|innen)?|\w*zuschauer(?:n|innen)?", people=True, strong=False),
    _thing("responders", "emergency workers", r"\w*kräften?|feuerwehr(?:leuten?|männern?)|helfern?|\w*polizist\w*"
           r"|\w*beamten?", people=True, strong=False),
    _thing("staff", "employees", r"beschäftigten?|mitarbeitern?|mitarbeiterinnen|angestellten?|arbeitnehmern?",
           people=True, strong=False),
    _thing("jobs", "jobs", r"stellen|\w*arbeitsplätzen?|jobs", strong=False),
    _thing("people", "people", r"menschen|personen|leuten?|bürgern?|bürgerinnen|ein-?wohnern?|bewohnern?|betroffenen?"
           r"|anwohnern?|männern?|frauen|kindern?|kunden|patienten", people=True, strong=False),
)  # fmt: skip
MONEY = (
    _thing("damage", "damage", r"\w*schadens?|\w*schäden"),
    _thing("ransom", "ransom", r"lösegeld(?:e?s|forderung)?"),
    _thing("fine", "fine", r"bußgeld\w*|geldstrafe|geldbuße"),
    _thing("loot", "loot", r"beute"),
    _thing("fee", "transfer fee", r"ablöse(?:summe|forderung)?"),
    _thing("cost", "cost", r"(?:bau|gesamt|mehr)?kosten", strong=False),
    _thing("turnover", "turnover", r"\w*umsatz(?:es)?", strong=False),
    _thing("profit", "profit", r"\w*gewinns?", strong=False),
    _thing("loss", "loss", r"\w*verlusts?", strong=False),
)  # fmt: skip
CUT = re.compile(
    r"(?:streich\w*|gestrichen\w*|abbau\w*|ab(?:zu|ge)bau\w*|weg(?:zu|ge)?fallen\w*|wegfall\w*|entfallen|\w*stellenabbau\w*"
    r"|kürz\w*|gekürzt\w*|verloren|verlieren|bangen)\Z"
)
"""What happens to the jobs that go; with it jobs and staff are one thing, too."""
GRADES = re.compile(r"(schwer|leicht|lebensgefährlich|tödlich|schwerst|mittelschwer)")
"""How badly: 14 injured and two badly injured do not contradict each other."""


@lru_cache(maxsize=8192)
def thing(word: str, money: bool = False) -> Thing | None:
    """What a German word (lower case) names or says of those counted, if it is in the table."""
    return next((one for one in (MONEY if money else COUNTED) if one.words.match(word)), None)
