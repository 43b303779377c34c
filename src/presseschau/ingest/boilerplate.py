"""Lines of a page that belong to no article: advertising, newsletter, sharing, embedded content, navigation."""

from __future__ import annotations

import re
from typing import Final

_TRIM: Final = " \t.:;!?…»«›‹>→↓|*+-–—•#[](){}/\\\"„“"

_LINES: Final = frozenset(
    line.strip()
    for line in """
    anzeige | anzeigen | werbung | advertisement | advertorial | sponsored | gesponsert | ad | anzeige scrollen sie weiter
    newsletter | zum newsletter | newsletter abonnieren | jetzt newsletter abonnieren | hier zum newsletter anmelden | mehr zum newsletter
    empfohlener redaktioneller inhalt | empfohlener externer inhalt | externer inhalt | externe inhalte | externe inhalte anzeigen
    redaktionell empfohlener inhalt | redaktionelle empfehlung | drittanbieter-inhalte | inhalt laden | inhalte laden | video laden
    teilen | artikel teilen | auf facebook teilen | auf twitter teilen | auf x teilen | per e-mail teilen | per mail teilen | e-mail | whatsapp
    facebook | twitter | telegram | xing | linkedin | pinterest | instagram | link kopieren | kopieren | drucken | artikel drucken | merken
    artikel merken | speichern | auf die merkliste | zur merkliste | merkliste | feedback | feedback geben | kommentieren | kommentare
    kommentar verfassen | kommentare anzeigen | alle kommentare | zu den kommentaren | jetzt kommentieren | diskutieren sie mit
    startseite | zur startseite | zurück zur startseite | home | menü | menu | suche | suchen | navigation | zum inhalt springen
    zum hauptinhalt springen | direkt zum inhalt | zur navigation | anmelden | login | einloggen | abmelden | registrieren | konto | mein konto
    abo | abonnieren | jetzt abonnieren | e-paper | epaper | impressum | datenschutz | datenschutzerklärung | datenschutzeinstellungen | agb
    nutzungsbedingungen | kontakt | über uns | hilfe | mediadaten | cookie-einstellungen | privacy-einstellungen | bild vergrößern
    vollbild | vollbildmodus | bild in neuem fenster öffnen | nach oben | zum seitenanfang | zurück | weiter | vorherige seite | nächste seite
    artikel anhören | artikel vorlesen | vorlesen | anhören | audio | video | bildergalerie | fotostrecke | galerie | zur galerie | zur fotostrecke
    schlagworte | schlagwörter | tags | themen | themen in diesem artikel | ihre meinung | leserkommentare | forum | mehr anzeigen | alle anzeigen
    quelle anzeigen | schließen | ausblenden | einblenden | mehr erfahren | jetzt testen | jetzt lesen | hier klicken | hier geht's weiter
    kommentare laden | loading | wird geladen | lädt | javascript aktivieren | google news | bei google news folgen | auf google news folgen
    unsere apps | app herunterladen | eilmeldungen abonnieren | push-nachrichten | rss | rss-feed | zum live-ticker | zum liveticker
    zum livestream | jetzt live | zum video | video ansehen | video abspielen | wetter | horoskop | rätsel | gewinnspiel | sudoku
    lesezeichen | ressorts | rubriken | politik inland | aktualisieren | jetzt aktualisieren | neu laden | inhaltsverzeichnis | inhalt
    """.replace("\n", "|").split("|")
    if line.strip()
)

_STARTS: Final = re.compile(
    r"(?:"
    r"An dieser Stelle (?:finden Sie|findest du|befindet sich|steht|wird)[^.]{0,60}(?:extern|Inhalt|Video|Karte|Tweet|Post|Drittanbieter)"
    r"|(?:Hier|Dort) (?:finden Sie|findest [Dd]u|sehen Sie|können Sie)[^.]{0,40}(?:externen? Inhalt|Inhalte? (?:von|aus))"
    r"|(?:Ich bin|Sie sind|Sie erklären sich) (?:damit )?einverstanden, dass"
    r"|(?:Damit|Dadurch|Hiermit) (?:können|werden) personenbezogene Daten"
    r"|(?:Mehr|Weitere Informationen) dazu (?:finden Sie )?in (?:unserer|der) Datenschutz"
    r"|Sie können den (?:Tweet|Beitrag|Post) nicht sehen|Zum Anzeigen (?:dieses|des) (?:Inhalts|Videos|Posts)|Aus Datenschutzgründen"
    r"|(?:Wir benötigen|Dieser Inhalt benötigt|Mit Ihrer) (?:Ihre )?(?:Zustimmung|Einwilligung)"
    r"|(?:Um|Zum) [^.]{0,60}(?:sehen|anzeigen|darstellen) zu können, (?:benötigen|brauchen) wir"
    r"|Bitte (?:aktivieren Sie|aktiviere) (?:JavaScript|Javascript|Cookies)|(?:Ihr|Dein) Browser unterstützt"
    r"|(?:Jetzt |Hier )?(?:[Mm]elden Sie sich|[Mm]elde dich)[^.]{0,60}(?:[Nn]ewsletter|an\b)"
    r"|(?:Abonnieren Sie|Abonniere|Bestellen Sie|Erhalten Sie|Jetzt)[^.]{0,60}(?:[Nn]ewsletter|Push-Nachricht|WhatsApp-Kanal|Podcast)"
    r"|[^.]{0,60}[Nn]ewsletter (?:abonnieren|bestellen|anmelden)|Unser(?:e[nm]?)? (?:[\w-]+ )?[Nn]ewsletter\b"
    r"|(?:Folgen|Besuchen) Sie uns|Folge uns|(?:Sie finden|Finden Sie|Du findest) uns (?:auch )?(?:auf|bei)"
    r"|(?:Diskutieren Sie|Diskutiere|Schreiben Sie uns|Was denken Sie|Ihre Meinung ist)[^.]{0,80}(?:[Kk]ommentar|[Ff]orum|uns|gefragt)"
    r"|(?:Hat|Gefällt) (?:Ihnen|dir) (?:der|dieser) (?:Artikel|Beitrag)|War (?:dieser|der) Artikel hilfreich"
    r"|(?:Laden Sie|Lade) (?:sich )?(?:jetzt )?(?:die|unsere) [^.]{0,30}App"
    r"|Für (?:die Inhalte externer|den Inhalt)|Dieser (?:Artikel|Text) wurde (?:maschinell|automatisch)"
    r"|(?:Bild|Foto) (?:vergrößern|in Lightbox)|Icon: |Icon vergrößern|(?:Video|Audio) (?:nicht verfügbar|starten|wird geladen)"
    r"|Zum (?:Artikel|Thema|Dossier|Live-?[Tt]icker)\s*:|Artikel (?:anhören|vorlesen)|Diesen Artikel (?:anhören|vorlesen)"
    r"|Der Artikel wird vorgelesen|(?:Die )?(?:Wiedergabe|Vorlesefunktion)|(?:\d+ )?Kommentare? (?:lesen|schreiben|anzeigen)"
    r"|(?:©|\(c\)|Copyright)[^.]{0,80}Alle Rechte vorbehalten|Alle Rechte vorbehalten|Nachdruck[^.]{0,40}(?:verboten|nur mit)"
    r"|Als Amazon-Partner|Die mit [^.]{0,40}gekennzeichneten Links|\*\s?(?:Affiliate|Anzeige|Werbe)"
    r"|Startseite\s*[>»›/|]|Sie (?:sind|befinden sich) hier\s*:|Du bist hier\s*:"
    r"|(?:Schlagworte|Schlagwörter|Tags|Themen|Stichwörter|Mehr zu den Themen|Keywords)\s*:\s*\S"
    r"|(?:Lesezeit|Lesedauer)\s*:?\s*(?:ca\.\s*)?\d+"
    r"|\d+ (?:Kommentare?|Min\.? Lesezeit|Postings?)$"
    r")",
)
_LONGEST: Final = 400


def is_boilerplate(line: str) -> bool:
    """Is the whole line furniture of the page? Longer text is never called so, nor a line that only mentions it."""
    if len(line) > _LONGEST:
        return False
    if len(line) <= 60 and line.strip(_TRIM).casefold() in _LINES:
        return True
    return _STARTS.match(line) is not None
