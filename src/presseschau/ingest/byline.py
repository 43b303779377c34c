"""The line that names the author."""

from __future__ import annotations

import re
from typing import Final

from presseschau.ingest.agencies import NAME

_PARTICLE: Final = r"(?:von|van|de|der|den|da|di|el|al|zu|zur|la|le|bin|ten|ter|dos|und zu)"
_PART: Final = r"[A-ZÄÖÜÀ-Þ][\w’'.-]++"
_NAME: Final = rf"(?:(?:Prof|Dr|Mag|Dipl)\.\s?(?:\w+\.\s)?)*{_PART}(?: {_PARTICLE})*(?: {_PART}){{1,3}}"
_TASK: Final = r"(?:\s+\((?:Text|Texte|Foto|Fotos|Bild|Bilder|Video|Grafik|Daten|Illustration|Recherche)\))?"
_AND: Final = r"(?:\s*[,/&|]\s*|\s+und\s+|\s+sowie\s+)"
_AGENCIES: Final = rf"(?:(?:{_AND}|\s+mit\s+){NAME})*"
_NAMES: Final = rf"(?P<names>{_NAME}{_TASK}(?:{_AND}{_NAME}{_TASK})*)"
_PLACE: Final = (
    r"(?:(?:\s*[,/|–-]\s*|\s+in\s+|\s+aus\s+)(?:z\.\s?Zt\.\s)?[A-ZÄÖÜ][\w/. -]{1,40}"
    r"|\s*\([\w. /-]{2,30}\))?"
)
_GENRE: Final = (
    r"(?:(?:Ein|Eine|Der|Die)\s)?(?:(?:\w+\s)?(?:Kommentar|Analyse|Gastbeitrag|Gastkommentar|Interview"
    r"|Reportage|Essay|Kolumne|Porträt|Bericht|"
    r"Leitartikel|Glosse|Rezension|Kritik|Meinungsbeitrag|Beitrag|Recherche|Text|Fragen|Nachruf)\s)"
)
_BYLINE: Final = (
    re.compile(rf"(?:{_GENRE})?(?:Von|von|VON)\s*:?\s+{_NAMES}{_PLACE}{_AGENCIES}\.?"),
    re.compile(
        rf"(?:Autor(?:in|en|innen|:in)?|Text|Interview|Protokoll|Bericht|Redaktion|Verfasst von"
        rf"|Geschrieben von|Ein Beitrag von|Autor/in|Verfasser)"
        rf"\s*:?\s+{_NAMES}{_PLACE}\.?"
    ),
    re.compile(rf"Aus\s+[A-ZÄÖÜ][\w -]{{2,30}}\s+(?:berichtet|berichten)\s+{_NAMES}\.?"),
    re.compile(rf"{_NAMES}\s+(?:berichtet|berichten)\s+aus\s+[A-ZÄÖÜ][\w -]{{2,30}}"),
)
_PICTURES: Final = re.compile(r"\((?:Fotos?|Bilder|Bild|Video|Grafik|Illustration)\)$")
_OFFICE: Final = re.compile(
    r"(?:von|Von|VON)\s+(?:unsere[nmr]\s+)?(?:\w+\s)?(?:Redaktion|Korrespondent\w*|Mitarbeiter\w*"
    r"|Reporter\w*|Agenturen|dpa|APA|AFP|Redakteur\w*)(?:\s[A-ZÄÖÜ]\S+){0,4}"
)
_STAFF: Final = re.compile(
    r"(?:von|Von|VON)\s+unsere[nmr]\s+(?:\w+\s)?(?:Redaktionsmitglied\w*|\w*[Kk]orrespondent\w*"
    rf"|\w*[Mm]itarbeiter\w*|\w*[Rr]eporter\w*|\w*[Rr]edakt(?:eu|o)r\w*)(?:\s+{_NAMES}{_PLACE})?"
)
_BARE: Final = re.compile(rf"{_NAMES}")
_ADDRESS: Final = re.compile(r"\s*[(\[<|,]?\s*[\w.+-]+@[\w.-]+\.\w{2,}\s*[)\]>]?$")
_LONGEST: Final = 140


def read_byline(line: str) -> str | None:
    """The authors named in a line that does nothing else; "" when it names an office ("Von unserer Redaktion")."""
    if len(line) > _LONGEST:
        return None
    line = _ADDRESS.sub("", line) if "@" in line else line
    for pattern in _BYLINE:
        match = pattern.fullmatch(line)
        if match:
            return _writers(match["names"])
    staff = _STAFF.fullmatch(line)
    if staff:
        return _writers(staff["names"] or "")
    return "" if _OFFICE.fullmatch(line) else None


def _writers(names: str) -> str:
    """The names without those who took the pictures, and without the word for what the others did."""
    people = re.split(r"\s*[,/&|]\s*|\s+und\s+|\s+sowie\s+", names)
    writers = [re.sub(r"\s+\(.*\)$", "", name) for name in people if not _PICTURES.search(name)]
    return ", ".join(writers)


def bare_names(line: str) -> str | None:
    """The line if it is nothing but one or two personal names, as authors stand under a headline."""
    return line if len(line) <= 60 and _BARE.fullmatch(line) and len(line.split()) <= 7 else None
