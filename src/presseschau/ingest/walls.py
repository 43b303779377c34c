"""Paywalls and cookie walls: what a page shows instead of an article."""

from __future__ import annotations

import re
from typing import Final

_PAYWALL: Final = re.compile(
    r"\b(?:"
    r"(?:Dieser|Der vollständige|Der ganze|Den vollständigen|Den ganzen) (?:Artikel|Text|Beitrag"
    r"|Inhalt)[^.]{0,50}(?:nur|exklusiv|Abo|Plus|kostenpflichtig|Abonnent)"
    r"|(?:nur|exklusiv) für (?:(?:unsere|registrierte|angemeldete|digitale) )?(?:Abonnent|Mitglieder|Nutzer"
    r"|Leser|Plus-|Premium)"
    r"|(?:Jetzt|Hier) (?:weiterlesen|freischalten)\b|(?:Artikel|Beitrag) (?:jetzt )?freischalten"
    r"|Weiterlesen mit\b|Mit [\w+-]+(?: [\w+-]+)? weiterlesen\b|Um (?:den Artikel )?(?:weiter\s?zu\s?lesen"
    r"|weiterlesen zu können)"
    r"|Sie (?:haben|sind) (?:bereits|schon) (?:ein(?:en)? )?(?:Abo|Zugang|Abonnent|registriert|Konto"
    r"|Digitalabo)|Bereits (?:Abonnent|registriert|Kunde|ein Abo)"
    r"|Schon Abonnent|Jetzt (?:Abo|Digitalabo|Probeabo|kostenlos registrieren|testen|abonnieren)"
    r"|Abo (?:abschließen|testen|wählen)"
    r"|(?:Monat|Monate|Wochen|Tage) (?:gratis|kostenlos|für nur|für \d|für 0)|(?:jederzeit"
    r"|monatlich) kündbar|Testen Sie [^.]{0,40}(?:Abo|Monat|Plus|Premium|kostenlos)"
    r"|(?:unbegrenzter?|vollen?|uneingeschränkter?) Zugang zu (?:allen|unseren)|Zugriff auf alle (?:Artikel"
    r"|Inhalte|Plus)"
    r"|Loggen Sie sich (?:bitte )?ein|Bitte (?:melden Sie sich an|loggen|registrieren)|Kostenlos registrieren und"
    r"|Artikel (?:nur )?mit (?:[\w+-]+-)?Abo|Plus-Artikel|(?:[\w]+\+|Plus|Premium)-(?:Artikel|Abo|Zugang|Inhalt)"
    r"|Wählen Sie (?:jetzt )?Ihr (?:Abo|Angebot)|Ihr (?:Abo|Zugang) [^.]{0,30}(?:gratis|kostenlos|Monat)"
    r"|Lesen Sie (?:diesen Artikel )?weiter mit"
    r")",
)
_CUT_SHORT: Final = re.compile(
    r"(?:der (?:weitere|restliche|vollständige) (?:Text|Artikel|Inhalt)"
    r"|um (?:den Artikel )?weiter\s?zu\s?lesen|(?:nur|exklusiv) für [^.]{0,30}(?:abonnent|mitglied|plus"
    r"|premium)|jetzt weiterlesen|mit [\w+-]+ weiterlesen)",
    re.IGNORECASE,
)
_COOKIE: Final = re.compile(
    r"(?:"
    r"wir (?:und unsere|verwenden|nutzen|setzen|verarbeiten|benötigen)\b[^.]{0,80}?(?:partner|cookies"
    r"|tracking|daten|zustimmung|einwilligung|technologien)"
    r"|(?:ihre|deine) (?:einwilligung|zustimmung|cookie-einstellungen|privatsphäre|auswahl)\b"
    r"|(?:alle |cookies )?akzeptieren\b|alle ablehnen|zustimmen und weiter|einwilligung widerrufen|jederzeit widerrufen"
    r"|mit werbung (?:weiterlesen|lesen|und cookies|nutzen)|(?:besuchen|nutzen"
    r"|lesen) sie [\w.]+ (?:wie gewohnt )?mit (?:werbung|tracking|cookies)"
    r"|informationen auf (?:einem|ihrem) gerät|personalisierte (?:anzeigen|werbung|inhalte)"
    r"|messung von (?:anzeigen|werbeleistung|inhalten)"
    r"|cookie-(?:richtlinie|hinweis|einstellungen)|diese (?:website|webseite|seite) (?:verwendet|nutzt|benutzt) cookies"
    r"|einsatz von cookies|verwendung von cookies|speicherung von cookies|cookies (?:zulassen|ablehnen"
    r"|und tracking)|werbefrei(?:er)? (?:lesen|nutzen|abo|für)|pur-abo"
    r"|details zu (?:werbe|tracking)|datenschutzerklärung|datenschutz-einstellungen|privacy center"
    r"|nutzung(?:s|) von tracking"
    r"|we (?:and our partners|use cookies)|accept all|manage (?:preferences|cookies|consent)"
    r")",
    re.IGNORECASE,
)
_PITCH_WORDS: Final = (
    "abo", "weiter", "regist", "gratis", "kostenlos", "freischalten", "zugang", "zugriff", "exklusiv", "loggen",
    "kündbar", "plus", "premium", "testen", "für nur", "nur für", "nur mit",
)
_CONSENT_WORDS: Final = (
    "cookie", "einwilligung", "zustimm", "tracking", "akzeptieren", "ablehnen", "widerrufen", "personalisiert",
    "partner", "datenschutz", "messung von", "auf einem gerät", "auf ihrem gerät", "werbe", "werbung",
    "pur-abo", "privacy", "accept", "privatsphäre", "ihre auswahl",
)
"""One of these stands in every phrase above: a look that costs a hundredth of the patterns."""
STUB_LENGTH: Final = 900
"""Less running text than this beside a pitch for a subscription is a stub, not an article."""
_LONGEST_PITCH: Final = 500


def is_pitch(line: str) -> bool:
    """Does the line sell a subscription or ask for a login?"""
    if len(line) > _LONGEST_PITCH or not _holds(line, _PITCH_WORDS):
        return False
    return _PAYWALL.search(line) is not None


def cuts_short(line: str) -> bool:
    """Does a pitch say that the article goes on behind it?"""
    return _CUT_SHORT.search(line) is not None


def is_consent(line: str) -> bool:
    """Does the paragraph ask for consent to cookies? Two of the usual phrases, or one in a short line."""
    if not _holds(line[:3000], _CONSENT_WORDS):
        return False
    found = len({match.group().lower()[:14] for match in _COOKIE.finditer(line[:3000])})
    return found >= 2 or (found == 1 and len(line) <= 60 and len(line.split()) <= 6)


def _holds(line: str, words: tuple[str, ...]) -> bool:
    lowered = line.lower()
    return any(word in lowered for word in words)
