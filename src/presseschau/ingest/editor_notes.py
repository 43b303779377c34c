"""Notes of the editors: corrections, transparency notes, "Anm. d. Red."; kept, but not part of the report."""

from __future__ import annotations

import re
from typing import Final

from presseschau.ingest.blocks import HEADING_LENGTH

_NOTE: Final = re.compile(
    r"[(\[*_+\s]*(?:"
    r"Anm(?:\.|erkung(?:en)?)\s?(?:d\.|der|von der)\s?(?:Red(?:\.|aktion)|Autor(?:in|s|en)?)(?!\w)"
    r"|(?:Hinweis|Information)\s+(?:der|von der)\s+Redaktion"
    r"|(?i:Korrektur(?:hinweis)?|Korrigiert|Berichtigt|Berichtigung|Richtigstellung|Klarstellung|Transparenz(?:hinweis)?"
    r"|Offenlegung|Gegendarstellung"
    r"|Redaktioneller Hinweis|Hinweis|Achtung Redaktionen|Redaktionshinweis|Wiederholung)\s*(?:\([^)]*\)"
    r"|vom [^:]{4,30})?\s*:"
    r"|In (?:einer|der) (?:früheren|vorherigen|ersten|älteren|vorigen|ursprünglichen) (?:Version|Fassung)"
    r"|(?:Wir|In einer) [^.]{0,80}(?:Fehler|Angabe)[^.]{0,60}(?:korrigiert|berichtigt)"
    r"|Diese[rs]? (?:Artikel|Text|Beitrag|Meldung|Version)(?: wurde| ist).{0,80}?"
    r"(?:aktualisiert|korrigiert|ergänzt|berichtigt|überarbeitet|geändert|erstmals|zuerst)"
    r"|(?:Der Artikel|Der Beitrag|Die Meldung) wurde.{0,60}?(?:aktualisiert|korrigiert|berichtigt)"
    r"|(?:[Bb]erichtigt|Berichtigte Fassung|Korrigierte Fassung|Wdh)\b\s*(?::|$|-|–)(?:[^.]|(?<=\d)\.){0,60}[)\]]?$"
    r"|(?<=[(\[])(?:\d\.\s|[^.()]){0,120}\b(?:Absatz|Absätze|Satz|Überschrift|Vorspann|Zeile)\b[^()]{0,120}"
    r"(?:berichtigt|korrigiert|geändert|ergänzt|aktualisiert)\b[^()]{0,80}[)\]]$"
    r"|(?<=[(\[])(?:[Bb]erichtigt wird|(?:\w+ )?(?:Zusammenfassung|Aktualisierung|Neufassung)\b[^()]*[)\]]$"
    r"|(?:[Dd]urchgehend )?[Nn]eu:|(?:Reporter|Bericht|Geschrieben|Redigiert)\w*(?: von|:) )"
    r"|(?:\+\+\+\s*)?(?:EILMELDUNG|Eilmeldung|BLITZ|EIL)(?:\s*\+\+\+)?$"
    r"|Dies ist eine (?:Eilmeldung|aktualisierte|korrigierte)\b[^.]{0,80}"
    r"|(?:Die |Diese )?Meldung wird (?:laufend |fortlaufend )?aktualisiert"
    r"|(?:Das|Dieses|Dieser|Diese) (?:Interview|Gespräch) (?:wurde|ist|führte)[^.]{0,80}(?:autorisiert"
    r"|gekürzt|geführt|aufgezeichnet|zuerst|redigiert)"
    r"|(?:Das )?(?:Interview|Gespräch) führten? "
    r"|(?:Mehr|Weitere Informationen) in Kürze|Weitere Informationen folgen|Wir aktualisieren diese Meldung"
    r"|Mehr dazu in Kürze"
    r")"
)
_SHORT: Final = 700
_BRACKET_BEFORE: Final = re.compile(r"[(\[][^)\]]*[)\]]\s*[\w„»]")
"""A bracket that text follows: a mark on a headline ("(Berichtigt: Zahl der Betten) Klinik schließt Station")."""
_CORRECTION: Final = re.compile(
    r"(?:Berichtigung|Korrektur|Richtigstellung|Klarstellung|Gegendarstellung|Berichtigt|Korrigiert)\s*"
    r"(?:\([^)]*\)|vom [^:]{4,30})?\s*[:–-]\s*\S",
    re.IGNORECASE,
)
_ABOUT_THE_TEXT: Final = re.compile(
    r"\b(?:Version|Fassung|Absatz|Absätze|Satz|Zeile|Überschrift|Titel|Vorspann|Schreibweise|Tippfehler|Schreibfehler"
    r"|(?:Artikel|Text|Beitrag|Meldung|Bericht)s?)\b"
)


def is_note(text: str) -> bool:
    """Is the paragraph, or the sentence in brackets, a note of the editors?"""
    return len(text) <= _SHORT and _NOTE.match(text) is not None and not _BRACKET_BEFORE.match(text)


def is_bracketed_note(sentence: str) -> bool:
    """Is the sentence wholly in brackets and a note? A note inside a sentence stays where it is."""
    return sentence[:1] in "([" and sentence.rstrip(".")[-1:] in ")]" and is_note(sentence)


def can_head(note: str) -> bool:
    """Could the note be the headline of a correction ("Berichtigung: Osterfeld hatte eine Versicherung")?

    A headline says what is true now; a note speaks of the text that was changed.
    """
    return len(note) <= HEADING_LENGTH and bool(_CORRECTION.match(note)) and not _ABOUT_THE_TEXT.search(note)
