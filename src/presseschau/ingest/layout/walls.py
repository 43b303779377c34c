"""Paywalls and cookie walls: what a page shows instead of an article."""

from __future__ import annotations

import re
from typing import Final

_PITCH: Final = re.compile(
    r"\b(?:"
    r"(?:Dieser|Der vollständige|Der ganze|Den vollständigen|Den ganzen) (?:Artikel|Text|Beitrag|Inhalt)[^.]{0,50}"
    r"(?:nur|exklusiv|Abo|Plus|kostenpflichtig|Abonnent)"
    r"|(?:Jetzt|Hier) (?:weiterlesen|freischalten)\b|(?:Artikel|Beitrag) (?:jetzt )?freischalten"
    r"|Weiterlesen mit\b|Mit [\w+-]+(?: [\w+-]+)? weiterlesen\b"
    r"|Um (?:den Artikel )?(?:weiter\s?zu\s?lesen|weiterlesen zu können)"
    r"|Sie (?:haben|sind) (?:bereits|schon) (?:ein(?:en)? )?(?:Abo|Zugang|Abonnent|registriert|Konto|Digitalabo)"
    r"|Bereits (?:Abonnent|registriert|Kunde|ein Abo)|Schon Abonnent"
    r"|Jetzt \d+ (?:Tage|Wochen|Monate?)\b"
    r"|Jetzt (?:Abo|Digitalabo|Probeabo|kostenlos registrieren|kostenlos testen|abonnieren)\b"
    r"|Abo (?:abschließen|testen|wählen)|Testen Sie [^.]{0,40}(?:Abo|Monat|Plus|Premium|kostenlos)"
    r"|Loggen Sie sich (?:bitte )?ein|Bitte (?:melden Sie sich an|loggen|registrieren)|Kostenlos registrieren und"
    r"|Wählen Sie (?:jetzt )?Ihr (?:Abo|Angebot)|Ihr (?:Abo|Zugang) [^.]{0,30}(?:gratis|kostenlos|Monat)"
    r"|Lesen Sie (?:diesen Artikel )?weiter mit"
    r")",
)
_OFFER: Final = re.compile(
    r"\b(?:"
    r"(?:nur|exklusiv) für (?:(?:unsere|registrierte|angemeldete|digitale) )?"
    r"(?:Abonnent|Mitglieder|Nutzer|Leser|Plus-|Premium)"
    r"|(?:Monat|Monate|Wochen|Tage) (?:gratis|kostenlos|für nur|für \d|für 0)|(?:[Jj]ederzeit|monatlich) kündbar"
    r"|(?:unbegrenzter?|vollen?|uneingeschränkter?) Zugang zu (?:allen|unseren)"
    r"|Zugriff auf alle (?:Artikel|Inhalte|Plus)"
    r"|Artikel (?:nur )?mit (?:[\w+-]+-)?Abo|Plus-Artikel|(?:\w+\+|Plus|Premium)-(?:Artikel|Abo|Zugang|Inhalt)"
    r")",
)
_CUT_SHORT: Final = re.compile(
    r"(?:der (?:weitere|restliche|vollständige) (?:Text|Artikel|Inhalt)"
    r"|um (?:den Artikel )?weiter\s?zu\s?lesen|(?:nur|exklusiv) für [^.]{0,30}(?:abonnent|mitglied|plus"
    r"|premium)|jetzt weiterlesen|mit [\w+-]+ weiterlesen)",
    re.IGNORECASE,
)
_BREAKS_OFF: Final = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|\b(?:weiterlesen|mehr lesen)\b\W*)\s*$", re.IGNORECASE)
_COOKIE: Final = re.compile(
    r"(?:"
    r"wir (?:und unsere|verwenden|nutzen|setzen|verarbeiten|benötigen)\b[^.]{0,80}?(?:partner|cookies"
    r"|tracking|daten|zustimmung|einwilligung|technologien)"
    r"|(?-i:Ihre|Deine|deine) (?:einwilligung|zustimmung|cookie-einstellungen|privatsphäre|auswahl)\b"
    r"|(?:alle |cookies )?akzeptieren\b|alle ablehnen|zustimmen und weiter|einwilligung widerrufen|jederzeit widerrufen"
    r"|mit werbung (?:weiterlesen|lesen|und cookies|nutzen)|(?:besuchen|nutzen"
    r"|lesen) sie [\w.]+ (?:wie gewohnt )?mit (?:werbung|tracking|cookies)"
    r"|informationen auf (?:einem|ihrem) gerät|personalisierte (?:anzeigen|werbung|inhalte)"
    r"|messung von (?:anzeigen|werbeleistung|inhalten)"
    r"|cookie-(?:richtlinie|hinweis|einstellungen)|diese (?:website|webseite|seite) (?:verwendet|nutzt|benutzt) cookies"
    r"|einsatz von cookies|verwendung von cookies|speicherung von cookies|cookies (?:zulassen|ablehnen"
    r"|und tracking)|werbefrei(?:er)? (?:lesen|nutzen|abo|für)|pur-abo"
    r"|ohne (?:werbe)?tracking|fremdbanner"
    r"|details zu (?:werbe|tracking)|datenschutzerklärung|datenschutz-einstellungen|privacy center"
    r"|nutzung(?:s|) von tracking"
    r"|we (?:and our partners|use cookies)|accept all|manage (?:preferences|cookies|consent)"
    r")",
    re.IGNORECASE,
)
_PITCH_WORDS: Final = (
    "abo",
    "weiter",
    "regist",
    "gratis",
    "kostenlos",
    "freischalten",
    "zugang",
    "zugriff",
    "exklusiv",
    "loggen",
    "kündbar",
    "plus",
    "premium",
    "testen",
    "für nur",
    "nur für",
    "nur mit",
)
_CONSENT_WORDS: Final = (
    "cookie",
    "einwilligung",
    "zustimm",
    "tracking",
    "akzeptieren",
    "ablehnen",
    "widerrufen",
    "personalisiert",
    "partner",
    "datenschutz",
    "messung von",
    "auf einem gerät",
    "auf ihrem gerät",
    "werbe",
    "werbung",
    "pur-abo",
    "privacy",
    "accept",
    "privatsphäre",
    "ihre auswahl",
)
"""One of these stands in every phrase above: a look that costs a hundredth of the patterns."""
_ADDRESSED: Final = re.compile(r"\b(?:Sie|Ihre?[nmrs]?|[Ww]ir|[Uu]nsere?[nmr]?|[Dd]eine?[nmr]?|[Dd]u|[Ww]e|our|your)\b")
_REPORTED: Final = re.compile(r"\b(?:sagte|teilte|erklärte|hieß es|betonte|kritisierte|urteilte|entschied)\b")
_SHORT_CONSENT: Final = 60
STUB_LENGTH: Final = 900
"""Less running text than this beside a pitch for a subscription is a stub, not an article."""
_LONGEST_PITCH: Final = 500
_SHORT_OFFER: Final = 6


def is_pitch(line: str) -> bool:
    """Does the line ask its reader for a subscription or a login?"""
    if len(line) > _LONGEST_PITCH or not _holds(line, _PITCH_WORDS):
        return False
    return _PITCH.search(line) is not None or (len(line.split()) <= _SHORT_OFFER and is_offer(line))


def is_offer(line: str) -> bool:
    """Does the line name terms of a subscription? Beside a pitch it is part of it; alone it may be a report on one."""
    return len(line) <= _LONGEST_PITCH and _holds(line, _PITCH_WORDS) and _OFFER.search(line) is not None


def cuts_short(line: str) -> bool:
    """Does a pitch say that the article goes on behind it?"""
    return _CUT_SHORT.search(line) is not None


def breaks_off(paragraph: str) -> bool:
    """Does the last paragraph end in dots or in "weiterlesen"?"""
    return _BREAKS_OFF.search(paragraph[-40:]) is not None


def is_consent(line: str) -> bool:
    """Does the paragraph ask for consent to cookies? Two of the usual phrases, or one in a short line."""
    if not _holds(line[:3000], _CONSENT_WORDS):
        return False
    if len(line) > _SHORT_CONSENT and (not _ADDRESSED.search(line) or _REPORTED.search(line)):
        return False
    found = len({match.group().lower()[:14] for match in _COOKIE.finditer(line[:3000])})
    return found >= 2 or (found == 1 and len(line) <= _SHORT_CONSENT and len(line.split()) <= 6)


def _holds(line: str, words: tuple[str, ...]) -> bool:
    lowered = line.lower()
    return any(word in lowered for word in words)
