"""Lines of a page that belong to no article: advertising, newsletter, sharing, embedded content, navigation."""

from __future__ import annotations

import re
from typing import Final

from presseschau.lang import listed

_TRIM: Final = ' \t.:;!?…»«›‹>→↓|*+-–—•#[](){}/\\"„“'

_STARTS: Final = re.compile(
    r"(?:"
    r"An dieser Stelle (?:finden Sie|findest du|befindet sich|steht|wird)[^.]{0,60}(?:extern|Inhalt|Video"
    r"|Karte|Tweet|Post|Drittanbieter)"
    r"|(?:Hier|Dort) (?:finden Sie|findest [Dd]u|sehen Sie|können Sie)[^.]{0,40}(?:externen? Inhalt"
    r"|Inhalte? (?:von|aus))"
    r"|(?:Ich bin|Sie sind|Sie erklären sich) (?:damit )?einverstanden, dass"
    r"|(?:Damit|Dadurch|Hiermit) (?:können|werden) personenbezogene Daten"
    r"|(?:Mehr|Weitere Informationen) dazu (?:finden Sie )?in (?:unserer|der) Datenschutz"
    r"|Sie können den (?:Tweet|Beitrag|Post) nicht sehen|Zum Anzeigen (?:dieses|des) (?:Inhalts|Videos"
    r"|Posts)|Aus Datenschutzgründen"
    r"|(?:Wir benötigen|Dieser Inhalt benötigt|Mit Ihrer) (?:Ihre )?(?:Zustimmung|Einwilligung)"
    r"|(?:Um|Zum) [^.]{0,60}(?:sehen|anzeigen|darstellen) zu können, (?:benötigen|brauchen) wir"
    r"|Bitte (?:aktivieren Sie|aktiviere) (?:JavaScript|Javascript|Cookies)|(?:Ihr|Dein) Browser unterstützt"
    r"|(?:Jetzt |Hier )?(?:[Mm]elden Sie sich|[Mm]elde dich)[^.]{0,60}(?:[Nn]ewsletter|an\b)"
    r"|(?:Abonnieren Sie|Abonniere|Bestellen Sie|Erhalten Sie|Jetzt)[^.]{0,60}(?:[Nn]ewsletter"
    r"|Push-Nachricht|WhatsApp-Kanal|Podcast)"
    r"|[^.!?]{0,120}[Jj]etzt (?:kostenlos |gratis )?(?:anmelden|abonnieren|bestellen|registrieren)\s*[!.]?$"
    r"|[^.]{0,60}[Nn]ewsletter (?:abonnieren|bestellen|anmelden)|Unser(?:e[nm]?)? (?:[\w-]+ )?[Nn]ewsletter\b"
    r"|(?:Folgen|Besuchen) Sie uns|Folge uns|(?:Sie finden|Finden Sie|Du findest) uns (?:auch )?(?:auf|bei)"
    r"|(?:Diskutieren Sie|Diskutiere|Schreiben Sie uns|Was denken Sie"
    r"|Ihre Meinung ist)[^.]{0,80}(?:[Kk]ommentar|[Ff]orum|uns|gefragt)"
    r"|(?:Falls|Sollte|Wenn) (?:[Dd]iese|Ihre|[Dd]er|[Dd]ieser) (?:E-?Mail|Newsletter) nicht (?:richtig|korrekt)"
    r"|(?:(?:Hat|Gefällt) (?:Ihnen|dir)|(?:Ihnen|[Dd]ir) gefällt) (?:der|dieser) (?:Artikel|Beitrag|Newsletter)"
    r"|War (?:dieser|der) Artikel hilfreich"
    r"|(?:Laden Sie|Lade) [^.]{0,60}App\b"
    r"|Für (?:die Inhalte externer|den Inhalt)|Diese[rs]? (?:Artikel|Text|Beitrag|Audioversion) wurde"
    r" (?:maschinell|automatisch|künstlich|aus dem Archiv)"
    r"|(?:Bild|Foto) (?:vergrößern|in Lightbox)|Icon: |Icon vergrößern|(?:Video|Audio) (?:nicht verfügbar"
    r"|starten|wird geladen)"
    r"|Zum (?:Artikel|Thema|Dossier|Live-?[Tt]icker)\s*:|Artikel (?:anhören|vorlesen)"
    r"|Diesen Artikel (?:anhören|vorlesen)"
    r"|Der Artikel wird vorgelesen|(?:Die )?(?:Wiedergabe|Vorlesefunktion)|(?:\d+ )?Kommentare? (?:lesen"
    r"|schreiben|anzeigen)"
    r"|(?:©|\(c\)|Copyright).{0,80}Alle Rechte vorbehalten|Alle Rechte vorbehalten"
    r"|Nachdruck[^.]{0,40}(?:verboten|nur mit)"
    r"|Als Amazon-Partner|Die mit [^.]{0,40}gekennzeichneten Links|\*\s?(?:Affiliate|Anzeige|Werbe)"
    r"|(?:Startseite|Home)\s*[>»›/|]|Sie (?:sind|befinden sich) hier\s*:|Du bist hier\s*:"
    r"|(?:Schlagworte|Schlagwörter|Tags|Themen|Stichwörter|Mehr zu den Themen|Keywords)\s*:\s*\S"
    r"|Dieses Thema im Programm|Über dieses Thema berichtete|Original-Content von\s*:|Dieser Artikel ist zuerst "
    r"|Das Original zu diesem Beitrag|(?:Sie wollen|Du willst|Wollen Sie) (?:stets |immer )?auf dem Laufenden bleiben"
    r"|ISIN\s+[A-Z]{2}\w{10}"
    r"|(?:Bild |Foto )?\d{1,3}\s*(?:/|von)\s*\d{1,3}$"
    r"|(?:Lesezeit|Lesedauer)\s*:?\s*(?:ca\.\s*)?\d+"
    r"|[\w.+-]+@[\w.-]+\.\w{2,}$"
    r"|\d+ (?:Kommentare?|Min\.? Lesezeit|Postings?)$"
    r")",
)
_LONGEST: Final = 400


def is_boilerplate(line: str) -> bool:
    """Is the whole line furniture of the page? Longer text is never called so, nor a line that only mentions it."""
    if len(line) > _LONGEST:
        return False
    known = listed("de", "boilerplate")
    entries = (entry.strip(_TRIM).casefold() for entry in line.split(" | "))
    return all(entry in known for entry in entries) or _STARTS.match(line) is not None
