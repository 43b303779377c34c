"""Captions and credits: what belongs to a picture, and who is named as the source of the text."""

from __future__ import annotations

import re
from typing import Final, Literal

from presseschau.ingest.agencies import NAME, agency_in
from presseschau.ingest.dates import read_line
from presseschau.ingest.sentences import split

_PICTURE: Final = (
    r"(?:Foto|Fotos|Bild|Bilder|Grafik|Karte|Archivbild|Archivfoto|Symbolbild|Symbolfoto|Illustration|Video"
    r"|Screenshot|Montage|"
    r"Bildquelle|Bildrechte|Fotograf|Photo|Credit|Copyright|Rechte|picture[ -]alliance|Getty Images|IMAGO"
    r"|imago images|imago)"
)
_LONGEST_CAPTION: Final = 350
_CREDIT_LINE: Final = re.compile(
    r"(?:@|©|\(c\)|Quellen?\s*:|Copyright\b|Credits?\s*:)\s*\S.{0,118}|AXC\d{4} .{10,20}"
    r"|\w{2,12} \([a-z]{2,4}\)(?:/\w{2,6})+"
    r"|(?:\w{2,5}\s*/\s*)?mit (?:Informationen|Material|Agenturmaterial) (?:von|der|des) [^.!?]{2,80}",
    re.IGNORECASE,
)
_PICTURE_LINE: Final = re.compile(rf"[(\[|]?\s*{_PICTURE}\s*(?::|©|\(c\)).{{1,118}}", re.IGNORECASE)
_SIGNED: Final = re.compile(
    rf"[(\[]?\s*(?:mit\s+(?:Material|Informationen|Agenturmaterial)\s+(?:von"
    rf"|der)\s+(?:der\s+)?)?{NAME}(?:\.(?:de|com|at|ch))?"
    rf"(?:\s*(?:/\s*[\w.-]{{2,20}}(?: [\w.-]{{2,20}})?|(?:[,&+;]|und|mit)\s*[\w.-]{{2,20}})){{0,5}}\s*[)\]]?\.?",
    re.IGNORECASE,
)
_DESKS: Final = re.compile(r"\(Schluss\)[\w/+ ]{0,24}|(?:-{2,3}\s*)?/?[A-Za-zÄÖÜäöü]{2,4}(?:/[A-Za-zÄÖÜäöü]{2,4}){1,4}")
_OUTLET: Final = re.compile(
    r"(?:@|©|\(c\)|Quellen?\s*:|Copyright\b)?\s*(?:(?:19"
    r"|20)\d\d\s+)?(?P<name>[A-ZÄÖÜ][\w.&-]+(?: [\w.&-]+){0,4}|[\w-]+\.\w{2,3})(?:\s*/\s*\w{2,4})*"
)
_DESK_AT_END: Final = re.compile(r"/\s*[a-zäöü]{2,4}$")
_LONGEST_SIGNATURE: Final = 60
_LONGEST_CREDIT: Final = 120
_CREDIT_LINES: Final = (_CREDIT_LINE, _SIGNED, _DESKS)
_DPA_ID: Final = re.compile(r"dpa:\d{6}-\d+-\d+/\d+")
_CAPTION_START: Final = re.compile(
    r"(?:Bild|Foto|Bildunterschrift|Archivbild|Archivfoto|Symbolbild|Symbolfoto|Im Bild|Video|Grafik"
    r"|Karte)\s*:\s*\S",
    re.IGNORECASE,
)
_CAPTION_END: Final = re.compile(
    rf"(?:[(\[|/–-]?\s*{_PICTURE}s?\s*(?::|©|/)\s*[^.!?\n]{{2,80}}|©\s*[^.!?\n]{{2,80}}|[(\["
    rf"|]\s*(?:{_PICTURE}|{NAME}/)[^.!?\n]{{0,80}})[)\]]?\.?$"
    r"|\(Quelle:\s*[^()]{2,50}/[^()]{2,30}\)$"
)
_BETWEEN_NAMES: Final = frozenset(
    {"und", "von", "via", "über", "van", "de", "der", "dpa", "afp", "privat", "images", "alliance"}
)
_FEWEST_DESCRIBING: Final = 2
_PICTURE_WORDS: Final = (
    "foto",
    "bild",
    "grafik",
    "karte",
    "photo",
    "video",
    "credit",
    "copyright",
    "rechte",
    "illustration",
    "screenshot",
    "montage",
    "picture",
    "getty",
    "imago",
    "©",
    "/",
)
_TRAILING: Final = re.compile(r"(?<=[.!?…\"“”«»])\s*(?P<credit>\((?P<inside>[^()]{2,90})[)=]?=?)\s*$")
_INNER: Final = re.compile(r"(?<=[.!?…\"“”«»])\s+\((?P<inside>[^()]{2,90})\)\s+(?=[A-ZÄÖÜ„\"»])")
_TRAILING_BARE: Final = re.compile(
    r"(?<=[.!?…\"“”«»])\s*(?P<credit>(?:[–-] )?"
    r"(?P<inside>(?<=\s)/?(?:dpa|apa|afp|rtr|sda|epd|kna|dts)(?:/\w+)*|/[a-z]{2,4}(?:/[a-z]{2,4})+/?))\s*$",
)
_DESK: Final = re.compile(r"(?:red|rtr|fk|[a-zäöü]{2,4}|[A-Z]{2,4})(?:\s*[,/]\s*(?:[a-zäöü]{2,4}|[A-Z]{2,4}))*")
_PERSON: Final = re.compile(r"[A-ZÄÖÜ][\w’'.-]+(?: (?:von|van|de|der|zu))*(?: [A-ZÄÖÜ][\w’'.-]+){1,3}")


def read_credit(line: str) -> Literal["credit", "caption"] | None:
    """Is the line a credit ("@ dpa.de", "(dpa/lni)", "Foto: ...") or a caption that ends in one?"""
    if len(line) > _LONGEST_CAPTION:
        return None
    if len(line) <= _LONGEST_CREDIT and (any(p.fullmatch(line) for p in _CREDIT_LINES) or _DPA_ID.search(line)):
        return None if len(split(line)) > 1 and not line.startswith(("@", "©", "(")) else "credit"
    if _trailing_credit(line) and line.startswith("("):
        return "credit"
    if _PICTURE_LINE.fullmatch(line) and _names_only(line.partition(":")[2]):
        return "credit"
    return "caption" if _is_caption(line) else None


def _names_only(text: str) -> bool:
    """Do names stand behind "Foto:", and no description?"""
    lower = [word for word in re.findall(r"[^\W\d_]{2,}", text) if word[0].islower() and word not in _BETWEEN_NAMES]
    return len(lower) < _FEWEST_DESCRIBING or (agency_in(text) is not None and len(lower) <= _FEWEST_DESCRIBING)


def _is_caption(line: str) -> bool:
    end = line[-160:]
    credited = any(word in end.lower() for word in _PICTURE_WORDS) and _CAPTION_END.search(end)
    return bool(credited or _CAPTION_START.match(line)) and len(split(line)) <= 3


def _trailing_credit(line: str) -> bool:
    match = re.fullmatch(r"\((?P<inside>[^()]{2,90})[)=]?=?", line)
    return match is not None and _is_source(match["inside"])


def _is_source(inside: str) -> bool:
    """Does a bracket at the end of an article name agencies, a desk, or a person with a date?"""
    stamps, rest = read_line(inside)
    rest = rest.strip(" ,;/")
    if agency_in(rest) is not None:
        return len(rest.split()) <= 6
    if _DESK.fullmatch(rest):
        return bool(stamps) or rest.islower()
    names = re.split(r"[,/&]| und ", rest) if rest else []
    return bool(stamps) and all(_PERSON.fullmatch(name.strip()) for name in names)


def trailing_credit(text: str) -> int | None:
    """Where a credit begins that closes a paragraph ("... werden. (APA, 28.4.2016)"), or None."""
    match = _TRAILING.search(text, max(0, len(text) - 110)) or _TRAILING_BARE.search(text, max(0, len(text) - 40))
    if match and _is_source(match["inside"].strip("/")):
        return match.start("credit")
    return None


def inner_credit(text: str) -> tuple[int, int] | None:
    """Where a credit with a date stands that closes the article inside a paragraph, or None: in texts without line
    breaks the results of the matches follow it ("... werden. (APA, 28.4.2016) Tabelle: ...")."""
    for match in _INNER.finditer(text):
        if read_line(match["inside"])[0] and _is_source(match["inside"]):
            return match.start("inside") - 1, match.end("inside") + 1
    return None


def outlet_in(credit: str) -> str | None:
    """The newspaper or site in a credit ("© Oberelbe-Zeitung", "Donau-Anzeiger / kre"), or None."""
    match = _OUTLET.fullmatch(credit)
    if match is None or agency_in(match["name"]) is not None:
        return None
    return match["name"]


def is_signature(line: str) -> bool:
    """Is a last line nothing but a name with a desk mark ("Thüringer Rundblick / rb")?"""
    return len(line) <= _LONGEST_SIGNATURE and _DESK_AT_END.search(line) is not None and outlet_in(line) is not None


def credited_person(credit: str) -> str | None:
    """The author in a credit such as "(Maria Muster, 2.3.2016)", or None."""
    _, rest = read_line(credit.strip("()= "))
    names = [name.strip() for name in re.split(r"[,/&]| und ", rest) if name.strip()]
    people = [name for name in names if _PERSON.fullmatch(name) and agency_in(name) is None]
    return ", ".join(people) or None
